using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Son1kVers3.Gateway.WebApp;

/// <summary>The one page of the app, in the language that the browser asks for; its script draws what the address names.</summary>
internal sealed class IndexPage(WebFolder folder, BuiltPages pages)
{
    private const string WrittenIn = "<html lang=\"en\">";
    private const string EndOfHead = "</head>";
    private const string Root = "<div id=\"root\">";

    // Set by the app: somebody is signed in here, and the language that was chosen.
    private const string MemberCookie = "son1k.signed-in";
    private const string LanguageCookie = "son1k.language";
    private static readonly string[] Languages = ["en", "es"];
    private readonly BuildFile<string> _html = new(folder, WebFolder.Index, html => html);

    /// <param name="http">The request: its language decides.</param>
    /// <param name="share">What the link shows elsewhere; none for most pages.</param>
    /// <param name="status">404 where the address names nothing that everybody may see: the app still starts, for its owner or to say so.</param>
    public IResult Answer(HttpContext http, ShareCard? share = null, int status = StatusCodes.Status200OK)
    {
        var language = LanguageOf(http.Request);
        var page = pages.Find(http.Request.Path, language);
        var html = Read().Replace(WrittenIn, $"<html lang=\"{language}\">", StringComparison.Ordinal);
        var isVisitor = !http.Request.Cookies.ContainsKey(MemberCookie);
        // A page with a query asks for something else.
        var data = isVisitor && !http.Request.QueryString.HasValue ? page.DataTags : "";
        html = html.Replace(EndOfHead, page.Tags + data + EndOfHead, StringComparison.Ordinal);
        html = html.Replace(Root, Root + (isVisitor ? page.VisitorView : page.MemberView), StringComparison.Ordinal);
        if (share is not null)
            html = html.Replace(EndOfHead, Tags(share) + EndOfHead, StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(html);
        var headers = http.Response.Headers;
        headers.CacheControl = "no-cache";
        headers.Vary = "Accept-Language, Cookie";
        headers.ContentLanguage = language;
        if (status != StatusCodes.Status200OK)
            return Results.Text(bytes, "text/html; charset=utf-8", status);
        return Results.Bytes(bytes, "text/html; charset=utf-8", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..20]}\""));
    }

    /// <summary>Spanish or English: the one chosen in the app, else by <c>Accept-Language</c>.</summary>
    private static string LanguageOf(HttpRequest request) =>
        Languages.FirstOrDefault(language => language == request.Cookies[LanguageCookie]) ?? LanguageOf(request.GetTypedHeaders());

    private static string LanguageOf(RequestHeaders headers) => headers.AcceptLanguage
        .OrderByDescending(accepted => accepted.Quality ?? 1)
        .Select(accepted => Languages.FirstOrDefault(language => accepted.Value.StartsWith(language, StringComparison.OrdinalIgnoreCase)))
        .FirstOrDefault(language => language is not null) ?? Languages[0];

    private string Read() => _html.Read() ?? throw new FileNotFoundException("The gateway's own page is missing.", WebFolder.Index);

    private static string Tags(ShareCard share)
    {
        var tags = new StringBuilder();
        void Meta(string property, string? content)
        {
            if (content is not null)
                tags.Append($"<meta property=\"{property}\" content=\"{HtmlEncoder.Default.Encode(content)}\">");
        }

        Meta("og:site_name", "Son1kVers3");
        Meta("og:type", share.Kind switch { "t" => "music.song", "u" => "profile", _ => "music.playlist" });
        Meta("og:title", share.Title);
        Meta("og:description", share.Description);
        Meta("og:url", share.Url);
        Meta("og:image", share.Image);
        Meta("og:audio", share.Audio);
        Meta("music:duration", share.DurationSeconds is { } seconds ? Math.Round(seconds).ToString("0", System.Globalization.CultureInfo.InvariantCulture) : null);
        Meta("music:musician", share.Kind == "t" ? share.AuthorUrl : null);
        Meta("twitter:card", share.Image is null ? "summary" : "summary_large_image");
        tags.Append($"<link rel=\"canonical\" href=\"{HtmlEncoder.Default.Encode(share.Url)}\">");
        tags.Append($"<link rel=\"alternate\" type=\"application/json+oembed\" href=\"{HtmlEncoder.Default.Encode(share.OEmbedUrl)}\" title=\"{HtmlEncoder.Default.Encode(share.Title)}\">");
        return tags.ToString();
    }
}
