using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>What every provider keeps to. A new one adds a class with nothing but <see cref="Create"/>.</summary>
public abstract class ProviderContract
{
    internal abstract IMusicProvider Create();

    [Fact]
    public void Name_IsStableAndPlain()
    {
        using var provider = new Made(this);
        Assert.Matches("^[a-z][a-z0-9-]*$", provider.It.Name);
        Assert.Contains(Quality.Standard, provider.It.Capabilities.Qualities);
    }

    [Fact]
    public async Task Job_WhenFollowed_TellsPlanAndStagesInOrderAndDeliversAMaster()
    {
        using var provider = new Made(this);
        Assert.True((await provider.It.GetStatusAsync(CancellationToken.None)).Available);
        var handle = await provider.It.SubmitAsync(provider.Request(), CancellationToken.None);

        var steps = new List<ProviderProgress>();
        await foreach (var step in provider.It.FollowAsync(handle, CancellationToken.None))
            steps.Add(step);
        var result = await provider.It.FetchAsync(handle, CancellationToken.None);

        Assert.Single(steps, s => s.Plan is not null);
        // A preview is made beside the rest, and may be told late.
        var stages = steps.Where(s => s.PreviewPath is null).Select(s => s.Stage).ToList();
        Assert.Equal(stages.Order(), stages);
        Assert.All(steps, s => Assert.InRange(s.Percent, 0, 100));
        Assert.StartsWith(provider.Folder, result.MasterPath, StringComparison.Ordinal);
        Assert.Equal("fLaC", System.Text.Encoding.ASCII.GetString(await File.ReadAllBytesAsync(result.MasterPath), 0, 4));
        Assert.InRange(result.DurationSeconds, 8, 12);
        await provider.It.CancelAsync(handle);
    }

    [Fact]
    public async Task Job_WhenFollowingIsCancelled_EndsSoon()
    {
        using var provider = new Made(this);
        var handle = await provider.It.SubmitAsync(provider.Request(seconds: 300), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in provider.It.FollowAsync(handle, stop.Token))
            {
            }

            stop.Token.ThrowIfCancellationRequested();
        });
        await provider.It.CancelAsync(handle);
        await provider.It.CancelAsync(handle);
        await provider.It.CancelAsync("never heard of");
    }

    private sealed class Made(ProviderContract contract) : IDisposable
    {
        public IMusicProvider It { get; } = contract.Create();

        public string Folder { get; } = TestRun.CreateFolder("provider");

        public ProviderRequest Request(int seconds = 10) => new(
            Guid.CreateVersion7(), new TrackRequest
            {
                Prompt = "calm piano",
                DurationSeconds = seconds,
                Instrumental = true,
                Seed = 1
            }, Quality.Standard, Folder);

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>The studio keeps to it.</summary>
[Trait("Category", "Integration")]
public sealed class StudioProviderTests : ProviderContract
{
    internal override IMusicProvider Create() => new StudioProvider(new StudioToolbox(new ConfigurationBuilder().Build()));

    [Fact]
    public async Task Status_WhenAToolIsMissing_SaysWhichAndWhatHelps()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Studio:Ffmpeg"] = "/nowhere/ffmpeg" }).Build();

        var status = await new StudioProvider(new StudioToolbox(configuration)).GetStatusAsync(CancellationToken.None);

        Assert.False(status.Available);
        Assert.Contains("apt-get install", status.Detail, StringComparison.Ordinal);
    }
}

/// <summary>The order in which providers are asked, and a machine without the studio's tools.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class ProviderChoiceTests(GenerationFixture fixture)
{
    [Fact]
    public async Task Service_WhenTheStudiosToolsAreMissing_IsDegradedAndAcceptsNothingItCannotMake()
    {
        var settings = new Dictionary<string, string?>(fixture.Settings) { ["Studio:Ffmpeg"] = "/nowhere/ffmpeg" };
        await using var bare = await fixture.StartAsync(settings: settings);
        var user = Guid.CreateVersion7();
        using var client = bare.Client(user);

        var refused = await client.PostAsync("/api/generations", new StringContent("""{"prompt":"a","provider":"studio"}""", System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("ffmpeg", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, fixture.Billing.Reserved(user));
        var health = await client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal("degraded", JsonNode.Parse(await health.Content.ReadAsStringAsync())!["status"]!.GetValue<string>());
        var studio = JsonNode.Parse(await client.GetStringAsync("/api/providers"))!["items"]!.AsArray()
            .Single(p => p!["name"]!.GetValue<string>() == "studio")!;
        Assert.Equal("down", studio["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Job_WhenTheFirstProviderFails_IsMadeByTheNext()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());

        var id = await GenerationFixture.OrderAsync(client, "fail:QuotaExhausted piano");

        var done = await GenerationFixture.WhenAsync(client, id, "completed", TimeSpan.FromMinutes(2));
        Assert.Equal("studio", done["provider"]!.GetValue<string>());
    }

    [Fact]
    public void Order_OfConfiguration_IsKept()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Providers:Order:0"] = "b", ["Providers:Order:1"] = "a" }).Build();

        var catalog = new ProviderCatalog(
            [new TestProvider("") { Name = "a" }, new TestProvider("") { Name = "c" }, new TestProvider("") { Name = "b" }], configuration);

        Assert.Equal(["b", "a", "c"], catalog.All.Select(p => p.Name));
        var order = new TrackRequest { Prompt = "x", DurationSeconds = 10, Instrumental = true };
        Assert.Throws<ProblemException>(() => catalog.RequireSomeoneFor(order, Quality.Standard));
    }

    [Fact]
    public async Task Provider_WhenAskedForByName_IsLookedAtAgainBeforeAnotherTakesItsPlace()
    {
        var away = new TestProvider("") { Name = "away", Status = new ProviderStatus(false, "It was just added.") };
        var catalog = new ProviderCatalog([away, new TestProvider("") { Name = "there" }], new ConfigurationBuilder().Build());
        await catalog.RefreshAsync(CancellationToken.None);
        away.Status = new ProviderStatus(true);
        var order = new TrackRequest { Prompt = "x", DurationSeconds = 10, Instrumental = true };

        Assert.Equal(["there"], await FindAsync(order));
        Assert.Equal(["away", "there"], await FindAsync(order with { Provider = "away" }));

        async Task<IEnumerable<string>> FindAsync(TrackRequest request) =>
            (await catalog.FindUpAsync(request, Quality.Standard, CancellationToken.None)).Select(p => p.Name);
    }

    [Fact]
    public async Task Genres_AreListed()
    {
        using var client = fixture.Service.Client();
        var genres = JsonNode.Parse(await client.GetStringAsync("/api/genres"))!["items"]!.AsArray();

        Assert.True(genres.Count >= 16);
        Assert.Contains(genres, g => g!["slug"]!.GetValue<string>() == "pop");
    }
}
