using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Collections;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Members;
using Son1kVers3.Profile.Wall;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Search;

/// <summary>How many of the matches have a value.</summary>
internal sealed record FacetCount(string Value, int Count);

/// <summary>What the matches can be narrowed by, the most frequent first. Counts are of the matches that were ranked, at most some 2,000.</summary>
/// <param name="Genre">Genres.</param>
/// <param name="Mood">Moods.</param>
/// <param name="Key">Keys.</param>
/// <param name="Bpm">Tempos in steps of 20, by the lowest of each.</param>
internal sealed record SearchFacets(IReadOnlyList<FacetCount> Genre, IReadOnlyList<FacetCount> Mood, IReadOnlyList<FacetCount> Key, IReadOnlyList<FacetCount> Bpm)
{
    public static readonly SearchFacets None = new([], [], [], []);
}

/// <summary>A page of what was found, the best first.</summary>
internal sealed record SearchPage<T>(IReadOnlyList<T> Items, string? NextCursor, SearchFacets Facets);

/// <summary>Where a page ended.</summary>
internal readonly record struct SearchKey(long Score, Guid Id);

/// <summary>Runs searches, each in one round trip.</summary>
internal sealed class SearchReader(NpgsqlDataSource database, CardReader cards, CollectionReader collections)
{
    /// <summary>Tracks, or those in the pool.</summary>
    public async Task<SearchPage<CardView>> TracksAsync(SearchFilter filter, PageQuery page, Guid? viewer, CancellationToken cancellationToken)
    {
        var rows = await cards.ReadAsync(
            TracksSql(filter), viewer, Values(filter, page), (row, card) => (Card: card, Score: row.GetInt64(CardReader.ColumnCount), Facets: row.GetString(CardReader.ColumnCount + 1)), cancellationToken);
        if (rows.Count == 0 && filter.SimilarTo is { } source)
            await RequireAudibleAsync(source, viewer, cancellationToken);
        var found = Data.Page.Of(rows, page, r => new SearchKey(r.Score, r.Card.Id), r => r.Card);
        return new(found.Items, found.NextCursor, Facets(rows.Select(r => r.Facets).FirstOrDefault()));
    }

    /// <summary>Members.</summary>
    public async Task<SearchPage<MemberView>> PeopleAsync(SearchFilter filter, PageQuery page, Guid? viewer, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            $"""
            {Matches(filter)}{SearchSql.Page}
            SELECT a.id, a.username, a.display_name, a.avatar_version, g.level, page.score FROM page JOIN accounts a USING (id)
            LEFT JOIN alvae_grants g ON g.account_id = a.id AND g.revoked_at IS NULL ORDER BY page.score DESC, page.id DESC
            """,
            viewer, Values(filter, page), row => (View: Member(row), Key: new SearchKey(row.GetInt64(5), row.GetGuid(0))), cancellationToken);
        var found = Data.Page.Of(rows, page, r => r.Key, r => r.View);
        return new(found.Items, found.NextCursor, SearchFacets.None);
    }

    /// <summary>Collections: what the caller may see is decided once more where they are read.</summary>
    public async Task<SearchPage<CollectionView>> CollectionsAsync(ProfileDb db, SearchFilter filter, PageQuery page, Guid? viewer, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            $"{Matches(filter)}{SearchSql.Page} SELECT id, score, (SELECT json FROM facets) FROM page ORDER BY score DESC, id DESC",
            viewer, Values(filter, page), row => (Key: new SearchKey(row.GetInt64(1), row.GetGuid(0)), Facets: row.GetString(2)), cancellationToken);
        var found = Page<SearchKey>.Of([.. rows.Select(r => r.Key)], page, key => key);
        var views = await collections.FindAsync(db, [.. found.Items.Select(key => key.Id)], viewer, cancellationToken);
        return new([.. found.Items.Where(key => views.ContainsKey(key.Id)).Select(key => views[key.Id])], found.NextCursor, Facets(rows.Select(r => r.Facets).FirstOrDefault()));
    }

    /// <summary>The whole statement, for plans.</summary>
    public static string TracksSql(SearchFilter filter) =>
        $"""
        {Matches(filter)}{SearchSql.Page}
        SELECT {CardReader.Columns}, page.score, (SELECT json FROM facets) FROM page JOIN tracks t ON t.generation_id = page.id {CardReader.Joins} ORDER BY page.score DESC, page.id DESC
        """;

    /// <summary>Its parameters after the caller.</summary>
    public static object[] Values(SearchFilter filter, PageQuery page)
    {
        var after = page.After<SearchKey>();
        return
        [
            filter.SimilarTo is { } source ? source : filter.Text.Length > 0 ? filter.Text : filter.NarrowestValue, filter.Lexemes, filter.BpmMin, filter.BpmMax, after?.Score ?? long.MaxValue, after?.Id ?? Guid.AllBitsSet, page.Limit + 1,
        ];
    }

    private static string Matches(SearchFilter filter) =>
        filter.SimilarTo is not null ? SearchSql.Similar(filter) : filter.Text.Length > 0 ? SearchSql.Typed(filter) : SearchSql.Newest(filter);

    private static MemberView Member(NpgsqlDataReader row)
    {
        AlvaeLevel? level = row.IsDBNull(4) ? null : Enum.Parse<AlvaeLevel>(row.GetString(4));
        return new MemberView(
            row.GetString(1), row.GetString(2), AvatarAddress.Of(row.GetString(1), row.IsDBNull(3) ? null : row.GetString(3)), level, level is { } known ? AlvaeLevels.Of(known).Border : null);
    }

    private static SearchFacets Facets(string? json) => json is null ? SearchFacets.None : JsonSerializer.Deserialize<SearchFacets>(json, JsonSerializerOptions.Web)!;

    private async Task RequireAudibleAsync(Guid track, Guid? viewer, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT EXISTS (SELECT FROM tracks WHERE generation_id = $1 AND completed_at IS NOT NULL AND NOT deleted AND NOT hidden AND (audible OR owner_id = $2))");
        command.Parameters.Add(new() { Value = track });
        command.Parameters.Add(new() { Value = (object?)viewer ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        if (await command.ExecuteScalarAsync(cancellationToken) is not true)
            throw Problem.NotFound("track");
    }
}
