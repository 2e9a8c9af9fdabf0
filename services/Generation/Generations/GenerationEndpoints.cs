using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Generation.VoiceMemos;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Generation.Generations;

/// <summary>Making, seeing and changing generations.</summary>
internal static class GenerationEndpoints
{
    /// <summary>Maps <c>/api/generations</c>.</summary>
    public static IEndpointRouteBuilder MapGenerations(this IEndpointRouteBuilder app)
    {
        var all = app.MapGroup("/api/generations").WithTags("Generations");
        var own = all.MapGroup("").RequireAuthorization();
        own.MapPost("/", CreateAsync).WithIdempotency().Refuses(403, 429, 503);
        own.MapGet("/", ListAsync);
        all.MapGet("/{id:guid}", GetAsync).Refuses(401);
        own.MapPatch("/{id:guid}", ChangeAsync).Refuses(403);
        own.MapPost("/{id:guid}/cancel", CancelAsync).Refuses(403, 409);
        own.MapPost("/{id:guid}/retry", RetryAsync).WithIdempotency().Refuses(403, 429, 503);
        own.MapDelete("/{id:guid}", DeleteAsync).Refuses(403, 409, 503);
        return app;
    }

    [EndpointName("CreateGeneration"), EndpointSummary("Make a track")]
    [EndpointDescription(
        "Answers at once; follow the events of the generation. 429 quota-exceeded, 403 quality-not-in-tier or storage-full, 503 when "
        + "it could not be made.")]
    private static async Task<Accepted<AcceptedView>> CreateAsync(
        Body<CreateGeneration> body, ClaimsPrincipal user, Operation operation, TrackCreation creation, MemoMelodies memos)
    {
        var wanted = await body.ReadAsync();
        var request = await memos.AddMelodyAsync(wanted.ToRequest(), user.Id());
        return await creation.CreateAsync(
            operation, new NewTrack(user.Id(), wanted.Quality ?? Quality.Standard, wanted.Visibility ?? Visibility.Private), request);
    }

    [EndpointName("ListGenerations"), EndpointSummary("The caller's own, newest first")]
    private static async Task<Ok<Page<GenerationView>>> ListAsync(
        string? status, string? genre, PageQuery page, ClaimsPrincipal user, GenerationDb db, GenerationViews views,
        CancellationToken cancellationToken)
    {
        var own = db.Tracks.AsNoTracking().Where(t => t.UserId == user.Id() && t.DeletedAt == null);
        if (Words.Read<TrackStatus>("status", status) is { } wanted)
            own = own.Where(t => t.Status == wanted);

        if (!string.IsNullOrEmpty(genre))
        {
            var slug = GenreCatalog.Find(genre)?.Slug ?? throw Problem.Invalid("genre", "No such genre; see GET /api/genres.");
            own = own.Where(t => t.Genre == slug);
        }

        if (page.After<Guid>() is { } after)
            own = own.Where(t => t.Id.CompareTo(after) < 0);
        var rows = await own.OrderByDescending(t => t.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        var shown = (await views.OfAsync(rows, Viewer.Of(user), cancellationToken)).ToDictionary(v => v.Id);
        return TypedResults.Ok(Page<Track>.Of(rows, page, t => t.Id).Select(t => shown[t.Id]));
    }

    [EndpointName("GetGeneration"), EndpointSummary("State, plan, files")]
    [EndpointDescription(
        "Without sign-in for what everybody may hear. Prompt and lyrics are the owner's alone. A hidden track is there for operators and for "
        + "who claimed it: its owner sees in the own list that it is hidden, and why.")]
    private static async Task<Ok<GenerationView>> GetAsync(
        Guid id, ClaimsPrincipal user, VisibleTracks tracks, GenerationViews views, CancellationToken cancellationToken) =>
        TypedResults.Ok(
            await views.OfAsync(await tracks.RequireAsync(id, Viewer.Of(user), cancellationToken), Viewer.Of(user), cancellationToken));

    [EndpointName("ChangeGeneration"), EndpointSummary("Change title and visibility")]
    private static async Task<Ok<GenerationView>> ChangeAsync(
        Guid id, Body<ChangeGeneration> body, ClaimsPrincipal user, VisibleTracks tracks, TrackChanges changes, GenerationViews views)
    {
        var track = await tracks.RequireAsync(id, Viewer.Of(user));
        var change = await body.ReadAsync();
        var changed = await changes.ChangeAsync(VisibleTracks.RequireOwn(track, Viewer.Of(user)), change);
        return TypedResults.Ok(await views.OfAsync(changed, Viewer.Of(user), CancellationToken.None));
    }

    [EndpointName("CancelGeneration"), EndpointSummary("Call it off")]
    [EndpointDescription("Again: 200. Finished: 409 already-finished.")]
    private static async Task<Ok<GenerationView>> CancelAsync(
        Guid id, ClaimsPrincipal user, VisibleTracks tracks, TrackChanges changes, GenerationViews views)
    {
        var cancelled = await changes.CancelAsync(await tracks.RequireOwnAsync(id, Viewer.Of(user)));
        return TypedResults.Ok(await views.OfAsync(cancelled, Viewer.Of(user), CancellationToken.None));
    }

    [EndpointName("RetryGeneration"), EndpointSummary("Make a failed one again")]
    [EndpointDescription(
        "The same request and seed as a new generation, with a unit of its own: the failed one's was given back. 409 not-failed.")]
    private static async Task<Accepted<AcceptedView>> RetryAsync(
        Guid id, ClaimsPrincipal user, Operation operation, VisibleTracks tracks, TrackCreation creation)
    {
        var failed = await tracks.RequireOwnAsync(id, Viewer.Of(user));
        if (failed.Status != TrackStatus.Failed)
            throw Problem.Of(409, "not-failed", "Only a failed generation can be tried again.");
        return await creation.CreateAsync(
            operation, new NewTrack(failed.UserId, failed.Quality, failed.Visibility, failed.Kind, failed.ParentId), failed.Request);
    }

    [EndpointName("DeleteGeneration"), EndpointSummary("Remove it with all its files")]
    [EndpointDescription("409 owed-to-pool for a track that the pool counts on, 409 claimed for one that somebody claimed. "
        + "Also one that is hidden.")]
    private static async Task<NoContent> DeleteAsync(Guid id, ClaimsPrincipal user, VisibleTracks tracks, TrackRemoval removal)
    {
        await removal.DeleteAsync(await tracks.RequireOwnToDeleteAsync(id, Viewer.Of(user)));
        return TypedResults.NoContent();
    }
}

/// <summary>The body of <c>PATCH /api/generations/{id}</c>; what is missing stays.</summary>
internal sealed record ChangeGeneration
{
    /// <summary>1–120 characters.</summary>
    public string? Title { get; init; }
    public Visibility? Visibility { get; init; }
}

internal sealed class ChangeGenerationValidator : AbstractValidator<ChangeGeneration>
{
    public ChangeGenerationValidator() =>
        RuleFor(r => r.Title).Prose(120).Must(t => t is null || !string.IsNullOrWhiteSpace(t))
            .WithMessage("A title needs a character.").Because(FieldReasons.Required);
}
