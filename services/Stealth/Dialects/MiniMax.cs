using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Dialects;

/// <summary>MiniMax Music: HTTP 200 also on failure; <c>base_resp.status_code</c> says which.</summary>
internal sealed class MiniMax : Dialect
{
    public override string Name => "minimax";
    public override Uri? BaseAddress { get; } = new("https://api.minimax.io");
    public override IReadOnlyList<string> PathPrefixes { get; } = ["/v1/music_generation", "/v1/lyrics_generation", "/v1/query/", "/v1/files/"];

    public override ErrorClass? Classify(ProviderAnswer answer) => answer.Number("base_resp", "status_code") switch
    {
        null => OfStatus(answer.Status),
        0 => OfStatus(answer.Status),
        1002 or 1039 => ErrorClass.RateLimited,
        1041 => ErrorClass.ConcurrencyLimited,
        1004 or 2049 => ErrorClass.Unauthorized,
        1008 => ErrorClass.QuotaExhausted,
        1026 or 1027 => ErrorClass.ContentRejected,
        1042 or 2013 => ErrorClass.InvalidRequest,
        _ => ErrorClass.Transient,
    };
}
