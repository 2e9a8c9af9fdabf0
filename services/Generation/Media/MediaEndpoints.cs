using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>Signed addresses for a page of cards.</summary>
internal static class MediaEndpoints
{
    private const int Most = 100;

    /// <summary>Maps <c>/api/media</c>.</summary>
    public static IEndpointRouteBuilder MapMedia(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/media", ListAsync).WithTags("Media").RequireAuthorization().Refuses(400);
        return app;
    }

    [EndpointName("ListMedia"), EndpointSummary("Signed addresses of the caller's own finished tracks, in one request")]
    [EndpointDescription(
        "ids: up to 100, separated by commas. Those that are not the caller's, not finished or hidden are left out. All on one page, "
        + "in the order of the ids.")]
    private static async Task<Ok<Page<MediaView>>> ListAsync(
        string? ids, ClaimsPrincipal user, GenerationDb db, MediaUrls urls, CancellationToken cancellationToken)
    {
        var (wanted, viewer) = (Parse(ids), user.Id());
        var own = await db.Tracks.AsNoTracking()
            .Where(t => wanted.Contains(t.Id) && t.UserId == viewer && t.Status == TrackStatus.Completed && t.DeletedAt == null
                && t.HiddenAt == null)
            .Select(t => t.Id).ToListAsync(cancellationToken);
        return TypedResults.Ok(new Page<MediaView>([.. wanted.Where(own.Contains).Select(id => View(id, viewer, urls))], null));
    }

    private static MediaView View(Guid id, Guid viewer, MediaUrls urls) => new(
        id,
        urls.Sign(id, FileSpec.Mp3, viewer),
        urls.Sign(id, new FileSpec(FileKind.Cover, FileFormat.WebP), viewer),
        urls.Sign(id, new FileSpec(FileKind.Waveform, FileFormat.Json), viewer),
        urls.ValidUntil);

    private static List<Guid> Parse(string? ids)
    {
        var parts = (ids ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length is 0 or > Most)
            throw Problem.Invalid("ids", $"1 to {Most} ids, separated by commas.");
        var parsed = new List<Guid>();
        foreach (var part in parts)
            parsed.Add(Guid.TryParse(part, out var id) ? id : throw Problem.Invalid("ids", "Ids of generations, separated by commas."));
        return [.. parsed.Distinct()];
    }
}

/// <param name="Audio">MP3.</param>
/// <param name="Cover">Add <c>&amp;size=</c>.</param>
/// <param name="ExpiresAt">Until then they work.</param>
internal sealed record MediaView(Guid Id, string Audio, string Cover, string Waveform, DateTimeOffset ExpiresAt);
