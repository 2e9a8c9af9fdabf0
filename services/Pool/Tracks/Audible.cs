namespace Son1kVers3.Pool.Tracks;

/// <summary>Who may hear a track, as a condition on the table <c>tracks</c>.</summary>
internal static class Audible
{
    /// <summary>
    /// A finished track that is public, unlisted or contributed, or the caller's own. Out of sight it is there for nobody, but for the
    /// member who claimed it, and for that one neither when it was taken down as illegal.
    /// </summary>
    /// <param name="caller">The parameter that holds the caller's id, for example <c>$1</c>.</param>
    public static string To(string caller) =>
        $"""
        (completed_at IS NOT NULL AND NOT deleted AND CASE
            WHEN hidden THEN claimed_by = {caller} AND hidden_reason IS DISTINCT FROM '{Contracts.ModerateTrack.Illegal}'
            ELSE contributed_at IS NOT NULL OR visibility IN ('Public', 'Unlisted') OR user_id = {caller} END)
        """;
}
