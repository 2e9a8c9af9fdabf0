using Son1kVers3.Pool.Tracks;

namespace Son1kVers3.Pool.Contributions;

/// <summary>When a contributed track may give its place to another one.</summary>
internal static class SwapRule
{
    /// <summary>Counted from the contribution, which a swap does not renew.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>One sentence that says why not, or null. The problem is <c>swap-too-late</c> for all of them.</summary>
    public static string? Refusal(Candidate old, Candidate other, DateTimeOffset now) => (old, other) switch
    {
        ({ Claimed: true }, _) => "Somebody has claimed the track; it stays.",
        _ when now - old.ContributedAt > Window => "A track can be swapped within 24 hours of its contribution.",
        _ when Points.Of(other.Quality!.Value) < Points.Of(old.Quality!.Value) =>
        "Only a track of equal or higher quality can take its place.",
        _ => null,
    };
}
