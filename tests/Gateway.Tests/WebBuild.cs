using System.IO.Compression;
using System.Text;

namespace Son1kVers3.Gateway.Tests;

/// <summary>A build of the web app as the gateway finds it: the page, assets with a hash in their names, compressed forms beside them.</summary>
internal static class WebBuild
{
    public const string Script = "console.log('app');";

    public static readonly string Folder = Write(Directory.CreateTempSubdirectory("web-build-").FullName, "app-1a2b3c.js");

    public static string Write(string folder, string script)
    {
        var assets = Directory.CreateDirectory(Path.Combine(folder, "assets")).FullName;
        File.WriteAllText(Path.Combine(folder, "favicon.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        File.WriteAllText(Path.Combine(assets, script), Script);
        using (var smaller = new BrotliStream(File.Create(Path.Combine(assets, $"{script}.br")), CompressionLevel.Optimal))
            smaller.Write(Encoding.UTF8.GetBytes(Script));
        using (var smaller = new GZipStream(File.Create(Path.Combine(assets, $"{script}.gz")), CompressionLevel.Optimal))
            smaller.Write(Encoding.UTF8.GetBytes(Script));
        File.WriteAllText(
            Path.Combine(folder, "pages.json"),
            """
            [{"path":"/challenges/:id","files":{"es":["/assets/Challenge-1a.js","/assets/challenges-es.js"],"en":["/assets/Challenge-1a.js","/assets/challenges-en.js"]}},
            {"path":"/settings/*","files":{"es":["/assets/Settings-1a.js"],"en":["/assets/Settings-1a.js"]}},
            {"path":"/pool","files":{"es":[],"en":[]},"data":["/api/pool?sort=recent&limit=30"],
             "visitor":{"es":"<h1>Fondo común</h1>","en":"<h1>Pool</h1>"},"member":{"es":"<h1>Fondo de Ana</h1>","en":"<h1>Member's pool</h1>"}}]
            """);
        File.WriteAllText(
            Path.Combine(folder, "index.html"),
            $"<!doctype html><html lang=\"en\"><head><link rel=\"icon\" href=\"/favicon.svg\"><title>Son1kVers3</title></head><body><div id=\"root\"></div><script type=\"module\" src=\"/assets/{script}\"></script></body></html>");
        return folder;
    }
}
