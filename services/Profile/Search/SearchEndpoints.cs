using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.Profile.Collections;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Members;
using Son1kVers3.Profile.Wall;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Search;

/// <summary>Search.</summary>
internal static class SearchEndpoints
{
    public static void AddSearch(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SearchReader>();
        builder.Services.AddWorker<SearchWordCleanup>();
    }

    public static void MapSearch(this WebApplication app) => app.MapGet("/api/search", SearchAsync).WithTags("Search").Refuses(400, 404);

    [EndpointName("Search"), EndpointSummary("Find tracks, people, collections, and what is in the pool")]
    [EndpointDescription(
        """
        `type`: tracks (default), people, collections, pool. `q` is matched as it is typed: the last word may go on, accents and case don't matter, typing mistakes are forgiven where little is found
        literally. Tracks are found by their title, their artist's names, their genre and their mood. Without `q`: the newest. `genre`, `mood`, `key`, `bpmMin` and `bpmMax` narrow tracks. `similarTo`: instead of `q`, tracks of the same genre and a tempo within 8 % that sound most
        like this one; 404 for one that the caller may not hear. Only what the caller may see is found, their own private tracks included. Items are cards (of people: members in a line).
        Collections are found by their titles, private ones by their owner and editors; `genre` and `mood` are those of most of their tracks.
        `facets` count the matches by genre, mood, key and tempo (steps of 20).
        """)]
    private static async Task<Results<Ok<SearchPage<MemberView>>, Ok<SearchPage<CollectionView>>, Ok<SearchPage<CardView>>>> SearchAsync(
        [AsParameters] SearchRequest request, PageQuery page, [FromServices] ProfileDb db, [FromServices] SearchReader search, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var filter = SearchFilter.Of(request);
        if (filter.Type == SearchType.People)
            return TypedResults.Ok(await search.PeopleAsync(filter, page, user.IdOrNull(), cancellationToken));
        if (filter.Type == SearchType.Collections)
            return TypedResults.Ok(await search.CollectionsAsync(db, filter, page, user.IdOrNull(), cancellationToken));
        return TypedResults.Ok(await search.TracksAsync(filter, page, user.IdOrNull(), cancellationToken));
    }
}
