using System.Text.RegularExpressions;

namespace Son1kVers3.Testing;

/// <summary>How the folders of a service depend on each other, read from its sources.</summary>
/// <param name="service">Its folder below <c>services</c>.</param>
/// <param name="order">Its folders, each only needing those before it.</param>
public sealed class FolderOrder(string service, params string[] order)
{
    private readonly string _root = Path.Combine(TestRun.RepositoryRoot, "services", service);

    /// <summary>Every use of a folder that stands later in the order, every folder that the order does not know or that is gone, and every source outside its folder's
    /// namespace.</summary>
    public IReadOnlyList<string> Violations()
    {
        var sources = order.ToDictionary(folder => folder, Sources);
        var folders = Directory.GetDirectories(_root).Select(folder => Path.GetFileName(folder)!).Except(["bin", "obj", "Properties"]).ToList();
        return [
            .. folders.Except(order).Select(folder => $"{folder} is not in the order"),
            .. order.Except(folders).Select(folder => $"{folder} is gone"),
            .. order.SelectMany((folder, place) => order[(place + 1)..].SelectMany(later => sources[folder]
                .Where(source => Uses(source.Value, later, sources[later].Values)).Select(source => $"{folder}/{source.Key} uses {later}"))),
            .. order.SelectMany(folder => sources[folder]
                .Where(source => !Regex.IsMatch(source.Value, $@"^namespace {Regex.Escape(Space(folder))}[;.]", RegexOptions.Multiline))
                .Select(source => $"{folder}/{source.Key} is in another namespace")),
        ];
    }

    /// <summary>By <c>using</c>, by full name, or by the last part of its namespace before one of its types.</summary>
    private bool Uses(string source, string folder, IEnumerable<string> itsSources)
    {
        if (Regex.IsMatch(source, $@"\b{Regex.Escape(Space(folder))}\b"))
            return true;
        var types = itsSources.SelectMany(text => Regex.Matches(text, @"^(?:public|internal) [\w ]*?(?:class|record|struct|interface|enum) (\w+)", RegexOptions.Multiline))
            .Select(match => match.Groups[1].Value).ToHashSet();
        return Regex.Matches(source, $@"(?<![\w.""/]){folder}\.(\w+)").Any(match => types.Contains(match.Groups[1].Value));
    }

    private string Space(string folder) => $"Son1kVers3.{service}.{folder}";

    // What migrations say of earlier names stays.
    private Dictionary<string, string> Sources(string folder) => Directory.Exists(Path.Combine(_root, folder))
        ? Directory.GetFiles(Path.Combine(_root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}Migrations{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetRelativePath(Path.Combine(_root, folder), path), File.ReadAllText)
        : [];
}
