using System.Text.RegularExpressions;
using Son1kVers3.Contracts;
using Son1kVers3.Gateway.Documents;
using Son1kVers3.Testing;

namespace Son1kVers3.Gateway.Tests;

/// <summary>What the contracts say of their publishers and consumers is what the services' code does.</summary>
[Trait("Category", "Unit")]
public sealed class ContractCommentTests
{
    private static readonly string[] Services = ["billing", "generation", "pool", "profile", "stealth"];
    private static readonly Dictionary<string, string> Sources = Services.ToDictionary(service => service, ReadSources);

    public static TheoryData<Type> Messages =>
        [.. typeof(Event).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Event)) || type.Name is nameof(ReleaseQuota) or nameof(ModerateTrack) or nameof(ExportPart))];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Comment_NamesThePublishersAndConsumersThatTheCodeHas(Type message)
    {
        var expected = $"Published by {Names(Publishes(message.Name))}; consumed by {Names($@"\.On<{message.Name}\b")}.";

        Assert.EndsWith(expected, ContractComments.SummaryOf(message), StringComparison.Ordinal);
    }

    private static string Names(string pattern) =>
        string.Join(", ", Services.Where(service => Regex.IsMatch(Sources[service], pattern))) is { Length: > 0 } names ? names : "nobody";

    // Made by its name, as what a member of that type returns, or by the helper that makes many.
    private static string Publishes(string name) => $@"\bnew {name}\b|\b{name}\??\s+\w+\s*\([^;{{}}]*\)\s*=>[^;]*?\bnew\s*\(\)|\({name}s \w+";

    private static string ReadSources(string service)
    {
        var folder = Path.Combine(TestRun.RepositoryRoot, "services", char.ToUpperInvariant(service[0]) + service[1..]);
        string[] built = [$"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", $"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}"];
        return string.Concat(Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(file => !built.Any(file.Contains)).Select(File.ReadAllText));
    }
}
