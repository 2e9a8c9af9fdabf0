using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Pool.Ranking;

/// <summary>A contributor's place.</summary>
/// <param name="Place">From 1; no two share one.</param>
/// <param name="Points">Of what was contributed in the period.</param>
/// <param name="Likes">Of those tracks, from accounts at least a day old.</param>
/// <param name="FirstContributionAt">The earliest in the period, which decides between equals.</param>
/// <param name="Mine">Null without sign-in.</param>
/// <param name="UserId">Whose tracks <c>/api/community/ranking/{userId}/tracks</c> lists.</param>
internal sealed record RankingPlace(
    long Place, Artist Artist, long Points, long Likes, DateTimeOffset FirstContributionAt, bool? Mine, Guid UserId);

/// <summary>A page of the ranking.</summary>
/// <param name="StartsAt">Null for all time.</param>
/// <param name="EndsAt">Null for all time.</param>
/// <param name="Me">The caller's own place, wherever it is; null without one.</param>
internal sealed record RankingView(
    string Timeframe, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt,
    IReadOnlyList<RankingPlace> Items, string? NextCursor, RankingPlace? Me);

/// <summary>Which ranking.</summary>
/// <param name="Timeframe"><c>week</c> (default; from Monday), <c>month</c> or <c>all_time</c>, of the UTC calendar.</param>
/// <param name="On">A day, <c>YYYY-MM-DD</c>: the week or month that it lies in. Today when missing.</param>
internal sealed record RankingQuery([FromQuery(Name = "timeframe")] string? Timeframe, [FromQuery(Name = "on")] string? On);

internal static class RankingEndpoints
{
    public static void MapRanking(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/community/ranking", GetAsync).WithTags("Community pool").Refuses(400);
        app.MapGet("/api/community/ranking/{userId:guid}/tracks", TracksAsync).WithTags("Community pool").Refuses(400);
        app.MapPost("/api/admin/pool/ranking/rebuild", RebuildAsync).WithTags("Operators").RequireAuthorization(Roles.Operator);
        app.MapGet("/api/admin/pool/rings", RingsAsync).WithTags("Operators").RequireAuthorization(Roles.Operator);
    }

    [EndpointName("GetRanking"), EndpointSummary("Contributors, ranked")]
    [EndpointDescription(
        "By the points of what was contributed in the time frame, then by the likes of those tracks, then by the earliest "
        + "contribution. Past weeks and months are kept. Signed in, `me` is the caller's own place, also outside the page.")]
    private static async Task<Ok<RankingView>> GetAsync(
        [AsParameters] RankingQuery query, PageQuery page, ClaimsPrincipal user, RankingReader ranking, TimeProvider clock,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await ranking.ReadAsync(PeriodOf(query, clock), user.IdOrNull(), page, cancellationToken));

    [EndpointName("ListRankedTracks"), EndpointSummary("What a contributor's place was counted from")]
    [EndpointDescription(
        "The contributions of the time frame, newest first. Their points and likes add up to those of the place, as soon as what "
        + "changed last is counted.")]
    private static async Task<Ok<Page<RankedTrack>>> TracksAsync(
        Guid userId, [AsParameters] RankingQuery query, PageQuery page, RankedTracks tracks, TimeProvider clock,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await tracks.ReadAsync(userId, PeriodOf(query, clock), page, cancellationToken));

    [EndpointName("RebuildRanking"), EndpointSummary("Count the ranking anew from the tracks, and build Redis from it")]
    [EndpointDescription("Answers how many standings were not as the tracks say, and how many places differed in Redis.")]
    private static async Task<Ok<RankingCheck>> RebuildAsync(RankingRebuild rebuild, CancellationToken cancellationToken) =>
        TypedResults.Ok(await rebuild.RunAsync(cancellationToken));

    [EndpointName("ListLikeRings"), EndpointSummary("Members who like each other in a ring, newest first")]
    [EndpointDescription("For a person to look at; nothing is taken from anybody by itself.")]
    private static async Task<Ok<Page<LikeRingView>>> RingsAsync(
        PageQuery page, LikeRingWatch rings, CancellationToken cancellationToken) =>
        TypedResults.Ok(await rings.ReadAsync(page, cancellationToken));

    private static RankingPeriod PeriodOf(RankingQuery query, TimeProvider clock)
    {
        var timeframe = Words.Read<Timeframe>("timeframe", query.Timeframe) ?? Timeframe.Week;
        var day = query.On is not { Length: > 0 } text ? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)
            : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on)
                && on.Year is >= 2000 and < 9999 ? on
            : throw Problem.Invalid("on", "A day, as 2026-11-26.");
        return RankingPeriod.Of(timeframe, day);
    }
}
