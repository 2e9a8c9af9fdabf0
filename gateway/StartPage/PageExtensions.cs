using Microsoft.Net.Http.Headers;

namespace Son1kVers3.Gateway.StartPage;

/// <summary>The static pages: the start page at <c>/</c>, the reference at <c>/docs</c>, and what they load.</summary>
internal static class PageExtensions
{
    /// <summary>Files are served before anything is counted or authenticated.</summary>
    public static void UsePages(this WebApplication app) => app.UseStaticFiles(new StaticFileOptions
    {
        // File names carry no version: browsers ask whether theirs is still good.
        OnPrepareResponse = context => context.Context.Response.Headers.CacheControl = "no-cache",
    });

    public static IEndpointRouteBuilder MapPages(this IEndpointRouteBuilder app)
    {
        MapPage("/", "index.html");
        MapPage("/docs", "docs/index.html");
        return app;

        void MapPage(string address, string file) => app.MapMethods(address, ["GET", "HEAD"], (HttpContext http, IWebHostEnvironment environment) =>
        {
            http.Response.Headers.CacheControl = "no-cache";
            var info = environment.WebRootFileProvider.GetFileInfo(file);
            return Results.File(info.PhysicalPath!, "text/html; charset=utf-8", lastModified: info.LastModified,
                entityTag: new EntityTagHeaderValue($"\"{info.LastModified.Ticks:x}-{info.Length:x}\""));
        }).ExcludeFromDescription();
    }
}
