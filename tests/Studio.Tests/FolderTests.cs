using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Son1kVers3.Studio.Tests;

/// <summary>The studio's folders depend one way.</summary>
[Trait("Category", "Unit")]
public sealed partial class FolderTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Text"] = [],
        ["Scores"] = [],
        ["Covers"] = [],
        ["Programs"] = [],
        ["Lyrics"] = ["Scores", "Text"],
        ["Genres"] = ["Scores", "Text"],
        ["Planning"] = ["Genres", "Lyrics", "Scores", "Text"],
        ["Composing"] = ["Genres", "Lyrics", "Planning", "Scores"],
        ["Midi"] = ["Scores"],
        ["Encoding"] = ["Programs"],
        ["Mastering"] = ["Programs"],
        ["Listening"] = ["Mastering", "Programs", "Scores"],
        ["Performing"] = ["Lyrics", "Scores"],
        ["Mixing"] = ["Genres", "Mastering", "Performing", "Scores"],
        ["Singing"] = ["Listening", "Lyrics", "Mixing", "Performing", "Programs", "Scores"],
        ["Rendering"] = ["Genres", "Listening", "Lyrics", "Mastering", "Mixing", "Performing", "Programs", "Scores", "Singing"],
        ["Command"] = ["Composing", "Encoding", "Genres", "Lyrics", "Midi", "Mixing", "Planning", "Programs", "Rendering", "Singing"],
    };

    [Fact]
    public void Folder_WhenItUsesAnother_UsesOnlyWhatIsBelow() => Assert.All(Allowed, folder =>
    {
        var used = Sources(folder.Key)
            .SelectMany(path => Named().Matches(File.ReadAllText(path)).Select(match => match.Groups["folder"].Value)).Distinct();
        Assert.Empty(used.Where(other => other != folder.Key && Allowed.ContainsKey(other)).Except(folder.Value));
    });

    [Fact]
    public void Folders_WhenFollowedDownwards_NeverComeBack()
    {
        var left = Allowed.ToDictionary();
        while (left.Keys.FirstOrDefault(folder => !left[folder].Any(left.ContainsKey)) is { } lowest)
        {
            left.Remove(lowest);
        }

        Assert.Empty(left);
    }

    [Fact]
    public void Folders_AreAllKnown()
    {
        var folders = Directory.GetDirectories(Studio()).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj"));
        Assert.Equal(Allowed.Keys.Order(), folders.Order());
    }

    private static string[] Sources(string folder) =>
        Directory.GetFiles(Path.Combine(Studio(), folder), "*.cs", SearchOption.AllDirectories);

    private static string Studio([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../services/Studio"));

    // "using Son1kVers3.Studio.Genres;", or "Genres.Genre" in full.
    [GeneratedRegex(@"(?:\bSon1kVers3\.Studio\.|(?<![\w.""/])(?=[A-Z]\w+\.[A-Z]))(?<folder>\w+)")]
    private static partial Regex Named();
}
