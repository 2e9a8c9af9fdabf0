using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Members;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;

namespace Son1kVers3.Profile.Collections;

/// <param name="CollectionId">What was played.</param>
/// <param name="Counted">False without sign-in, and within half an hour of the caller's last counted play.</param>
/// <param name="Plays">Of everybody.</param>
internal sealed record CollectionPlayView(Guid CollectionId, bool Counted, long Plays);

/// <summary>How a collection is received.</summary>
/// <param name="Plays">Ever.</param>
/// <param name="Listeners">Members who played it.</param>
/// <param name="Votes">For the items that it has now.</param>
/// <param name="Voters">Members who gave them.</param>
/// <param name="Days">Plays on each of the last 30 UTC days, the earliest first.</param>
/// <param name="Contributors">Who added the items that it has now, the most first.</param>
/// <param name="Favourites">The five items with the most votes.</param>
internal sealed record CollectionStatsView(
    long Plays, int Listeners, int Votes, int Voters, IReadOnlyList<CollectionDayView> Days, IReadOnlyList<ContributorView> Contributors,
    IReadOnlyList<CollectionItemView> Favourites);

/// <summary>A UTC day.</summary>
internal sealed record CollectionDayView(DateOnly Day, int Plays);

/// <summary>How much a member added.</summary>
internal sealed record ContributorView(MemberView Member, int Items);

/// <summary>Plays of collections, and what their owners learn of them.</summary>
internal static class CollectionPlayEndpoints
{
    private const int ShownDays = 30;
    private const int ShownFavourites = 5;

    // As for tracks.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    public static void MapCollectionPlays(this WebApplication app)
    {
        var collection = app.MapGroup("/api/collections/{id:guid}").WithTags("Collections");
        collection.MapPost("/play", PlayAsync);
        collection.MapGet("/stats", StatsAsync).RequireAuthorization().Refuses(403);
    }

    [EndpointName("PlayCollection"), EndpointSummary("Tell that a collection was played")]
    [EndpointDescription("Any that the caller may see. Open to all; counted once a member, collection and 30 minutes. Its tracks' own plays are told apart.")]
    private static async Task<Ok<CollectionPlayView>> PlayAsync(
        Guid id, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var collection = await db.RequireCollectionAsync(id, user.IdOrNull(), cancellationToken);
        var counted = user.IdOrNull() is { } listener ? await CountAsync(db, id, listener, clock.GetUtcNow(), cancellationToken) : [];
        return TypedResults.Ok(new CollectionPlayView(id, counted.Count == 1, counted is [var plays] ? plays : collection.Plays));
    }

    [EndpointName("GetCollectionStats"), EndpointSummary("How one's own collection is received"), EndpointDescription("Its owner only: 403 `not-yours`.")]
    private static async Task<Ok<CollectionStatsView>> StatsAsync(
        Guid id, [FromServices] ProfileDb db, [FromServices] CollectionReader reader, [FromServices] TimeProvider clock, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        var collection = await db.RequireCollectionAsync(id, user.Id(), cancellationToken);
        if (collection.OwnerId != user.Id())
            throw CollectionAccess.TooLittle(CollectionRole.Owner);
        var items = db.Set<CollectionItem>().Where(i => i.CollectionId == id);
        var favourites = await items.Where(i => i.Votes > 0).OrderByDescending(i => i.Votes).ThenBy(i => i.Rank).Take(ShownFavourites).Select(i => i.Id)
            .ToListAsync(cancellationToken);
        var views = await reader.FindItemsAsync(db, collection, user.Id(), favourites, cancellationToken);
        return TypedResults.Ok(new CollectionStatsView(
            collection.Plays,
            await db.Set<CollectionListener>().CountAsync(l => l.CollectionId == id, cancellationToken),
            await items.SumAsync(i => i.Votes, cancellationToken),
            await db.Set<CollectionVote>().Where(v => items.Any(i => i.Id == v.ItemId)).Select(v => v.AccountId).Distinct().CountAsync(cancellationToken),
            await DaysAsync(db, id, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), cancellationToken),
            await ContributorsAsync(db, items, cancellationToken),
            [.. favourites.Where(views.ContainsKey).Select(item => views[item])]));
    }

    /// <summary>The new number of plays, if this one counts: the listener's row, the day and the sum in one statement.</summary>
    private static Task<List<long>> CountAsync(ProfileDb db, Guid id, Guid listener, DateTimeOffset now, CancellationToken cancellationToken) => db.Database.SqlQuery<long>(
        $"""
        WITH counted AS (
            INSERT INTO collection_listeners AS l (collection_id, account_id, played_at) VALUES ({id}, {listener}, {now})
            ON CONFLICT (collection_id, account_id) DO UPDATE SET played_at = excluded.played_at WHERE l.played_at <= {now - Window} RETURNING 1),
        today AS (
            INSERT INTO collection_days AS d (collection_id, day, plays) SELECT {id}, {DateOnly.FromDateTime(now.UtcDateTime)}, 1 FROM counted
            ON CONFLICT (collection_id, day) DO UPDATE SET plays = d.plays + 1)
        UPDATE collections SET plays = plays + 1 FROM counted WHERE id = {id} RETURNING plays
        """).ToListAsync(cancellationToken);

    private static async Task<IReadOnlyList<CollectionDayView>> DaysAsync(ProfileDb db, Guid id, DateOnly today, CancellationToken cancellationToken)
    {
        var first = today.AddDays(1 - ShownDays);
        var plays = await db.Set<CollectionDay>().Where(d => d.CollectionId == id && d.Day >= first)
            .ToDictionaryAsync(d => d.Day, d => d.Plays, cancellationToken);
        return [.. Enumerable.Range(0, ShownDays).Select(first.AddDays).Select(day => new CollectionDayView(day, plays.GetValueOrDefault(day)))];
    }

    private static async Task<IReadOnlyList<ContributorView>> ContributorsAsync(
        ProfileDb db, IQueryable<CollectionItem> items, CancellationToken cancellationToken)
    {
        var rows = await items.GroupBy(i => i.AddedBy).Select(g => new { g.Key, Count = g.Count() }).OrderByDescending(g => g.Count).ThenBy(g => g.Key)
            .ToListAsync(cancellationToken);
        var members = await db.MembersAsync(rows.Select(r => r.Key).OfType<Guid>(), cancellationToken);
        return [.. rows.Select(r => new ContributorView(members.Of(r.Key ?? Guid.Empty), r.Count))];
    }
}
