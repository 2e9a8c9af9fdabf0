using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Son1kVers3.Testing;

namespace Son1kVers3.AppHost.Tests.Architecture;

/// <summary>The rule of the house: AppHost → services, gateway → ServiceDefaults → Contracts, never sideways.</summary>
[Trait("Category", "Unit")]
public sealed class DependencyTests
{
    private const string Ours = "Son1kVers3.";

    public static TheoryData<string, string[]> Allowed => new()
    {
        { "services/Contracts", [] },
        { "services/Studio", [] },
        { "ServiceDefaults", ["Contracts"] },
        { "services/Billing", ["Contracts", "ServiceDefaults"] },
        { "services/Generation", ["Contracts", "ServiceDefaults", "Studio"] },
        { "services/Pool", ["Contracts", "ServiceDefaults"] },
        { "services/Profile", ["Contracts", "ServiceDefaults"] },
        { "services/Stealth", ["Contracts", "ServiceDefaults"] },
        { "gateway", ["Contracts", "ServiceDefaults"] },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void ProjectFile_WhenItRefersToOurs_RefersOnlyToWhatIsBelow(string folder, string[] allowed)
    {
        var project = Assert.Single(Directory.GetFiles(Path.Combine(TestRun.RepositoryRoot, folder), "*.csproj"));

        var references = XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Empty(references.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Assembly_WhenItRefersToOurs_RefersOnlyToWhatIsBelow(string folder, string[] allowed)
    {
        var project = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(Path.Combine(TestRun.RepositoryRoot, folder), "*.csproj")));
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(DependencyTests).Assembly.Location)!)!);
        var assembly = Path.Combine(TestRun.RepositoryRoot, folder, "bin", configuration, "net10.0", $"{Ours}{project}.dll");

        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        var references = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(name => name.StartsWith(Ours, StringComparison.Ordinal)).Select(name => name[Ours.Length..]);

        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Allowed_WhenAServiceIsAdded_KnowsIt()
    {
        var services = Directory.GetFiles(Path.Combine(TestRun.RepositoryRoot, "services"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => $"services/{Path.GetFileName(Path.GetDirectoryName(path))}");

        Assert.Empty(services.Except(Allowed.Select(row => (string)row[0])));
    }
}
