using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Stealth.Secrets;
using Son1kVers3.Testing;

namespace Son1kVers3.Stealth.Tests.Rotation;

/// <summary>Tests that break the servers of all others run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BreaksServers
{
    public const string Name = "breaks servers";
}

/// <summary>Two replicas, and servers that break under them.</summary>
[Collection(BreaksServers.Name)]
[Trait("Category", "Integration")]
public sealed class ReplicaTests : IAsyncLifetime
{
    private const string Path = "/egress/replicate/v1/predictions";
    private readonly string key = $"r8_{Guid.NewGuid():N}";
    private FakeApi api = null!;
    private ServerSet servers = null!;
    private Dictionary<string, string?> replicas = null!;
    private ServiceHost<Program> one = null!;
    private ServiceHost<Program> two = null!;

    public async Task InitializeAsync()
    {
        api = await FakeApi.StartAsync();
        servers = await ServerSet.GetAsync();
        replicas = new Dictionary<string, string?>(StealthFixture.Settings) { ["ConnectionStrings:redis"] = servers.CreateRedisDatabase() + ",connectRetry=1,connectTimeout=1000,syncTimeout=2000,asyncTimeout=2000" };
        one = await ServiceHost<Program>.StartAsync("stealth", replicas);
        two = await ServiceHost<Program>.StartAsync("stealth", replicas, beside: one);
        using var client = one.Client(Guid.CreateVersion7(), "operator");
        (await client.PutAsJsonAsync("/api/stealth/providers/replicate", new { allowPrivateHosts = true, rest = (object?)null })).EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        await two.DisposeAsync();
        await one.DisposeAsync();
        await api.DisposeAsync();
    }

    [Fact]
    public async Task Replicas_TogetherNeverExceedAnAccountsLimits()
    {
        var (running, most) = (0, 0);
        await AddAsync(key, new { concurrency = 2, requestsPerMinute = 25 });
        api.On(key, async http =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Delay(10);
            Interlocked.Decrement(ref running);
            await http.Response.WriteAsync("{}");
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => CallAsync(i % 2 == 0 ? one : two, timeout: 5)));

        Assert.Equal(2, most);
        Assert.Equal(25, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.OK), a => Assert.Equal(HttpStatusCode.ServiceUnavailable, a.StatusCode));
    }

    [Fact]
    public async Task Replica_SeesWhatTheOtherWasTold()
    {
        var account = await AddAsync(key, new { concurrency = 2 });
        await Eventually.PassesAsync(async () => Assert.Equal(HttpStatusCode.OK, (await CallAsync(two, 1)).StatusCode));

        using var client = two.Client(Guid.CreateVersion7(), "operator");
        await client.PostAsJsonAsync($"/api/stealth/accounts/{account}/health", new { status = "disabled", reason = "test" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await CallAsync(one, 1)).StatusCode);
    }

    [Fact]
    public async Task Redis_WhenItIsKilledAndComesBackEmpty_IsRebuiltWithoutABurstPastTheLimits()
    {
        var account = await AddAsync(key, new { concurrency = 5, requestsPerDay = 10, window = "fixed" });
        for (var i = 0; i < 7; i++)
            Assert.Equal(HttpStatusCode.OK, (await CallAsync(i % 2 == 0 ? one : two, 5)).StatusCode);

        await servers.KillRedisAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await CallAsync(one, 1)).StatusCode);
        await servers.StartRedisAsync();

        // What ran may still run: the account waits for as long as a slot could live.
        await Eventually.PassesAsync(async () => Assert.Equal("rebuilding", await ReasonAsync(account)));
        await Eventually.PassesAsync(async () => Assert.Null(await ReasonAsync(account)));
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
            answers.Add((await CallAsync(i % 2 == 0 ? one : two, 1)).StatusCode);

        Assert.Equal(10, api.Seen.Count(s => s.Key == key));
        Assert.Equal(3, answers.Count(a => a == HttpStatusCode.OK));
        Assert.Equal("requests-per-day", await ReasonAsync(account));
    }

    [Fact]
    public async Task MasterKey_WhenItIsReplaced_IsWrappedAnewWithoutDowntime()
    {
        await AddAsync(key, new { concurrency = 2 });
        var settings = new Dictionary<string, string?>(replicas)
        {
            ["Stealth:MasterKey"] = Convert.ToBase64String(new byte[32]),
            ["Stealth:PreviousMasterKeys:0"] = StealthFixture.MasterKey,
        };
        await using (var renewed = await ServiceHost<Program>.StartAsync("stealth", settings, beside: one))
        {
            Assert.Equal(HttpStatusCode.OK, (await CallAsync(renewed, 5)).StatusCode);
            Assert.True(await renewed.Services.GetRequiredService<SecretRewrap>().RewrapAsync(default) >= 1);
        }

        settings.Remove("Stealth:PreviousMasterKeys:0");
        await using var alone = await ServiceHost<Program>.StartAsync("stealth", settings, beside: one);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(alone, 5)).StatusCode);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    private async Task<Guid> AddAsync(string secret, object limits)
    {
        using var client = one.Client(Guid.CreateVersion7(), "operator");
        var answer = await client.PostAsJsonAsync(
            "/api/stealth/accounts", new { provider = "replicate", name = secret, contractHolder = "a", termsUrl = "https://x.dev", secret, baseUrl = api.Address, limits });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (Guid)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
    }

    private async Task<string?> ReasonAsync(Guid account)
    {
        using var client = one.Client(Guid.CreateVersion7(), "operator");
        return (string?)(await client.GetFromJsonAsync<JsonNode>($"/api/stealth/accounts/{account}"))!["ineligible"];
    }

    private static async Task<HttpResponseMessage> CallAsync(ServiceHost<Program> replica, double timeout)
    {
        using var client = StealthFixture.EgressOf(replica);
        client.DefaultRequestHeaders.Add("X-Stealth-Timeout", timeout.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return await client.GetAsync(Path);
    }
}
