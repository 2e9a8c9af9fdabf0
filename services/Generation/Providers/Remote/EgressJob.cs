using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Son1kVers3.ServiceDefaults.Auth;

namespace Son1kVers3.Generation.Providers.Remote;

/// <summary>The calls of one job at a service elsewhere, through stealth's egress and, where asked for, on one account.</summary>
/// <param name="lease">Of the worker that began the job. The first call takes it over: whatever that worker still sends is refused then.</param>
internal sealed class EgressJob(HttpClient http, string provider, bool needsLease, string? lease = null) : IAsyncDisposable
{
    public const string ClientName = "egress";
    private const string LeaseHeader = "X-Stealth-Lease";
    private const string HostHeader = "X-Stealth-Host";
    private const string ErrorHeader = "X-Stealth-Error";
    private const long LargestSound = 256 << 20;
    private static readonly TimeSpan GiveBack = TimeSpan.FromSeconds(5);
    private string? _lease = lease;
    private bool _isAnothers = lease is not null;

    /// <summary>What keeps the job on its account, once it has begun.</summary>
    public string? Lease => _lease;

    /// <summary>Sends JSON, and reads JSON.</summary>
    public async Task<JsonNode> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        using var answer = await SendAsync(method, path, content, cancellationToken);
        return await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken)
            ?? throw new ProviderException(ProviderError.Transient, $"{provider} answered null.");
    }

    /// <summary>Sends a request whose answer is judged; the caller disposes of it.</summary>
    /// <exception cref="ProviderException">The answer is an error, by stealth's judgement or by its status.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken, string? host = null, string? accept = null)
    {
        if (_isAnothers)
            await TakeOverAsync(cancellationToken);
        using var request = new HttpRequestMessage(method, $"/egress/{provider}{path}") { Content = content };
        if (_lease is not null || needsLease)
            request.Headers.Add(LeaseHeader, _lease ?? $"new; ttl={RemoteProvider.Deadline.TotalSeconds:0}");
        if (host is not null)
            request.Headers.Add(HostHeader, host);
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        request.Headers.Add("X-Stealth-Timeout", $"{RemoteProvider.Deadline.TotalSeconds:0}");
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.Headers.TryGetValues(LeaseHeader, out var leases))
            _lease = leases.First();
        var error = ErrorOf(answer);
        if (error is null)
            return answer;
        using (answer)
            throw IsFenced(answer) ? new RemoteFailure(error.Value, $"Another worker follows this job of {provider}.") : new ProviderException(error.Value, $"{provider} answered {(int)answer.StatusCode} to {method} {path.Split('?')[0]}.");
    }

    /// <summary>Writes the sound at an address to a file: a path of the service's, or a whole address on one of its hosts.</summary>
    public async Task DownloadAsync(string address, string path, CancellationToken cancellationToken)
    {
        var (target, host) = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
            ? (uri.PathAndQuery, uri.Authority)
            : (address, null);
        using var answer = await SendAsync(HttpMethod.Get, target, null, cancellationToken, host);
        await SaveAsync(answer, path, cancellationToken);
    }

    /// <summary>Writes an answer's body to a file.</summary>
    public static async Task SaveAsync(HttpResponseMessage answer, string path, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[1 << 16];
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            if (file.Length > LargestSound)
                throw new ProviderException(ProviderError.Transient, "The result is larger than any song.");
        }
    }

    /// <summary>Gives the account's slot back. If that fails, the lease runs out by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_lease is null)
            return;
        using var soon = new CancellationTokenSource(GiveBack);
        try
        {
            if (_isAnothers)
                await TakeOverAsync(soon.Token);
            using var _ = await http.DeleteAsync(new Uri($"/egress/leases/{_lease}", UriKind.Relative), soon.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ProviderException or JsonException)
        {
            // Nothing to mend: its time to live frees the slot.
        }

        _lease = null;
    }

    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsync(new Uri($"/egress/leases/{_lease}/take-over", UriKind.Relative), null, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            throw new AccountLost("The lease of the job is over.");
        answer.EnsureSuccessStatusCode();
        _lease = RemoteJson.Text(await RemoteJson.ReadAsync(answer, cancellationToken), "lease");
        _isAnothers = false;
    }

    private bool IsFenced(HttpResponseMessage answer) =>
        _lease is not null && answer.StatusCode == HttpStatusCode.Conflict && !answer.Headers.Contains(ErrorHeader);

    private static ProviderError? ErrorOf(HttpResponseMessage answer) =>
        (answer.Headers.TryGetValues(ErrorHeader, out var names) ? names.First() : null) switch
        {
            "rate-limited" => ProviderError.RateLimited,
            "concurrency-limited" => ProviderError.ConcurrencyLimited,
            "quota-exhausted" => ProviderError.QuotaExhausted,
            "unauthorized" => ProviderError.Unauthorized,
            "content-rejected" => ProviderError.ContentRejected,
            "invalid-request" => ProviderError.InvalidRequest,
            null => OfStatus((int)answer.StatusCode),
            _ => ProviderError.Transient,
        };

    // Without stealth's judgement it is stealth that refused: no account has room, is there, or the lease is lost. None of it is the request's doing.
    private static ProviderError? OfStatus(int status) => status switch
    {
        < 300 => null,
        429 or 503 => ProviderError.RateLimited,
        _ => ProviderError.Transient,
    };
}
