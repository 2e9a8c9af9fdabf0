using System.Text.Json;
using Son1kVers3.Stealth.Dialects;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;
using Son1kVers3.Stealth.Secrets;
using Yarp.ReverseProxy.Forwarder;

namespace Son1kVers3.Stealth.Egress;

/// <summary>What one attempt came to.</summary>
/// <param name="Answered">The caller has its answer, or a part of it; nothing more can be done for it.</param>
/// <param name="Error">Null for success, and when the caller left.</param>
/// <param name="Sent">Whether the provider may have got the request.</param>
/// <param name="ByProxy">The account's proxy is at fault.</param>
internal sealed record AttemptResult(bool Answered, ErrorClass? Error, string Reason, ProviderAnswer? Answer, TimeSpan Duration, bool Sent = true, bool ByProxy = false)
{
    /// <summary>The caller left, or its own body failed: says nothing of the account.</summary>
    public bool IsCallersDoing { get; init; }

    /// <summary>Its key was refused, and the account has another.</summary>
    public bool RetrySameAccount { get; init; }

    /// <summary>The account's address is not allowed.</summary>
    public bool IsRefused { get; init; }
}

/// <summary>Sends a request once, through one account.</summary>
internal sealed class Attempts(IHttpForwarder forwarder, EgressConnections connections, SecretBox box, TimeProvider clock)
{
    /// <summary>Sends it; the answer is passed on unless it is an error that <paramref name="mayRetry"/> wants to answer by another attempt.</summary>
    public async Task<AttemptResult> RunAsync(
        HttpContext http, EgressCall call, ReplayBody body, Account? account, AccountKey? key, Proxy? proxy, DateTimeOffset deadline, Func<ErrorClass, bool> mayRetry)
    {
        var begun = clock.GetTimestamp();
        var placement = key is null || call.ResultHost is not null ? null : call.Provider.Dialect.Placement;
        var secret = placement is null ? "" : box.Open(key!.Secret, key.Id);
        try
        {
            if (placement is { In: SecretPart.Body })
                body.RewindWith(http, placement.Name, placement.Fill(secret));
            else
                body.Rewind(http);
        }
        catch (JsonException e)
        {
            return new AttemptResult(false, ErrorClass.InvalidRequest, e.Message, null, TimeSpan.Zero, Sent: false);
        }

        using var late = new CancellationTokenSource(Positive(deadline - clock.GetUtcNow()), clock);
        var transformer = new EgressTransformer(call, call.AddressFor(account), call.Provider.Dialect, placement, secret, mayRetry)
        {
            // A stream may last longer than its beginning may take.
            Begun = () => late.CancelAfter(Timeout.InfiniteTimeSpan),
        };
        var idle = call.AttemptTimeout ?? TimeSpan.FromMinutes(10);
        var pool = connections.For(account, proxy, call.Provider.Settings.AllowPrivateHosts);
        var outcome = await forwarder.SendAsync(
            http, "http://unused/", pool, new ForwarderRequestConfig { ActivityTimeout = Positive(idle), VersionPolicy = HttpVersionPolicy.RequestVersionOrLower }, transformer, late.Token);
        var duration = clock.GetElapsedTime(begun);
        if (outcome == ForwarderError.None)
        {
            // The forwarder has set the status of an answer that was kept back, too; another attempt wants a clean one.
            if (transformer.IsKeptBack)
                http.Response.Clear();
            return new AttemptResult(!transformer.IsKeptBack, transformer.Error, ReasonOf(transformer), transformer.Answer, duration);
        }

        return Failed(http, outcome, late.IsCancellationRequested, duration);
    }

    private static AttemptResult Failed(HttpContext http, ForwarderError outcome, bool isLate, TimeSpan duration)
    {
        var exception = http.GetForwarderErrorFeature()?.Exception;
        var started = http.Response.HasStarted;
        if (!started)
            http.Response.Clear();
        var causes = Causes(exception).ToList();
        var isCallers = http.RequestAborted.IsCancellationRequested
            || outcome is ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient;
        var connecting = causes.OfType<HttpRequestException>().Any(e => e.HttpRequestError
            is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
        var byProxy = causes.Any(c => c is ProxyFailedException or HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError });
        // Only types are named: messages of exceptions may hold what was sent.
        var reason = isLate || outcome is ForwarderError.RequestTimedOut ? "it did not answer in time"
            : byProxy ? "its proxy does not work" : connecting ? "it can't be connected to" : $"the connection broke ({outcome})";
        return new AttemptResult(started, isCallers ? null : ErrorClass.Transient, reason, null, duration, Sent: !connecting, ByProxy: byProxy)
        {
            IsCallersDoing = isCallers,
            IsRefused = causes.OfType<AddressRefusedException>().Any(),
        };
    }

    private static IEnumerable<Exception> Causes(Exception? exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    private static string ReasonOf(EgressTransformer transformer) =>
        transformer.Error is null ? "" : $"{transformer.Error.Value.Name()}: it answered {transformer.Answer!.Status}";

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.FromMilliseconds(1) ? time : TimeSpan.FromMilliseconds(1);
}
