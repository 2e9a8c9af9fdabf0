using System.Text.RegularExpressions;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>The folders of the service depend one way: each only on those before it.</summary>
[Trait("Category", "Unit")]
public sealed partial class RoomTests
{
    /// <summary>From the model up to what stands on everything.</summary>
    private static readonly string[] Order =
    [
        "Data", "Tracks", "Entitlements", "Files", "Progress", "Providers", "Measures", "Quotas", "Jobs", "Archive", "Media", "VoiceMemos",
        "Generations", "Streams", "Derivations", "Community", "Downloads", "Accounts",
    ];

    private static readonly string Service = Path.Combine(TestRun.RepositoryRoot, "services", "Generation");

    public static TheoryData<string> Rooms => [.. Order];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_WhenItNeedsOthers_NeedsOnlyThoseBelow(string room)
    {
        var allowed = Order.TakeWhile(other => other != room).Append(room).ToHashSet();

        var used = Sources(room).SelectMany(source => Named(File.ReadAllText(source))).Where(Order.Contains);

        Assert.Empty(used.Except(allowed));
    }

    [Fact]
    public void Order_WhenARoomIsAdded_KnowsIt() => Assert.Equal(
        Order.Order(), Directory.GetDirectories(Service).Select(Path.GetFileName).Except(["bin", "obj"]).Order());

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Source_WhenItLiesInARoom_IsInItsNamespace(string room) =>
        Assert.All(Sources(room),
            source => Assert.Contains($"namespace Son1kVers3.Generation.{room};", File.ReadAllText(source), StringComparison.Ordinal));

    private static IEnumerable<string> Sources(string room) => Directory.GetFiles(Path.Combine(Service, room), "*.cs");

    /// <summary>By using, by full name, or by the last part of a namespace.</summary>
    private static IEnumerable<string> Named(string source) => UsedRoom().Matches(source).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"(?:Son1kVers3\.Generation\.|(?<![\w.])Generation\.|(?<![\w.""/])(?=(?:Data|Files|Jobs|Media|Tracks|Archive|Providers|Progress)\.[A-Z]\w+[\s(<.]))(\w+)")]
    private static partial Regex UsedRoom();
}
