using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;

namespace Son1kVers3.Pool.Tracks;

/// <summary>All that a card of a track is drawn from.</summary>
/// <param name="GenerationId">What the track is called by everywhere, also in this API.</param>
/// <param name="Tempo">Beats a minute.</param>
/// <param name="Palette">The five colours of its cover, <c>#RRGGBB</c>.</param>
/// <param name="Peaks">Its waveform in 64 numbers, 0–100.</param>
/// <param name="Points">What its contribution is worth: 1 standard, 2 high, 3 ultra.</param>
/// <param name="Mine">Whether the caller contributed it; null without sign-in, as are <c>liked</c> and <c>claimed</c>.</param>
/// <param name="Claimed">Whether the caller claimed it.</param>
/// <param name="Cover">Address of its cover; <c>size</c> may be 96, 320, 640 or 1024.</param>
/// <param name="Audio">Address of its sound, for everybody.</param>
internal record TrackCard(
    Guid GenerationId, string Title, Artist Artist, string Genre, string? Mood, double Tempo, string Key, double DurationSeconds,
    IReadOnlyList<string> Palette, IReadOnlyList<short> Peaks, Quality Quality, int Points, int Likes, long Plays,
    DateTimeOffset? ContributedAt,
    bool? Mine, bool? Liked, bool? Claimed, string Cover, string Audio)
{
    /// <summary>
    /// The columns of a card, from <c>tracks AS t</c> and <c>members AS m</c> (left joined); <paramref name="caller"/> is the parameter
    /// with the caller's id, or null. Whether the caller likes it is looked up track by track: a page has few, and a member may like
    /// thousands.
    /// </summary>
    public static string Columns(string caller) =>
        $"""
        t.generation_id, t.user_id, t.title, t.genre, t.mood, t.tempo, t.key, t.duration_seconds, t.palette, t.peaks, t.quality, t.points,
            t.likes, t.plays,
        t.contributed_at, t.claimed_by, m.username, m.display_name, m.alvae, m.border, m.deleted,
        EXISTS (SELECT FROM likes AS l WHERE l.generation_id = t.generation_id AND l.user_id = {caller}::uuid)
        """;

    /// <summary>The join that <see cref="Columns"/> needs.</summary>
    public const string Join = "LEFT JOIN members AS m ON m.user_id = t.user_id";

    /// <summary>Reads a row that begins at column <paramref name="at"/> with <see cref="Columns"/>.</summary>
    public static TrackCard Read(NpgsqlDataReader row, Guid? caller, int at = 0)
    {
        var id = row.GetGuid(at);
        return new TrackCard(
            id, row.GetString(at + 2), Artist.Read(row, at + 16), row.GetString(at + 3), row.Nullable<string>(at + 4),
            row.GetDouble(at + 5), row.GetString(at + 6),
            row.GetDouble(at + 7), row.GetFieldValue<string[]>(at + 8), row.GetFieldValue<short[]>(at + 9),
            Enum.Parse<Quality>(row.GetString(at + 10)),
            row.GetInt32(at + 11), row.GetInt32(at + 12), row.GetInt64(at + 13), row.IsDBNull(at + 14) ? null
            : row.GetFieldValue<DateTimeOffset>(at + 14),
            caller is null ? null : row.GetGuid(at + 1) == caller,
            caller is null ? null : row.GetBoolean(at + 21),
            caller is null ? null : !row.IsDBNull(at + 15) && row.GetGuid(at + 15) == caller,
            $"/api/generations/{id}/cover?size=320", $"/api/generations/{id}/audio?format=mp3");
    }
}

/// <summary>Who made a track.</summary>
/// <param name="Username">Null while the account is not known here yet; <c>deleted</c> when it is gone.</param>
/// <param name="Alvae">The badge's level.</param>
/// <param name="Border">The badge's colour, <c>#RRGGBB</c>.</param>
internal sealed record Artist(string? Username, string? DisplayName, AlvaeLevel? Alvae, string? Border)
{
    /// <summary>Stands for every account that is gone.</summary>
    public static readonly Artist Deleted = new("deleted", null, null, null);

    /// <summary>An account that is not heard of yet.</summary>
    public static readonly Artist Unknown = new(null, null, null, null);

    /// <summary>From the columns username, display_name, alvae, border, deleted.</summary>
    public static Artist Read(NpgsqlDataReader row, int at) => !row.IsDBNull(at + 4) && row.GetBoolean(at + 4)
        ? Deleted
        : new Artist(
            row.Nullable<string>(at), row.Nullable<string>(at + 1), row.IsDBNull(at + 2) ? null : Enum.Parse<AlvaeLevel>(row.GetString(at + 2)),
            row.Nullable<string>(at + 3));

    /// <summary>Those of the accounts that are known here.</summary>
    public static async Task<Dictionary<Guid, Artist>> FindAsync(NpgsqlDataSource database, Guid[] users, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            "SELECT user_id, username, display_name, alvae, border, deleted FROM members WHERE user_id = ANY($1)", [users],
            row => (Id: row.GetGuid(0), Artist: Read(row, 1)), cancellationToken);
        return rows.ToDictionary(row => row.Id, row => row.Artist);
    }
}
