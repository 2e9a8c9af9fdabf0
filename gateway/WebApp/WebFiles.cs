using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Son1kVers3.Gateway.WebApp;

/// <summary>The app's files as the build left them, compressed beforehand.</summary>
internal sealed class WebFiles(WebFolder folder)
{
    private const string Immutable = "public, max-age=31536000, immutable";
    private static readonly PathString Assets = "/assets";
    private static readonly FileExtensionContentTypeProvider Types = new() { Mappings = { [".webmanifest"] = "application/manifest+json" } };
    private static readonly (string Encoding, string Extension)[] Compressed = [("br", ".br"), ("gzip", ".gz")];

    /// <summary>Files of the build carry a hash in their names: what one of them contains never changes, and a missing one is no page.</summary>
    public static bool IsAsset(PathString path) => path.StartsWithSegments(Assets);

    /// <summary>The answer for a file, or null when there is none of this path.</summary>
    public IResult? Answer(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        // Compressed forms are how a file is sent, no files of their own.
        if (path.Length < 2 || path.Contains('\0', StringComparison.Ordinal) || Path.GetFileName(path) == WebFolder.Index || !Types.TryGetContentType(path, out var type) || folder.Find(path) is not { } file)
            return null;
        var headers = http.Response.Headers;
        headers.CacheControl = IsAsset(http.Request.Path) ? Immutable : "no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        foreach (var (encoding, extension) in Compressed)
        {
            if (!Accepts(http.Request.Headers.AcceptEncoding, encoding) || folder.Find(path + extension) is not { } smaller)
                continue;
            headers.ContentEncoding = encoding;
            return Send(smaller, type, encoding);
        }

        return Send(file, type, "");
    }

    private static IResult Send(FileInfo file, string type, string encoding)
    {
        var charset = type.StartsWith("text/", StringComparison.Ordinal) ? "; charset=utf-8" : "";
        var tag = new EntityTagHeaderValue($"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}{encoding}\"");
        return TypedResults.PhysicalFile(file.FullName, type + charset, lastModified: file.LastWriteTimeUtc, entityTag: tag, enableRangeProcessing: encoding.Length == 0);
    }

    private static bool Accepts(StringValues header, string encoding) =>
        StringWithQualityHeaderValue.TryParseList([.. header.OfType<string>()], out var accepted)
        && accepted.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);
}
