using Microsoft.Net.Http.Headers;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Storage;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>Sends a stored file, whole or in ranges. Conditions that do not hold are told as problems, which the framework's own answer leaves empty.</summary>
internal sealed class FileAnswer(Track track, string path, TrackFile file, string type) : IResult
{
    public async Task ExecuteAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        await TypedResults.PhysicalFile(path, type, null, track.FinishedAt ?? track.CreatedAt, new EntityTagHeaderValue($"\"{file.Checksum}\""), enableRangeProcessing: true).ExecuteAsync(http);
        if (http.Response.StatusCode == StatusCodes.Status412PreconditionFailed)
            await RefuseAsync(http, "precondition-failed", "The file is not the one that the request's conditions name.");
        else if (http.Response.StatusCode == StatusCodes.Status416RangeNotSatisfiable)
            await RefuseAsync(http, "range-not-satisfiable", $"The file has {file.Bytes} bytes; ask for some of them.");
    }

    private static Task RefuseAsync(HttpContext http, string slug, string detail)
    {
        http.Response.ContentLength = null;
        http.Response.Headers.ContentDisposition = default;
        return TypedResults.Problem(detail, null, http.Response.StatusCode, Problem.TitleOf(slug), Problem.TypeBase + slug).ExecuteAsync(http);
    }
}

internal static class FileRoutes
{
    /// <summary>A file, and what is known of it without its bytes.</summary>
    public static RouteHandlerBuilder MapFile(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => routes.MapMethods(pattern, ["GET", "HEAD"], handler);
}
