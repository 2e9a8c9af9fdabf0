using System.Text.Json.Nodes;
using Son1kVers3.AppHost.Tests.Hosts;
using Son1kVers3.Testing;

namespace Son1kVers3.AppHost.Tests;

/// <summary>What is published, as the manifest describes it.</summary>
[Trait("Category", "Integration")]
public sealed class ManifestTests(ManifestTests.Published published) : IClassFixture<ManifestTests.Published>
{
    [Fact]
    public void Servers_AreContainersWithVolumes_AndPasswordsAsInputs()
    {
        foreach (var name in (string[])["postgres", "redis", "messaging"])
        {
            Assert.StartsWith("container.", (string?)published[name]["type"]);
            Assert.NotEmpty(published[name]["volumes"]!.AsArray());
            Assert.True((bool)published[$"{name}-password"]["inputs"]!["value"]!["secret"]!);
        }
    }

    [Fact]
    public void Services_AreProjects_WithADatabaseEach()
    {
        foreach (var name in (string[])["profile", "billing", "pool", "stealth", "generation"])
        {
            Assert.Equal("project.v0", (string?)published[name]["type"]);
            Assert.Equal("value.v0", (string?)published[$"{name}db"]["type"]);
            Assert.Equal($"{{{name}db.connectionString}}", (string?)published[name]["env"]![$"ConnectionStrings__{name}db"]);
        }

        Assert.Equal("0", (string?)published["generation"]["env"]!["Jobs__Workers"]);
        Assert.NotEqual("0", (string?)published["generation-workers"]["env"]!["Jobs__Workers"]);
        Assert.True((bool)published["gateway"]["bindings"]!["http"]!["external"]!);
    }

    [Theory]
    [InlineData("billing")]
    [InlineData("pool")]
    [InlineData("stealth")]
    [InlineData("generation")]
    public void Profile_KnowsWhereTheOthersAre_WhoseErrorQueuesItShows(string service) =>
        Assert.Equal($"{{{service}.bindings.http.url}}", (string?)published["profile"]["env"]![$"services__{service}__http__0"]);

    [Theory]
    [InlineData("auth-signing-secret")]
    [InlineData("stealth-master-key")]
    [InlineData("egress-credential")]
    [InlineData("media-signing-key")]
    [InlineData("stripe-secret-key")]
    [InlineData("stripe-webhook-secret")]
    public void Secrets_AreParameters(string name)
    {
        Assert.Equal("parameter.v0", (string?)published[name]["type"]);
        Assert.Equal($"{{{name}.inputs.value}}", (string?)published[name]["value"]);
        Assert.True((bool)published[name]["inputs"]!["value"]!["secret"]!);
    }

    [Fact]
    public void NothingOfThisMachine_IsPublished()
    {
        Assert.DoesNotContain(published.Resources, resource => (string?)resource.Value!["type"] == "executable.v0");
        Assert.DoesNotContain(published.Resources, resource => resource.Key.StartsWith("stripe-sandbox", StringComparison.Ordinal) || resource.Key == "stripe");
        Assert.DoesNotContain(published.Folder, published.Resources.ToJsonString());
        Assert.False(File.Exists(Path.Combine(published.Folder, "secrets.json")), "nothing is made for a run");
    }

    /// <summary>The manifest, written once.</summary>
    public sealed class Published : IAsyncLifetime
    {
        public JsonObject Resources { get; private set; } = [];

        public string Folder { get; private set; } = string.Empty;

        private static string AppHostAssembly => Path.Combine(
            [TestRun.RepositoryRoot, "AppHost", "bin", .. typeof(HostSettings).Assembly.Location.Split(Path.DirectorySeparatorChar)[^3..]]);

        public JsonNode this[string name] => Resources[name] ?? throw new KeyNotFoundException($"The manifest has no {name}.");

        public async Task InitializeAsync()
        {
            Folder = TestRun.CreateFolder("manifest");
            var path = Path.Combine(Folder, "manifest.json");
            var run = HostRun.Run(AppHostAssembly, Folder, port: null, "--publisher", "manifest", "--output-path", path);
            Assert.True(await run.ExitAsync() == 0, run.Output);
            Resources = JsonNode.Parse(await File.ReadAllTextAsync(path))!["resources"]!.AsObject();
        }

        public Task DisposeAsync() => TestRun.DeleteFolderAsync(Folder);
    }
}
