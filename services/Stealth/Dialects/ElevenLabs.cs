using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Dialects;

/// <summary>ElevenLabs Music: its 429 has two meanings, told apart by <c>detail.status</c>.</summary>
internal sealed class ElevenLabs : Dialect
{
    public override string Name => "elevenlabs";
    public override Uri? BaseAddress { get; } = new("https://api.elevenlabs.io");
    public override IReadOnlyList<string> PathPrefixes { get; } = ["/v1/music", "/v1/user", "/v1/models"];
    public override SecretPlacement Placement { get; } = new(SecretPart.Header, "xi-api-key");

    public override ErrorClass? Classify(ProviderAnswer answer) => answer.Status < 400 ? null : (answer.String("detail", "status") ?? answer.String("detail", "code")) switch
    {
        "invalid_api_key" or "missing_permissions" or "needs_authorization" => ErrorClass.Unauthorized,
        "quota_exceeded" or "insufficient_credits" => ErrorClass.QuotaExhausted,
        "too_many_concurrent_requests" => ErrorClass.ConcurrencyLimited,
        "system_busy" => ErrorClass.Transient,
        "max_character_limit_exceeded" => ErrorClass.InvalidRequest,
        "bad_prompt" or "bad_composition_plan" or "content_against_policy" => ErrorClass.ContentRejected,
        _ => OfStatus(answer.Status),
    };
}
