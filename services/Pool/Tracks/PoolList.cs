using System.Text;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Pool.Tracks;

/// <summary>By what a list is sorted, the greatest first; equal ones by the generation's id, newest first.</summary>
internal enum PoolSort
{
    Recent,
    Popular,
    Quality,
}

/// <summary>Which part of the pool, understood.</summary>
internal sealed record PoolFilter(PoolSort Sort, string? Genre, Quality? Quality, string? Search)
{
    private const int LongestText = 100;

    /// <summary>Understands a query, or throws the 400 that it earns.</summary>
    public static PoolFilter Of(PoolQuery query) => new(
        Words.Read<PoolSort>("sort", query.Sort) ?? PoolSort.Recent,
        Text("genre", query.Genre),
        Words.Read<Quality>("quality", query.Quality),
        Text("q", query.Q));

    private static string? Text(string field, string? value) => string.IsNullOrWhiteSpace(value)
        ? null
        : value.Length <= LongestText ? value.Trim() : throw Problem.Invalid(field, $"At most {LongestText} characters.");
}

/// <summary>Reads pages of the pool: one statement each, along the index of its order.</summary>
internal sealed class PoolList(NpgsqlDataSource database)
{
    public async Task<Page<TrackCard>> ReadAsync(PoolFilter filter, PageQuery page, Guid? caller, CancellationToken cancellationToken)
    {
        await using var command = Command(filter, page, caller);
        var rows = await command.ReadAsync(row => TrackCard.Read(row, caller), cancellationToken);
        return Page<TrackCard>.Of(rows, page, card => (KeyOf(filter.Sort, card), card.GenerationId));
    }

    /// <summary>The statement of a page; also what the plans are shown of.</summary>
    internal NpgsqlCommand Command(PoolFilter filter, PageQuery page, Guid? caller)
    {
        var values = new List<object?> { caller, page.Limit + 1 };
        var where = new StringBuilder("available");
        if (filter.Genre is not null)
            where.Append($" AND genre = {Bind(filter.Genre)}");
        if (filter.Quality is { } quality)
            where.Append($" AND points = {Bind(Points.Of(quality))}");
        if (filter.Search is not null)
            where.Append($" AND search LIKE fold({Bind($"%{Letters(filter.Search)}%")})");
        var column = filter.Sort switch { PoolSort.Popular => "likes", PoolSort.Quality => "points", _ => "contributed_at" };
        if (page.After<(long Key, Guid Id)>() is { } after)
            where.Append($" AND ({column}, generation_id) < ({Bind(KeyValue(filter.Sort, after.Key))}, {Bind(after.Id)})");
        var order = $"{column} DESC, generation_id DESC";
        return database.Command(
            $"""
            SELECT {TrackCard.Columns("$1")} FROM (SELECT * FROM tracks WHERE {where} ORDER BY {order} LIMIT $2) AS t {TrackCard.Join}
            ORDER BY t.{column} DESC, t.generation_id DESC
            """,
            [.. values]);

        string Bind(object value)
        {
            values.Add(value);
            return $"${values.Count}";
        }
    }

    /// <summary>A text whose wildcards of <c>LIKE</c> are letters like others.</summary>
    private static string Letters(string text) => text.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_");

    private static long KeyOf(PoolSort sort, TrackCard card) => sort switch
    {
        PoolSort.Popular => card.Likes,
        PoolSort.Quality => card.Points,
        _ => card.ContributedAt!.Value.UtcTicks,
    };

    private static object KeyValue(PoolSort sort, long key) => sort == PoolSort.Recent
        ? new DateTimeOffset(key, TimeSpan.Zero)
        : key;
}
