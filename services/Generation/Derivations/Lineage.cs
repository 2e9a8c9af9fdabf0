using System.Linq.Expressions;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Paging;

namespace Son1kVers3.Generation.Derivations;

/// <summary>A track in a family.</summary>
internal sealed record Relative(
    Guid Id, Guid? ParentId, Guid UserId, TrackKind Kind, TrackStatus Status, string Title, string? Genre, DateTimeOffset CreatedAt);

/// <param name="Ancestors">What it was made of, the original first; ones that the caller may not find are left out.</param>
/// <param name="Derivatives">What was made of it directly, newest first.</param>
internal sealed record LineageView(IReadOnlyList<Relative> Ancestors, Page<Relative> Derivatives);

/// <summary>Where a track comes from, and what became of it.</summary>
internal static class Lineage
{
    /// <summary>Maps <c>lineage</c> of a generation.</summary>
    public static IEndpointRouteBuilder MapLineage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/generations/{id:guid}/lineage", GetAsync).RequireAuthorization().WithTags("Derivations");
        return app;
    }

    [EndpointName("GetLineage"), EndpointSummary("What a track was made of, and what was made of it")]
    [EndpointDescription("The caller's own tracks and finished public ones. limit and cursor page through the derivatives.")]
    private static async Task<Ok<LineageView>> GetAsync(
        Guid id, PageQuery page, ClaimsPrincipal user, VisibleTracks tracks, GenerationDb db, CancellationToken cancellationToken)
    {
        await tracks.RequireAsync(id, Viewer.Of(user), cancellationToken);
        var found = FoundBy(user.Id());
        // A parent is older than its child, and so is its id.
        var ancestors = await Ancestors(db, id).AsNoTracking().Where(found).OrderBy(t => t.Id).ToListAsync(cancellationToken);
        var derived = db.Tracks.AsNoTracking().Where(found).Where(t => t.ParentId == id);
        if (page.After<Guid>() is { } after)
            derived = derived.Where(t => t.Id.CompareTo(after) < 0);
        var rows = await derived.OrderByDescending(t => t.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(new LineageView([.. ancestors.Select(Of)], Page<Track>.Of(rows, page, t => t.Id).Select(Of)));
    }

    /// <summary>A deleted one in between does not end the line.</summary>
    private static IQueryable<Track> Ancestors(GenerationDb db, Guid id) => db.Tracks.FromSql(
        $"""
        SELECT g.* FROM tracks g WHERE g.id IN (
            WITH RECURSIVE line AS (
                SELECT parent_id FROM tracks WHERE id = {id}
                UNION ALL
                SELECT g.parent_id FROM line JOIN tracks g ON g.id = line.parent_id)
            SELECT parent_id FROM line)
        """);

    // Unlisted ones are for those who were given the address.
    private static Expression<Func<Track, bool>> FoundBy(Guid user) => t => t.DeletedAt == null
        && (t.UserId == user
            || (t.Status == TrackStatus.Completed && t.HiddenAt == null && (t.Visibility == Visibility.Public || t.Contributed)));

    private static Relative Of(Track track) =>
        new(track.Id, track.ParentId, track.UserId, track.Kind, track.Status, track.Title, track.Genre, track.CreatedAt);
}
