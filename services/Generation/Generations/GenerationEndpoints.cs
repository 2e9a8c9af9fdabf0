using System.Security.Claims;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.VoiceMemos;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Generation.Generations;

/// <summary>Making, seeing and changing generations.</summary>
internal static class GenerationEndpoints
{
    private static readonly Dictionary<string, TrackStatus> Statuses = Enum.GetValues<TrackStatus>().ToDictionary(s => s.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Maps <c>/api/generations</c>.</summary>
    public static IEndpointRouteBuilder MapGenerations(this IEndpointRouteBuilder app)
    {
        var all = app.MapGroup("/api/generations").WithTags("Generations").RequireAuthorization();
        all.MapPost("/", CreateAsync).WithName("CreateGeneration").WithIdempotency().Produces<AcceptedView>(202).Refuses(403, 429, 503).WithSummary("Make a track")
            .WithDescription("Answers at once; follow the events of the generation. 429 quota-exceeded, 403 quality-not-in-tier or storage-full, 503 when it could not be made.");
        all.MapGet("/", ListAsync).WithName("ListGenerations").Produces<Page<GenerationView>>().WithSummary("The caller's own, newest first");
        all.MapGet("/{id:guid}", GetAsync).WithName("GetGeneration").Produces<GenerationView>().WithSummary("State, plan, files");
        all.MapPatch("/{id:guid}", ChangeAsync).WithName("ChangeGeneration").Produces<GenerationView>().Refuses(403).WithSummary("Change title and visibility");
        all.MapPost("/{id:guid}/cancel", CancelAsync).WithName("CancelGeneration").Produces<GenerationView>().Refuses(403, 409).WithSummary("Call it off")
            .WithDescription("Again: 200. Finished: 409 already-finished.");
        all.MapPost("/{id:guid}/retry", RetryAsync).WithName("RetryGeneration").WithIdempotency().Produces<AcceptedView>(202).Refuses(403, 429, 503).WithSummary("Make a failed one again")
            .WithDescription("The same request and seed as a new generation, with a unit of its own: the failed one's was given back. 409 not-failed.");
        all.MapDelete("/{id:guid}", DeleteAsync).WithName("DeleteGeneration").Produces(204).Refuses(403, 409, 503).WithSummary("Remove it with all its files")
            .WithDescription("409 owed-to-pool for a track that the pool counts on.");
        all.MapGet("/{id:guid}/events", EventStream.ServeAsync).WithName("FollowGeneration").Produces<string>(200, "text/event-stream").Refuses(400).WithSummary("Progress as Server-Sent Events")
            .WithDescription("First a snapshot; then queued, composing, preview, rendering {percent}, mastering, and at the end completed, failed or cancelled. "
                + "Of a track that is being restored from the archive: restoring {percent}, and at the end restored or restore-failed {reason}.");
        return app;
    }

    private static async Task<IResult> CreateAsync(Body<CreateGeneration> body, ClaimsPrincipal user, Operation operation, Intake intake, MemoMelodies memos)
    {
        var request = await body.ReadAsync();
        var order = await memos.AddMelodyAsync(request.ToOrder(), user.Id());
        return await intake.AcceptAsync(operation, new Commission(user.Id(), request.Quality ?? Quality.Standard, request.Visibility ?? Visibility.Private), order);
    }

    private static async Task<IResult> ListAsync(
        string? status, string? genre, PageQuery page, ClaimsPrincipal user, GenerationDb db, GenerationViews views, CancellationToken cancellationToken)
    {
        var own = db.Tracks.AsNoTracking().Where(t => t.UserId == user.Id() && t.DeletedAt == null);
        if (!string.IsNullOrEmpty(status))
        {
            // Enum.TryParse would take numbers and lists, too.
            if (!Statuses.TryGetValue(status, out var wanted))
                throw Problem.Invalid("status", "One of queued, composing, rendering, mastering, completed, failed, cancelled.");
            own = own.Where(t => t.Status == wanted);
        }

        if (!string.IsNullOrEmpty(genre))
        {
            var slug = Studio.Genres.GenreCatalog.Find(genre)?.Slug ?? throw Problem.Invalid("genre", "No such genre; see GET /api/genres.");
            own = own.Where(t => t.Genre == slug);
        }

        if (page.After<Guid>() is { } after)
            own = own.Where(t => t.Id.CompareTo(after) < 0);
        var rows = await own.OrderByDescending(t => t.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        var shown = (await views.OfAsync(rows, user.Id(), cancellationToken)).ToDictionary(v => v.Id);
        return TypedResults.Ok(Page<Track>.Of(rows, page.Limit, t => t.Id).Select(t => shown[t.Id]));
    }

    private static async Task<IResult> GetAsync(Guid id, ClaimsPrincipal user, ShownTracks tracks, GenerationViews views, CancellationToken cancellationToken) =>
        TypedResults.Ok(await views.OfAsync(await tracks.RequireAsync(id, user.Id(), cancellationToken), user.Id(), cancellationToken));

    private static async Task<IResult> ChangeAsync(Guid id, Body<ChangeGeneration> body, ClaimsPrincipal user, ShownTracks tracks, TrackChanges changes, GenerationViews views)
    {
        var track = await tracks.RequireAsync(id, user.Id());
        var change = await body.ReadAsync();
        var changed = await changes.ChangeAsync(ShownTracks.RequireOwn(track, user.Id()), change);
        return TypedResults.Ok(await views.OfAsync(changed, user.Id(), CancellationToken.None));
    }

    private static async Task<IResult> CancelAsync(Guid id, ClaimsPrincipal user, ShownTracks tracks, TrackChanges changes, GenerationViews views)
    {
        var cancelled = await changes.CancelAsync(await tracks.RequireOwnAsync(id, user.Id()));
        return TypedResults.Ok(await views.OfAsync(cancelled, user.Id(), CancellationToken.None));
    }

    private static async Task<IResult> RetryAsync(Guid id, ClaimsPrincipal user, Operation operation, ShownTracks tracks, Intake intake)
    {
        var failed = await tracks.RequireOwnAsync(id, user.Id());
        if (failed.Status != TrackStatus.Failed)
            throw Problem.Of(409, "not-failed", "Only a failed generation can be tried again.");
        return await intake.AcceptAsync(operation, new Commission(failed.UserId, failed.Quality, failed.Visibility, failed.Kind, failed.ParentId), failed.Order);
    }

    private static async Task<IResult> DeleteAsync(Guid id, ClaimsPrincipal user, ShownTracks tracks, TrackRemoval removal)
    {
        await removal.DeleteAsync(await tracks.RequireOwnAsync(id, user.Id()));
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
        RuleFor(r => r.Title).MaximumLength(120).PlainText().Must(t => t is null || !string.IsNullOrWhiteSpace(t)).WithMessage("A title needs a character.");
}
