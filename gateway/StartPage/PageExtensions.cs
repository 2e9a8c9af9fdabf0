using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Son1kVers3.Gateway.StartPage;

/// <summary>The start page at <c>/</c>, and what it loads.</summary>
internal static class PageExtensions
{
    private const string WrittenIn = "<html lang=\"en\">";
    private static readonly string[] Languages = ["en", "es"];

    /// <summary>Files are served before anything is counted or authenticated.</summary>
    public static void UsePages(this WebApplication app) => app.UseStaticFiles(new StaticFileOptions
    {
        // File names carry no version: browsers ask whether theirs is still good.
        OnPrepareResponse = context => context.Context.Response.Headers.CacheControl = "no-cache",
    });

    public static void MapPages(this WebApplication app)
    {
        var pages = Languages.ToDictionary(language => language, language => new Page(Path.Combine(app.Environment.WebRootPath, "index.html"), language));
        app.MapMethods("/", ["GET", "HEAD"], (HttpContext http) => pages[LanguageOf(http.Request.GetTypedHeaders())].Answer(http)).ExcludeFromDescription();
    }

    /// <summary>Spanish or English, by <c>Accept-Language</c>.</summary>
    internal static string LanguageOf(RequestHeaders headers) => headers.AcceptLanguage
        .OrderByDescending(accepted => accepted.Quality ?? 1)
        .Select(accepted => Languages.FirstOrDefault(language => accepted.Value.StartsWith(language, StringComparison.OrdinalIgnoreCase)))
        .FirstOrDefault(language => language is not null) ?? Languages[0];

    /// <summary>One page in one language: its script reads the language from the document and fills in the texts.</summary>
    private sealed class Page
    {
        private readonly string _language;
        private readonly byte[] _html;
        private readonly EntityTagHeaderValue _tag;

        public Page(string file, string language)
        {
            _language = language;
            _html = Encoding.UTF8.GetBytes(File.ReadAllText(file).Replace(WrittenIn, $"<html lang=\"{language}\">", StringComparison.Ordinal));
            _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(_html))[..20]}\"");
        }

        public IResult Answer(HttpContext http)
        {
            var headers = http.Response.Headers;
            headers.CacheControl = "no-cache";
            headers.Vary = "Accept-Language";
            headers.ContentLanguage = _language;
            return Results.Bytes(_html, "text/html; charset=utf-8", entityTag: _tag);
        }
    }
}
