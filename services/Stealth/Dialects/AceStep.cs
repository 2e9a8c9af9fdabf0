using System.Text.Json;
using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Dialects;

/// <summary>ACE-Step 1.5 on the operator's own servers: every account is a server, every answer an envelope whose status counts for more than HTTP's.</summary>
internal sealed class AceStep : Dialect
{
    public override string Name => "ace-step";
    public override Uri? BaseAddress => null;
    public override IReadOnlyList<string> PathPrefixes { get; } = ["/release_task", "/query_result", "/v1/", "/health", "/format_input"];
    public override bool SelfHosted => true;

    public override ErrorClass? Classify(ProviderAnswer answer)
    {
        if (answer.Number("code") is { } code && code != 200)
            return OfStatus(code) is { } error ? Queue(answer, error) : ErrorClass.Transient;
        if (answer.Json is { ValueKind: JsonValueKind.Object } envelope
            && envelope.TryGetProperty("error", out var reason) && reason.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            return OfStatus(answer.Status) ?? ErrorClass.Transient;
        return OfStatus(answer.Status) is { } status ? Queue(answer, status) : null;
    }

    // The server has no rate limit but the length of its queue.
    private static ErrorClass Queue(ProviderAnswer answer, ErrorClass error) =>
        error == ErrorClass.RateLimited || (error == ErrorClass.Transient && answer.Mentions("queue is full", "queue full")) ? ErrorClass.ConcurrencyLimited : error;
}
