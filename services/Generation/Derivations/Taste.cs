using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;

namespace Son1kVers3.Generation.Derivations;

/// <summary>What a member makes and works on, strongest first.</summary>
internal sealed record Taste(IReadOnlyList<Liking> Likings);

/// <summary>A genre among a member's latest tracks.</summary>
/// <param name="Weight">By number and age: a track counts half as much as one made fifteen tracks later.</param>
/// <param name="Tracks">How many of them are of this genre, or made from a piece of it.</param>
/// <param name="Tempo">Usual beats a minute.</param>
internal sealed record Liking(string Genre, double Weight, int Tracks, double? Tempo);

/// <summary>
/// Reads a member's taste from the last tracks: their genres, and those of the pieces that were remixed, extended or varied.
/// </summary>
internal sealed class TasteReader(GenerationDb db)
{
    /// <summary>The one statement; <c>{0}</c> is the member.</summary>
    internal const string Statement =
        """
        WITH last AS (
            SELECT id, genre, parent_id, plan, power(0.5, (row_number() OVER (ORDER BY id DESC) - 1) / 15.0) AS weight FROM (
                SELECT id, genre, parent_id, plan FROM tracks
                WHERE user_id = {0} AND deleted_at IS NULL AND status = 'completed' ORDER BY id DESC LIMIT 100) latest),
        liked AS (
            SELECT id, genre, weight, (plan->>'tempo')::float8 AS tempo FROM last
            UNION ALL
            SELECT last.id, parent.genre, last.weight, NULL FROM last JOIN tracks parent ON parent.id = last.parent_id)
        SELECT genre, sum(weight)::float8 AS weight, count(DISTINCT id)::int AS tracks,
            (sum(tempo * weight) / sum(weight) FILTER (WHERE tempo IS NOT NULL))::float8 AS tempo
        FROM liked WHERE genre IS NOT NULL GROUP BY genre ORDER BY 2 DESC, genre
        """;

    public async Task<Taste> ReadAsync(Guid user) => new(await db.Database.SqlQueryRaw<Liking>(Statement, user).ToListAsync());
}
