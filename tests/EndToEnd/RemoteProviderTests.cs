using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>Tracks that services elsewhere make, through the platform's own stealth: its accounts, its secrets, its leases.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class RemoteProviderTests(Platform platform) : IAsyncLifetime
{
    private const int Seconds = 10;
    private static readonly string[] Names = ["ace-step", "elevenlabs", "stability", "replicate", "fal", "minimax"];
    private readonly List<string> accounts = [];

    private FakeProviders Providers { get; set; } = null!;

    private Member Operator { get; set; } = null!;

    public async Task InitializeAsync()
    {
        Providers = await FakeProviders.StartAsync();
        Operator = await platform.Founder.Value;
        foreach (var name in Names)
        {
            var settings = new { allowPrivateHosts = true, rest = (object?)null };
            (await Operator.Client.PutAsJsonAsync($"/api/stealth/providers/{name}", settings)).EnsureSuccessStatusCode();
            await AddAccountAsync(name, SecretOf(name));
        }

        await Eventually.TrueAsync(
            async () => (await Operator.GetJsonAsync("/api/providers"))["items"]!.AsArray().All(p => (string?)p!["status"] == "up"), "all providers are up");
    }

    /// <summary>Other stories are the studio's.</summary>
    public async Task DisposeAsync()
    {
        foreach (var account in accounts)
            (await Operator.Client.DeleteAsync($"/api/stealth/accounts/{account}")).EnsureSuccessStatusCode();
        await Providers.DisposeAsync();
    }

    [Fact]
    public async Task Track_FromEachProvider_IsMasteredAndNamesItsMaker()
    {
        var ordered = new Dictionary<string, JsonNode>();
        foreach (var name in Names)
            ordered[name] = await OrderAsync(name);

        foreach (var (name, generation) in ordered)
        {
            var done = await Operator.EndedAsync(generation);
            Assert.Equal(("completed", name), ((string?)done["status"], (string?)done["provider"]));
            Assert.Contains(Providers.Seen, s => s.Key == SecretOf(name));
            await HearAsync(done);
            foreach (var part in (string[])["midi", "score"])
                await (await Operator.Client.GetAsync($"/api/generations/{generation["id"]}/{part}")).ProblemAsync(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Track_WhenItsAccountDiesInMidJob_IsMadeByAnother()
    {
        await AddAccountAsync("replicate", "r8_the-other");
        string? dead = null;
        Providers.Fault = (http, key) =>
        {
            // Whichever account gets the job: from then on its key is refused.
            dead ??= HttpMethods.IsPost(http.Request.Method) ? key : null;
            var isRefused = key == dead && HttpMethods.IsGet(http.Request.Method);
            http.Response.StatusCode = isRefused ? 401 : 200;
            return Task.FromResult(isRefused);
        };

        var done = await Operator.EndedAsync(await OrderAsync("replicate"));

        Assert.Equal(("completed", "replicate"), ((string?)done["status"], (string?)done["provider"]));
        Assert.NotNull(dead);
        Assert.Equal(2, Providers.Seen.Where(s => s.Call.StartsWith("POST /v1/models", StringComparison.Ordinal)).Select(s => s.Key).Distinct().Count());
    }

    [Fact]
    public async Task Track_WhenAllProvidersAreDown_IsMadeByTheStudio()
    {
        Providers.Fault = (http, _) =>
        {
            http.Response.StatusCode = 503;
            return Task.FromResult(true);
        };

        // Workers look at the providers every 15 s: one that has not seen them up yet goes to the studio at once.
        await Eventually.TrueAsync(async () =>
        {
            var done = await Operator.EndedAsync(await OrderAsync(null));
            Assert.Equal(("completed", "studio"), ((string?)done["status"], (string?)done["provider"]));
            return !Providers.Seen.IsEmpty;
        }, "a remote provider was tried");
    }

    private static string SecretOf(string provider) => $"secret-of-{provider}";

    private async Task AddAccountAsync(string provider, string secret)
    {
        var answer = await Operator.Client.PostAsJsonAsync("/api/stealth/accounts", new
        {
            provider,
            name = secret,
            contractHolder = "Son1k Labs",
            termsUrl = "https://example.com/terms",
            secret,
            baseUrl = Providers.Address,
            limits = new { concurrency = 2 },
        });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        accounts.Add((string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!);
    }

    private Task<JsonNode> OrderAsync(string? provider) =>
        Operator.GenerateAsync(new { prompt = "soft bossa nova in A minor, 120 bpm", durationSeconds = Seconds, provider }).AcceptedAsync();

    private async Task HearAsync(JsonNode track)
    {
        var path = Path.Combine(Path.GetTempPath(), $"remote-{Guid.NewGuid():N}.mp3");
        await File.WriteAllBytesAsync(path, await Operator.Client.GetByteArrayAsync($"/api/generations/{track["id"]}/audio?format=mp3"));
        try
        {
            Assert.InRange(await AudioProbe.SecondsAsync(path), Seconds - 1, Seconds + 1);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
