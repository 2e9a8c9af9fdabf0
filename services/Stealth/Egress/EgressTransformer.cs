using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.Stealth.Dialects;
using Son1kVers3.Stealth.Health;
using Yarp.ReverseProxy.Forwarder;

namespace Son1kVers3.Stealth.Egress;

/// <summary>One attempt's way out and back: what leaves is honest and carries the secret, what returns is judged before anything of it is passed on.</summary>
/// <param name="placement">Null for hosts that are reached without a secret.</param>
/// <param name="mayRetry">Whether an answer of this class is kept back, because the request will be sent again.</param>
internal sealed class EgressTransformer(EgressCall call, Uri address, Dialect dialect, SecretPlacement? placement, string secret, Func<ErrorClass, bool> mayRetry) : HttpTransformer
{
    /// <summary>Text bodies up to this are read before they are passed on: a failure may stand in them, or they may break off.</summary>
    private const int LargestJudged = 1 << 20;
    private const int FirstRead = 4095;
    private const string Prefix = "X-Stealth-";

    private static readonly string Agent = $"Son1kVers3/{typeof(EgressTransformer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0"}";

    // The caller's own affairs: who it is, how it came here, what it takes. Compressed answers could not be judged.
    private static readonly string[] Ours =
    [
        ServiceCredential.Header, "Authorization", "Cookie", "Forwarded", "Via", "Origin", "Referer", "traceparent", "tracestate", "baggage", "Request-Id",
        "Correlation-Context", "X-Api-Key", "User-Agent", "Accept-Encoding",
    ];

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);

    /// <summary>What the provider's answer means; null for success, or when there was none.</summary>
    public ErrorClass? Error { get; private set; }

    /// <summary>Nothing of the answer was passed on.</summary>
    public bool IsKeptBack { get; private set; }

    /// <summary>The answer as it was judged.</summary>
    public ProviderAnswer? Answer { get; private set; }

    /// <summary>Called when the answer is there and passed on: what follows is only its body.</summary>
    public Action? Begun { get; init; }

    public override async ValueTask TransformRequestAsync(HttpContext http, HttpRequestMessage request, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(http, request, destinationPrefix, cancellationToken);
        foreach (var name in Ours)
            request.Headers.Remove(name);
        foreach (var header in http.Request.Headers)
        {
            if (IsOurs(header.Key))
                request.Headers.Remove(header.Key);
        }

        request.Headers.TryAddWithoutValidation("User-Agent", Agent);
        request.Headers.Host = null;
        var query = http.Request.QueryString.Value ?? "";
        switch (placement)
        {
            case { In: SecretPart.Header }:
                request.Headers.Remove(placement.Name);
                request.Headers.TryAddWithoutValidation(placement.Name, placement.Fill(secret));
                break;
            case { In: SecretPart.Query }:
                query = WithParameter(http.Request.Query, placement.Name, placement.Fill(secret));
                break;
        }

        request.RequestUri = new Uri(address.AbsoluteUri.TrimEnd('/') + call.Path.ToUriComponent() + query);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext http, HttpResponseMessage? response, CancellationToken cancellationToken)
    {
        if (response is null)
            return await base.TransformResponseAsync(http, response, cancellationToken);
        var text = await ReadTextAsync(response, cancellationToken);
        Answer = new ProviderAnswer((int)response.StatusCode, name => HeaderOf(response, name), text);
        Error = placement is null && (int)response.StatusCode < 500 ? null : dialect.Classify(Answer);
        IsKeptBack = Error is { } error && mayRetry(error);
        if (IsKeptBack)
            return false;
        Redact(response.Headers);
        Redact(response.Content.Headers);
        response.Headers.Remove("Set-Cookie");
        await base.TransformResponseAsync(http, response, cancellationToken);
        if (Error is { } told)
            http.Response.Headers[$"{Prefix}Error"] = told.Name();
        Begun?.Invoke();
        return true;
    }

    private static bool IsOurs(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase);

    private static string WithParameter(IQueryCollection query, string name, string value)
    {
        var others = query.Where(q => q.Key != name).SelectMany(q => q.Value, (q, v) => KeyValuePair.Create(q.Key, v));
        return QueryHelpers.AddQueryString("", others.Append(KeyValuePair.Create(name, (string?)value)));
    }

    /// <summary>Reads a short text body, and leaves it in the answer; any other body is left to stream.</summary>
    private async Task<string?> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var content = response.Content;
        var type = content.Headers.ContentType?.MediaType ?? "";
        var isSound = type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || type is "application/octet-stream" or "application/zip" or "video/mp4";
        var isText = type is "application/json" or "application/problem+json" or "text/plain" or "text/html" || !response.IsSuccessStatusCode;
        if (isSound && response.IsSuccessStatusCode)
            return null;
        if (!isText || content.Headers.ContentLength > LargestJudged)
        {
            if (_secret.Length > 0)
                Replace(response, new StreamContent(new RedactingStream(await content.ReadAsStreamAsync(cancellationToken), _secret)));
            return null;
        }

        var stream = await content.ReadAsStreamAsync(cancellationToken);
        var (buffer, filled, ended) = await ReadAsync(stream, (int?)content.Headers.ContentLength ?? FirstRead, cancellationToken);
        if (!ended)
        {
            // Longer than it seemed: what was read goes first.
            var whole = new ConcatenatedStream(buffer[..filled], stream);
            Replace(response, new StreamContent(_secret.Length > 0 ? new RedactingStream(whole, _secret) : whole));
            return null;
        }

        RedactingStream.Redact(buffer.AsSpan(0, filled), _secret);
        Replace(response, new ByteArrayContent(buffer, 0, filled));
        return Encoding.UTF8.GetString(buffer, 0, filled);
    }

    /// <summary>Reads to the end, or to the largest size that is judged.</summary>
    private static async Task<(byte[] Buffer, int Filled, bool Ended)> ReadAsync(Stream stream, int expected, CancellationToken cancellationToken)
    {
        // One more than expected, so that the end is seen, and the connection goes back to its pool.
        var (buffer, filled) = (new byte[expected + 1], 0);
        while (filled < LargestJudged)
        {
            if (filled == buffer.Length)
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, LargestJudged));
            var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (read == 0)
                return (buffer, filled, true);
            filled += read;
        }

        return (buffer, filled, false);
    }

    private static void Replace(HttpResponseMessage response, HttpContent content)
    {
        foreach (var (name, values) in response.Content.Headers)
            content.Headers.TryAddWithoutValidation(name, values);
        response.Content = content;
    }

    private void Redact(HttpHeaders headers)
    {
        foreach (var (name, values) in headers.Where(h => secret.Length > 0 && h.Value.Any(v => v.Contains(secret, StringComparison.Ordinal))).ToList())
        {
            headers.Remove(name);
            headers.TryAddWithoutValidation(name, values.Select(v => v.Replace(secret, new string('*', secret.Length), StringComparison.Ordinal)));
        }
    }

    private static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? values.First() : null;
}
