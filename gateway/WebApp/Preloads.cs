using System.Text.Json;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Son1kVers3.Gateway.WebApp;

/// <summary>What the page at an address needs beside the frame: named in the answer, it is fetched beside the frame's code instead of after it.</summary>
/// <remarks>The build lists it in <c>preloads.json</c>; without that file pages start as before, a round trip later.</remarks>
internal sealed class Preloads(WebFolder folder)
{
    private const string List = "preloads.json";
    private (string File, DateTime At, Page[] Pages) _read = ("", default, []);

    /// <summary>The tags for the head of the page, or nothing.</summary>
    public string Tags(PathString path, string language) =>
        Read().FirstOrDefault(page => page.Template.TryMatch(path, []))?.Tags.GetValueOrDefault(language) ?? "";

    private Page[] Read()
    {
        if (folder.Find(List) is not { } file)
            return [];
        var read = _read;
        if (read.File != file.FullName || read.At != file.LastWriteTimeUtc)
            _read = read = (file.FullName, file.LastWriteTimeUtc, [.. Parse(File.ReadAllText(file.FullName))]);
        return read.Pages;
    }

    private static IEnumerable<Page> Parse(string json) => JsonSerializer.Deserialize<Entry[]>(json, JsonSerializerOptions.Web)!.Select(entry => new Page(
        new TemplateMatcher(new RouteTemplate(RoutePatternFactory.Parse(Template(entry.Path))), []),
        entry.Files.ToDictionary(files => files.Key, files => string.Concat(files.Value.Select(file => $"<link rel=\"modulepreload\" crossorigin href=\"{file}\">")))));

    /// <summary>The app writes <c>/t/:id</c> and <c>/settings/*</c>.</summary>
    private static string Template(string path) => string.Join('/', path.Split('/').Select(part => part switch
    {
        "*" => "{*rest}",
        [':', .. var name] => $"{{{name}}}",
        _ => part,
    }));

    private sealed record Entry(string Path, Dictionary<string, string[]> Files);

    private sealed record Page(TemplateMatcher Template, Dictionary<string, string> Tags);
}
