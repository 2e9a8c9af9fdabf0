using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Dialects;

/// <summary>fal.ai's queue.</summary>
internal sealed class Fal : Dialect
{
    public override string Name => "fal";
    public override Uri? BaseAddress { get; } = new("https://queue.fal.run");
    public override IReadOnlyList<string> PathPrefixes { get; } = ["/"];
    public override IReadOnlyList<string> ResultHosts { get; } = ["fal.media", "*.fal.media"];
    public override SecretPlacement Placement { get; } = new(SecretPart.Header, "Authorization", $"Key {SecretPlacement.Mark}");

    public override ErrorClass? Classify(ProviderAnswer answer) => answer.Status switch
    {
        401 or 403 when answer.Mentions("balance", "locked", "top up") => ErrorClass.QuotaExhausted,
        422 when answer.Mentions("content_policy_violation", "content policy") => ErrorClass.ContentRejected,
        429 when answer.Mentions("concurren") => ErrorClass.ConcurrencyLimited,
        _ => OfStatus(answer.Status),
    };
}
