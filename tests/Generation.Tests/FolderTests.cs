using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>The folders of the service depend one way: each only on those before it.</summary>
[Trait("Category", "Unit")]
public sealed class FolderTests
{
    /// <summary>From the model up to what stands on everything.</summary>
    private static readonly FolderOrder Order = new(
        "Generation",
        "Data", "Tracks", "Entitlements", "Files", "Progress", "Providers", "Measures", "Quotas", "Jobs", "Archive", "Media", "VoiceMemos",
        "Generations", "Streams", "Derivations", "Community", "Downloads", "Accounts");

    [Fact]
    public void Folder_WhenItUsesOthers_UsesOnlyThoseBelow() => Assert.Empty(Order.Violations());
}
