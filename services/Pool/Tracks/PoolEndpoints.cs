using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Members;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Pool.Tracks;

/// <summary>A track of the pool as everyone sees it.</summary>
/// <param name="Points">1 standard, 2 high, 3 ultra.</param>
/// <param name="Tempo">Beats a minute.</param>
internal sealed record PoolTrack(
    Guid Id, Guid GenerationId, string Title, string Genre, string? Mood, double Tempo, string Key, double DurationSeconds,
    Quality Quality, int Points, int Likes, long Plays, DateTimeOffset ContributedAt, ContributedBy Contributor);

/// <summary>Who made it; without a name while the account is not known here yet.</summary>
internal sealed record ContributedBy(Guid UserId, string? Username, string? DisplayName);

/// <summary>Which part of the pool: all parameters are optional.</summary>
/// <param name="Genre">A genre's name, as in <c>/api/genres</c>.</param>
/// <param name="Quality"><c>standard</c>, <c>high</c> or <c>ultra</c>.</param>
/// <param name="Sort"><c>recent</c> (default), <c>popular</c> (likes) or <c>quality</c> (points).</param>
/// <param name="Q">Part of a title.</param>
internal sealed record PoolQuery(
    [FromQuery(Name = "genre")] string? Genre,
    [FromQuery(Name = "quality")] string? Quality,
    [FromQuery(Name = "sort")] string? Sort,
    [FromQuery(Name = "q")] string? Q);

internal static class PoolEndpoints
{
    private const int LongestSearch = 100;

    public static void MapPoolEndpoints(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/community").WithTags("Community pool");
        group.MapGet("/pool", ListAsync)
            .WithSummary("The community pool")
            .WithDescription("Tracks that can be claimed, newest first unless sort says otherwise. Public.")
            .Refuses(400);
    }

    private static async Task<Ok<Page<PoolTrack>>> ListAsync(
        [AsParameters] PoolQuery query, PageQuery page, PoolDb db, CancellationToken cancellationToken)
    {
        var tracks = Filter(db.Set<Track>().AsNoTracking().Where(t => t.ClaimedBy == null && !t.Hidden), query);
        // Ids are UUIDv7 made at contribution: descending ids are newest first, and break ties of the other sorts.
        tracks = query.Sort switch
        {
            null or "" or "recent" => page.After<(int, Guid)>() is { } after
                ? tracks.Where(t => t.Id < after.Item2).OrderByDescending(t => t.Id)
                : tracks.OrderByDescending(t => t.Id),
            "popular" => page.After<(int, Guid)>() is { } after
                ? tracks.Where(t => t.Likes < after.Item1 || t.Likes == after.Item1 && t.Id < after.Item2).OrderByDescending(t => t.Likes).ThenByDescending(t => t.Id)
                : tracks.OrderByDescending(t => t.Likes).ThenByDescending(t => t.Id),
            "quality" => page.After<(int, Guid)>() is { } after
                ? tracks.Where(t => t.Points < after.Item1 || t.Points == after.Item1 && t.Id < after.Item2).OrderByDescending(t => t.Points).ThenByDescending(t => t.Id)
                : tracks.OrderByDescending(t => t.Points).ThenByDescending(t => t.Id),
            _ => throw Problem.Invalid("sort", "One of recent, popular, quality."),
        };
        var rows = await tracks.Take(page.Limit + 1)
            .GroupJoin(db.Set<Member>(), t => t.UserId, m => m.UserId, (t, members) => new { Track = t, Members = members })
            .SelectMany(x => x.Members.DefaultIfEmpty(), (x, member) => new { x.Track, Member = member })
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<PoolTrack>.Of(
            [.. rows.Select(r => Show(r.Track, r.Member))], page.Limit, t => (query.Sort == "quality" ? t.Points : t.Likes, t.Id)));
    }

    private static IQueryable<Track> Filter(IQueryable<Track> tracks, PoolQuery query)
    {
        if (query.Genre is { Length: > 0 } genre)
            tracks = tracks.Where(t => t.Genre == Text("genre", genre));
        if (query.Quality is { Length: > 0 } name)
        {
            var quality = name switch
            {
                "standard" => Quality.Standard,
                "high" => Quality.High,
                "ultra" => Quality.Ultra,
                _ => throw Problem.Invalid("quality", "One of standard, high, ultra."),
            };
            tracks = tracks.Where(t => t.Quality == quality);
        }

        if (query.Q is { Length: > 0 } q)
        {
            var pattern = $"%{Text("q", q).Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
            tracks = tracks.Where(t => EF.Functions.ILike(t.Title, pattern, @"\"));
        }

        return tracks;
    }

    private static string Text(string field, string value) =>
        value.Length <= LongestSearch ? value : throw Problem.Invalid(field, $"At most {LongestSearch} characters.");

    private static PoolTrack Show(Track t, Member? member) => new(
        t.Id, t.GenerationId, t.Title, t.Genre, t.Mood, t.Tempo, t.Key, t.DurationSeconds, t.Quality, t.Points, t.Likes, t.Plays, t.ContributedAt,
        new ContributedBy(t.UserId, member?.Username, member?.DisplayName));
}
