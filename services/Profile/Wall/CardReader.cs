using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;

namespace Son1kVers3.Profile.Wall;

/// <summary>Reads cards: all that one is drawn from, of a whole page, in one query.</summary>
internal sealed class CardReader(NpgsqlDataSource database)
{
    /// <summary>The columns of a card, of a track <c>t</c>.</summary>
    public const string Columns =
        """
        t.generation_id, t.title, t.genre, t.mood, t.tempo, t.key, t.duration_seconds, t.quality, t.palette, t.peaks, t.likes, t.plays, t.comments, t.contributed, t.owner_id,
        t.claimed_by, t.audible, t.completed_at, a.username, a.display_name, g.level, coalesce(l.liked, false), t.visibility
        """;

    /// <summary>How many <see cref="Columns"/> there are: what a query adds comes after them.</summary>
    public const int ColumnCount = 23;

    /// <summary>The artist's side and the caller's like (<c>$1</c> is the caller, or null), for a track <c>t</c>.</summary>
    public const string Joins =
        """
        LEFT JOIN accounts a ON a.id = t.owner_id
        LEFT JOIN alvae_grants g ON g.account_id = t.owner_id AND g.revoked_at IS NULL
        LEFT JOIN track_likes l ON l.account_id = $1 AND l.generation_id = t.generation_id
        """;

    /// <summary>Runs a query whose first parameter is the viewer, and reads each row.</summary>
    public Task<List<T>> ReadAsync<T>(
        string sql, Guid? viewer, IEnumerable<object> values, Func<NpgsqlDataReader, CardView, T> row, CancellationToken cancellationToken) =>
        database.ReadAsync(sql, viewer, values, reader => row(reader, Card(reader, viewer)), cancellationToken);

    /// <summary>The same on the connection of a context: where it is in a transaction, no second one is waited for, which many at once would do for ever.</summary>
    public static async Task<List<T>> ReadAsync<T>(
        ProfileDb db, string sql, Guid? viewer, IEnumerable<object> values, Func<NpgsqlDataReader, CardView, T> row, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            return await connection.ReadAsync(sql, viewer, values, reader => row(reader, Card(reader, viewer)), cancellationToken);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static CardView Card(NpgsqlDataReader row, Guid? viewer)
    {
        var id = row.GetGuid(0);
        var owner = Nullable<Guid>(row, 14);
        var audible = row.GetBoolean(16);
        return new CardView(
            id, Text(row, 1) ?? "", Artist(row), Text(row, 2), Text(row, 3), Nullable<double>(row, 4), Text(row, 5), Nullable<double>(row, 6),
            Text(row, 7) is { } quality ? Enum.Parse<Quality>(quality) : null, row.GetFieldValue<string[]>(8), row.GetFieldValue<int[]>(9),
            new CardCounts(row.GetInt32(10), row.GetInt64(11), row.GetInt32(12)), row.GetBoolean(13),
            viewer is null ? null : owner == viewer, viewer is null ? null : row.GetBoolean(21), viewer is null ? null : Nullable<Guid>(row, 15) == viewer,
            audible ? $"/api/generations/{id}/cover" : null, audible ? $"/api/generations/{id}/audio" : null, Nullable<DateTimeOffset>(row, 17));
    }

    private static ArtistView Artist(NpgsqlDataReader row)
    {
        AlvaeLevel? level = Text(row, 20) is { } name ? Enum.Parse<AlvaeLevel>(name) : null;
        return new ArtistView(
            Text(row, 18) ?? Account.DeletedName, Text(row, 19) ?? Account.DeletedName, level, level is { } known ? AlvaeLevels.Of(known).Border : null);
    }

    public static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static T? Nullable<T>(NpgsqlDataReader row, int column)
        where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);
}
