using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Son1kVers3.Gateway.WebApp;

/// <summary>What the build knows of the pages of the app, by their addresses.</summary>
/// <remarks>The build lists them in <c>pages.json</c>; without that file pages start as well, a round trip later.</remarks>
internal sealed class BuiltPages(WebFolder folder)
{
    private static readonly BuiltPage Unknown = new("", "", "", "");
    private readonly BuildFile<Page[]> _list = new(folder, "pages.json", json => [.. Parse(json)]);

    public BuiltPage Find(PathString path, string language) =>
        _list.Read()?.FirstOrDefault(page => page.Template.TryMatch(path, []))?.ByLanguage.GetValueOrDefault(language) ?? Unknown;

    private static IEnumerable<Page> Parse(string json) => JsonSerializer.Deserialize<Entry[]>(json, JsonSerializerOptions.Web)!.Select(entry => new Page(
        new TemplateMatcher(new RouteTemplate(RoutePatternFactory.Parse(Template(entry.Path))), []),
        entry.Files.ToDictionary(files => files.Key, files => new BuiltPage(
            string.Concat(files.Value.Select(file => $"<link rel=\"modulepreload\" crossorigin href=\"{file}\">")),
            string.Concat(entry.Data?.Select(address => $"<link rel=\"preload\" as=\"fetch\" crossorigin=\"anonymous\" href=\"{HtmlEncoder.Default.Encode(address)}\">") ?? []),
            entry.Visitor?.GetValueOrDefault(files.Key) ?? "",
            entry.Member?.GetValueOrDefault(files.Key) ?? ""))));

    /// <summary>The app writes <c>/t/:id</c> and <c>/settings/*</c>.</summary>
    private static string Template(string path) => string.Join('/', path.Split('/').Select(part => part switch
    {
        "*" => "{*rest}",
        [':', .. var name] => $"{{{name}}}",
        _ => part,
    }));

    private sealed record Entry(string Path, Dictionary<string, string[]> Files, string[]? Data, Dictionary<string, string>? Visitor, Dictionary<string, string>? Member);

    private sealed record Page(TemplateMatcher Template, Dictionary<string, BuiltPage> ByLanguage);
}

/// <param name="Tags">For the head: what the page needs beside the frame is then fetched beside the frame's code instead of after it.</param>
/// <param name="DataTags">For the head: what a visitor's page asks for, to be asked for beside the code, too.</param>
/// <param name="VisitorView">For the body: what a visitor sees of it before any answer has come, so that something is read while the code is still on its way.</param>
/// <param name="MemberView">The same for whoever is signed in.</param>
internal sealed record BuiltPage(string Tags, string DataTags, string VisitorView, string MemberView);
