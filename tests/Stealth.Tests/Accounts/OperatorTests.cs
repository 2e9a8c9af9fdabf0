using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Stealth.Tests.Accounts;

/// <summary>What operators see and do besides the accounts themselves.</summary>
[Collection(StealthCollection.Name)]
[Trait("Category", "Integration")]
public sealed class OperatorTests(StealthFixture fixture)
{
    private readonly string secret = $"r8_{Guid.NewGuid():N}";

    public static TheoryData<string, string> Operations => new()
    {
        { "GET", "health" }, { "GET", "stats" }, { "GET", "events" }, { "GET", "accounts" }, { "GET", "proxies" }, { "GET", "providers" }, { "GET", "export" }, { "POST", "import" },
        { "POST", "rotate" }, { "PUT", "providers/fal" }, { "POST", $"accounts/{Guid.Empty}/health" }, { "GET", $"accounts/{Guid.Empty}/keys" }, { "GET", $"accounts/{Guid.Empty}/history" },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Operators_AloneMayCallIt(string method, string path)
    {
        HttpRequestMessage Request() => new(new HttpMethod(method), $"/api/stealth/{path}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Stealth.Client().SendAsync(Request())).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await fixture.Stealth.Client(Guid.CreateVersion7()).SendAsync(Request())).StatusCode);
    }

    [Fact]
    public async Task Account_ShowsWhatIsLeftOfEachLimit()
    {
        await fixture.ResetAsync("replicate");
        var id = await fixture.AddAsync("replicate", secret, new { concurrency = 3, requestsPerMinute = 60, requestsPerDay = 100, requestsPerMonth = 1000, spendCentsPerMonth = 500 });
        await CallAsync(("X-Stealth-Cost-Cents", "20"));

        var account = await fixture.AccountAsync(id);

        Assert.Null(account["ineligible"]);
        Assert.Equal(0, (double)account["availableInSeconds"]!);
        Assert.Equal(
            (3, 59, 99, 999, 480),
            ((int)account["remaining"]!["concurrency"]!, (int)account["remaining"]!["requestsPerMinute"]!, (int)account["remaining"]!["requestsPerDay"]!,
                (int)account["remaining"]!["requestsPerMonth"]!, (int)account["remaining"]!["spendCentsPerMonth"]!));
    }

    [Theory]
    [InlineData("""{"concurrency":5,"requestsPerMinute":2}""", "requests-per-minute")]
    [InlineData("""{"concurrency":5,"requestsPerDay":2}""", "requests-per-day")]
    [InlineData("""{"concurrency":5,"requestsPerMonth":2}""", "requests-per-month")]
    [InlineData("""{"concurrency":5,"spendCentsPerMonth":45}""", "spend")]
    [InlineData("""{"concurrency":5,"requestsPerMinute":2,"window":"fixed"}""", "requests-per-minute")]
    public async Task Account_WhenALimitIsReached_SaysWhich_AndIsNotUsed(string limits, string reason)
    {
        await fixture.ResetAsync("replicate");
        var id = await fixture.AddAsync("replicate", secret, JsonNode.Parse(limits));
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await CallAsync(("X-Stealth-Cost-Cents", "20"))).StatusCode);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await CallAsync(("X-Stealth-Cost-Cents", "20"), ("X-Stealth-Timeout", "0"))).StatusCode);
        if (reason != "spend")
            Assert.Equal(reason, (string)(await fixture.AccountAsync(id))["ineligible"]!);
        Assert.Equal(2, fixture.Api.Seen.Count(s => s.Key == secret));
    }

    [Fact]
    public async Task Provider_AfterItsRequests_Rests_UntilAnOperatorWakesIt()
    {
        await fixture.ResetAsync("replicate", new { allowPrivateHosts = true, rest = new { requests = 2, minutes = 30 } });
        var id = await fixture.AddAsync("replicate", secret);
        await CallAsync();
        await CallAsync();

        var account = await fixture.AccountAsync(id);
        Assert.Equal("resting", (string)account["ineligible"]!);
        Assert.InRange((double)account["availableInSeconds"]!, 1700, 1800);

        await SetHealthAsync(id, "healthy");
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(("X-Stealth-Timeout", "1"))).StatusCode);
    }

    [Fact]
    public async Task Provider_ByDefault_RestsHalfAnHourAfterFiftyRequests()
    {
        await fixture.ResetAsync("fal", new { });
        var provider = (await fixture.Operator().GetFromJsonAsync<JsonNode>("/api/stealth/providers/fal"))!;

        Assert.Equal((50, 30, "round-robin", true), ((int)provider["rest"]!["requests"]!, (int)provider["rest"]!["minutes"]!, (string)provider["strategy"]!, (bool)provider["enabled"]!));
    }

    [Fact]
    public async Task Health_WhenDisabledByHand_IsTold_AndNothingIsSent()
    {
        await using var bus = await TestBus.StartAsync(fixture.Stealth.Messaging, (test, endpoint) =>
        {
            test.Hear<AccountHealthChanged>(endpoint);
            test.Hear<ProviderDown>(endpoint);
            test.Hear<ProviderUp>(endpoint);
        });
        await fixture.ResetAsync("replicate");
        var id = await fixture.AddAsync("replicate", secret);
        using var stop = new CancellationTokenSource();
        await using var events = fixture.Operator().ReadEventsAsync("/api/stealth/events", cancellationToken: stop.Token).GetAsyncEnumerator();
        await events.MoveNextAsync();
        Assert.Equal("snapshot", events.Current.Kind);

        await SetHealthAsync(id, "disabled");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await CallAsync(("X-Stealth-Timeout", "1"))).StatusCode);
        await Eventually.PassesAsync(() =>
        {
            Assert.Contains(bus.Heard<AccountHealthChanged>(), e => e.AccountId == id && e.Status == "disabled" && e.Reason == "by the test");
            Assert.Contains(bus.Heard<ProviderDown>(), e => e.Provider == "replicate");
        });
        Assert.Equal("unhealthy", (string)(await fixture.Operator().GetFromJsonAsync<JsonNode>("/api/stealth/health"))!["status"]!);
        while (events.Current is not { Kind: "account", Id: not null })
            Assert.True(await events.MoveNextAsync());
        Assert.Equal("disabled", (string)JsonNode.Parse(events.Current.Data)!["status"]!);

        await SetHealthAsync(id, "healthy");
        await Eventually.PassesAsync(() => Assert.Contains(bus.Heard<ProviderUp>(), e => e.Provider == "replicate"));
        var history = (await fixture.Operator().GetFromJsonAsync<JsonNode>($"/api/stealth/accounts/{id}/history"))!["items"]!.AsArray();
        Assert.Equal(["healthy", "disabled"], history.Select(e => (string)e!["status"]!));
        await stop.CancelAsync();
    }

    [Fact]
    public async Task Stats_CountRequestsErrorsLatencyAndSpend()
    {
        await fixture.ResetAsync("replicate");
        var id = await fixture.AddAsync("replicate", secret);
        fixture.Api.Once(secret, 422);
        for (var i = 0; i < 3; i++)
            await CallAsync(("X-Stealth-Cost-Cents", "7"));

        // Written once a second.
        await Eventually.PassesAsync(async () =>
        {
            var stats = (await fixture.Operator().GetFromJsonAsync<JsonNode>("/api/stealth/stats?hours=1"))!;
            var account = stats["providers"]!.AsArray().SelectMany(p => p!["accounts"]!.AsArray()).Single(a => (Guid)a!["account"]!["id"]! == id)!;
            Assert.Equal((3, 1, 21), ((int)account["requests"]!, (int)account["errors"]!["invalid-request"]!, (int)account["spendCents"]!));
            Assert.True((double)account["p99Ms"]! >= (double)account["p50Ms"]!);
        });
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.Operator().GetAsync("/api/stealth/stats?hours=25")).StatusCode);
    }

    [Fact]
    public async Task Rotate_AnswersTheNextAccountEachTime_Masked()
    {
        await fixture.ResetAsync("replicate");
        Guid[] ids = [await fixture.AddAsync("replicate", secret), await fixture.AddAsync("replicate", secret + "x"), await fixture.AddAsync("replicate", secret + "y")];
        var seen = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            var answer = await (i % 2 == 0 ? fixture.Operator().PostAsJsonAsync("/api/stealth/rotate", new { provider = "replicate" })
                : fixture.Commands().PostAsJsonAsync("/internal/commands/rotate", new { provider = "replicate" }));
            var text = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain(secret, text);
            seen.Add((Guid)JsonNode.Parse(text)!["id"]!);
        }

        Assert.Equal(seen[..3], seen[3..]);
        Assert.Equal(ids.Order(), seen[..3].Order());
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Egress().PostAsJsonAsync("/internal/commands/rotate", new { provider = "replicate" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.Operator().PostAsJsonAsync("/api/stealth/rotate", new { provider = "suno" })).StatusCode);
    }

    [Theory]
    [InlineData("round-robin")]
    [InlineData("random")]
    [InlineData("least-used")]
    [InlineData("weighted")]
    [InlineData("sticky-by-user")]
    public async Task Strategy_WhenConfigured_SpreadsRequestsItsWay(string strategy)
    {
        await fixture.ResetAsync("replicate", new { strategy, allowPrivateHosts = true, rest = (object?)null });
        foreach (var weight in (int[])[1, 3])
            await fixture.AddAsync("replicate", $"{secret}{weight}", new { concurrency = 5 }, weight: weight);

        var used = new List<string>();
        for (var i = 0; i < 16; i++)
            used.Add((await CallAsync(("X-Stealth-User", "ana"))).Headers.GetValues("X-Stealth-Account").Single());

        var shares = used.GroupBy(u => u).Select(g => g.Count()).Order().ToArray();
        Assert.Equal(strategy switch { "weighted" => [4, 12], "sticky-by-user" => [16], "random" => shares, _ => [8, 8] }, shares);
    }

    [Fact]
    public async Task Export_MasksSecrets_AndImportsAgain()
    {
        await fixture.ResetAsync("replicate");
        var proxy = $"proxy-{Guid.NewGuid():N}";
        var import = new
        {
            proxies = new[] { new { name = proxy, protocol = "socks5", host = "127.0.0.1", port = 1080, username = "u", password = secret } },
            accounts = new[] { new { provider = "replicate", name = "imported", contractHolder = "Son1k Labs", termsUrl = "https://x.dev", secret, proxy, tags = new[] { "eu" } } },
        };

        var first = await fixture.Operator().PostAsJsonAsync("/api/stealth/import", import);
        Assert.Equal((1, 0, 1, 0), await CountsAsync(first));
        var text = await fixture.Operator().GetStringAsync("/api/stealth/export");
        Assert.DoesNotContain(secret, text);
        Assert.Contains($"••••{secret[^4..]}", (string)JsonNode.Parse(text)!["accounts"]!.AsArray().Single(a => (string)a!["name"]! == "imported")!["secret"]!);

        var again = await fixture.Operator().PostAsync("/api/stealth/import", new StringContent(text, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(0, (await CountsAsync(again)).Added);
        Assert.Equal($"••••{secret[^4..]}", (string)(await fixture.Operator().GetFromJsonAsync<JsonNode>("/api/stealth/accounts?tag=eu"))!["items"]![0]!["secretMask"]!);
    }

    [Fact]
    public async Task Import_WhenOneEntryIsWrong_ChangesNothing()
    {
        await fixture.ResetAsync("replicate");
        var answer = await fixture.Operator().PostAsJsonAsync("/api/stealth/accounts/import", new
        {
            accounts = new object[]
            {
                new { provider = "replicate", name = "good", contractHolder = "a", termsUrl = "https://x.dev", secret },
                new { provider = "replicate", name = "bad", contractHolder = "a", termsUrl = "https://x.dev" },
            },
        });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull((await answer.Content.ReadFromJsonAsync<JsonNode>())!["errors"]!["accounts[1].secret"]);
        Assert.Empty((await fixture.Operator().GetFromJsonAsync<JsonNode>("/api/stealth/accounts?provider=replicate"))!["items"]!.AsArray());
    }

    [Fact]
    public async Task Key_WhereOneKeyIsTheRule_TakesOverAtOnce()
    {
        await fixture.ResetAsync("stability");
        var id = await fixture.AddAsync("stability", secret);

        Assert.Equal(HttpStatusCode.BadRequest, (await AddKeyAsync(id, new { secret = "another-secret-value-0001", overlapMinutes = 5 })).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await AddKeyAsync(id, new { secret = "another-secret-value-0001" })).StatusCode);

        var keys = (await fixture.Operator().GetFromJsonAsync<JsonNode>($"/api/stealth/accounts/{id}/keys"))!["items"]!.AsArray();
        Assert.Equal(["active", "draining"], keys.Select(k => (string)k!["status"]!));
        Assert.Equal(HttpStatusCode.NoContent, (await fixture.Operator().DeleteAsync($"/api/stealth/accounts/{id}/keys/{keys[1]!["id"]}")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await fixture.Operator().DeleteAsync($"/api/stealth/accounts/{id}/keys/{keys[0]!["id"]}")).StatusCode);
    }

    private static async Task<(int Added, int Changed, int ProxiesAdded, int ProxiesChanged)> CountsAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var counts = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        return ((int)counts["accountsAdded"]!, (int)counts["accountsChanged"]!, (int)counts["proxiesAdded"]!, (int)counts["proxiesChanged"]!);
    }

    private Task<HttpResponseMessage> AddKeyAsync(Guid account, object key) => fixture.Operator().PostAsJsonAsync($"/api/stealth/accounts/{account}/keys", key);

    private async Task SetHealthAsync(Guid id, string status) => (await fixture.Operator().PostAsJsonAsync($"/api/stealth/accounts/{id}/health", new { status, reason = "by the test" })).EnsureSuccessStatusCode();

    private async Task<HttpResponseMessage> CallAsync(params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/egress/replicate/v1/predictions");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await fixture.Egress().SendAsync(request);
    }
}
