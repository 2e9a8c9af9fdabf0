using System.Reflection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Son1kVers3.Generation.Files;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>
/// Sends a stored file, whole or in ranges, under the track's name. Conditions that do not hold are told as problems, which the framework's
/// own answer leaves empty.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="name">Of the download, without extension; null for what nobody saves.</param>
internal sealed class StoredFileResult(LocalFile file, string? name) : IResult, IEndpointMetadataProvider
{
    /// <summary>Everybody may keep it: the track is open to all.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Offered for saving instead of for playing.</summary>
    public bool IsAttachment { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        // Asked anew each time, by ETag: titles change, and what is hidden or made private is no longer served.
        headers.CacheControl = IsPublic ? "public, no-cache" : "private, no-cache";
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        if (name is not null)
            headers.ContentDisposition = DownloadName.Disposition(name, file.File.Spec.Extension, IsAttachment);
        // Ranges are for GET, and of bytes; any other is as if it were not there (RFC 9110, 14.2).
        if (!HttpMethods.IsGet(httpContext.Request.Method) || !IsOfBytes(httpContext.Request.Headers.Range.ToString()))
            httpContext.Request.Headers.Remove(HeaderNames.Range);
        if (!File.Exists(file.Path))
            throw Problem.Unavailable("This file was replaced at this moment; ask again.", TimeSpan.FromSeconds(1));
        httpContext.Features.Set<IHttpResponseBodyFeature>(
            new LargeBlocks(httpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>()));
        var tag = new EntityTagHeaderValue($"\"{file.File.Checksum}\"");
        await TypedResults.PhysicalFile(file.Path, file.File.Spec.MediaType, null, file.File.StoredAt, tag, enableRangeProcessing: true)
            .ExecuteAsync(httpContext);
        if (httpContext.Response.StatusCode == StatusCodes.Status412PreconditionFailed)
            await RefuseAsync(httpContext, "precondition-failed", "The file is not the one that the request's conditions name.");
        else if (httpContext.Response.StatusCode == StatusCodes.Status416RangeNotSatisfiable)
            await RefuseAsync(httpContext, "range-not-satisfiable", $"The file has {file.File.Bytes} bytes; ask for some of them.");
    }

    /// <summary>Called by the framework: describes the answer to OpenAPI.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new Microsoft.AspNetCore.Http.ProducesResponseTypeMetadata(StatusCodes.Status304NotModified));
        foreach (var status in (int[])[401, 404, 412, 416, 503])
            builder.Metadata.Add(
                new Microsoft.AspNetCore.Http.ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
    }

    private static bool IsOfBytes(string range) => range.Split('=')[0].Trim().Equals("bytes", StringComparison.OrdinalIgnoreCase);

    private static Task RefuseAsync(HttpContext http, string slug, string detail)
    {
        http.Response.ContentLength = null;
        http.Response.Headers.ContentDisposition = default;
        return TypedResults.Problem(detail, null, http.Response.StatusCode, Problem.TitleOf(slug), Problem.TypeBase + slug)
            .ExecuteAsync(http);
    }
}

internal static class FileRoutes
{
    /// <summary>A file, and what is known of it without its bytes.</summary>
    public static RouteHandlerBuilder MapFile(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapMethods(pattern, ["GET", "HEAD"], handler);

    /// <summary>Describes the bytes: whole or a range.</summary>
    /// <typeparam name="T">What is in it, if it is JSON.</typeparam>
    public static RouteHandlerBuilder Sends<T>(this RouteHandlerBuilder endpoint, string type, params string[] otherTypes) =>
        endpoint.Produces<T>(200, type, otherTypes).Produces<Stream>(206, type, otherTypes);
}
