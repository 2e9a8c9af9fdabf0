using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Dialects;

/// <summary>Stability Stable Audio: 403 is its moderation, and one key at a time is its rule.</summary>
internal sealed class Stability : Dialect
{
    public override string Name => "stability";
    public override Uri? BaseAddress { get; } = new("https://api.stability.ai");
    public override IReadOnlyList<string> PathPrefixes { get; } = ["/v2beta/audio/", "/v1/user/"];
    public override bool SingleKeyPerAccount => true;

    public override ErrorClass? Classify(ProviderAnswer answer) => answer.Status switch
    {
        403 when answer.Mentions("invalid key", "api key", "permission", "unauthorized") && answer.String("name") != "content_moderation" => ErrorClass.Unauthorized,
        403 => ErrorClass.ContentRejected,
        _ => OfStatus(answer.Status),
    };
}
