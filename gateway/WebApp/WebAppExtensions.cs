using Son1kVers3.ServiceDefaults.Discovery;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Gateway.WebApp;

/// <summary>The web app: its files, its one page at every address of its own, and what links to it show elsewhere.</summary>
internal static class WebAppExtensions
{
    public const string OEmbed = "/oembed";

    /// <summary>Addresses that are no pages of the app.</summary>
    private static readonly PathString[] Others = ["/api", "/.well-known", "/openapi", "/asyncapi", "/health", "/alive", "/docs", "/internal", OEmbed];
    private static readonly string[] ShareKinds = ["t", "u", "c"];

    public static IServiceCollection AddWebApp(this IServiceCollection services)
    {
        services.AddServiceReads(ShareCards.ClientName);
        return services.AddSingleton<WebFolder>().AddSingleton<WebFiles>().AddSingleton<BuiltPages>().AddSingleton<IndexPage>().AddSingleton<ShareCards>();
    }

    /// <summary>Files, and the page for navigations: before anything is counted or authenticated.</summary>
    public static void UseWebApp(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (!IsRead(http.Request) || Array.Exists(Others, path => http.Request.Path.StartsWithSegments(path)))
            await next(http);
        else if (http.RequestServices.GetRequiredService<WebFiles>().Answer(http) is { } file)
            await file.ExecuteAsync(http);
        else if (WebFiles.IsAsset(http.Request.Path))
            throw Problem.NotFound("file");
        else if (IsNavigation(http.Request) && !IsShared(http.Request.Path))
            await http.RequestServices.GetRequiredService<IndexPage>().Answer(http).ExecuteAsync(http);
        else
            await next(http);
    });

    /// <summary>The pages that links lead to, and their facts as oEmbed.</summary>
    public static void MapWebApp(this WebApplication app)
    {
        app.MapMethods("/", ["GET", "HEAD"], (HttpContext http, IndexPage page) => page.Answer(http)).ExcludeFromDescription();
        foreach (var kind in ShareKinds)
            app.MapMethods($"/{kind}/{{id}}", ["GET", "HEAD"], (string id, HttpContext http) => SharedAsync(kind, id, http)).ExcludeFromDescription();
        app.MapGet(OEmbed, OEmbedAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> SharedAsync(string kind, string id, HttpContext http)
    {
        var (card, known) = await http.RequestServices.GetRequiredService<ShareCards>().FindAsync(kind, id, http.RequestAborted);
        var status = card is null && known ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        return http.RequestServices.GetRequiredService<IndexPage>().Answer(http, card, status);
    }

    /// <summary>https://oembed.com: a link with title, author and picture, for the pages above.</summary>
    private static async Task<IResult> OEmbedAsync(string? url, string? format, ShareCards cards, CancellationToken cancellationToken)
    {
        if (format is not (null or "json"))
            throw Problem.Of(StatusCodes.Status501NotImplemented, "format-not-offered", "oEmbed is offered as JSON.");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var page) || page.AbsolutePath.Trim('/').Split('/') is not [var kind, var id] || !ShareKinds.Contains(kind))
            throw Problem.NotFound("page");
        var (card, known) = await cards.FindAsync(kind, Uri.UnescapeDataString(id), cancellationToken);
        if (card is null)
            throw known ? Problem.NotFound("page") : Problem.Unavailable("Try again in a moment.", TimeSpan.FromSeconds(5));
        if (new Uri(card.Url).Authority != page.Authority)
            throw Problem.NotFound("page");
        return Results.Json(new Dictionary<string, object?>
        {
            ["version"] = "1.0",
            ["type"] = "link",
            ["title"] = card.Title,
            ["author_name"] = card.AuthorName,
            ["author_url"] = card.AuthorUrl,
            ["provider_name"] = "Son1kVers3",
            ["provider_url"] = page.GetLeftPart(UriPartial.Authority),
            ["cache_age"] = 3600,
            ["thumbnail_url"] = card.Image,
            ["thumbnail_width"] = card.Image is null ? null : card.Kind == "u" ? 320 : 1200,
            ["thumbnail_height"] = card.Image is null ? null : card.Kind == "u" ? 320 : 630,
        }.Where(pair => pair.Value is not null).ToDictionary());
    }

    private static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    /// <summary>A browser opens an address; scripts, pictures and clients of the API ask for something else.</summary>
    private static bool IsNavigation(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>What unfolds links often accepts anything, so these answer everybody.</summary>
    private static bool IsShared(PathString path) => path.Value?.Split('/') is ["", var kind, { Length: > 0 }] && ShareKinds.Contains(kind);
}
