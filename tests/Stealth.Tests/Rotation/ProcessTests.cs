using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Son1kVers3.Stealth.Tests.Egress;
using Son1kVers3.Testing;

namespace Son1kVers3.Stealth.Tests.Rotation;

/// <summary>Two real processes, a provider with every fault, and one of the processes killed under load.</summary>
[Trait("Category", "Integration")]
public sealed class ProcessTests
{
    private const int Requests = 1200;
    private const int PerSecond = 100;
    private readonly string keys = $"r8_{Guid.NewGuid():N}";

    [Fact]
    public async Task Egress_OfTwoProcesses_WithEveryFault_AnswersWhileAnyAccountIsHealthy()
    {
        await using var api = await FakeApi.StartAsync();
        var servers = await ServerSet.GetAsync();
        await using var tokens = await TokenIssuer.StartAsync();
        var (database, messaging, redis) = (await servers.CreateDatabaseAsync("stealth"), await servers.CreateVirtualHostAsync(), servers.CreateRedisDatabase());
        await using var one = await StealthProcess.StartAsync(database, messaging, redis, tokens.Address);
        await using var two = await StealthProcess.StartAsync(database, messaging, redis, tokens.Address);
        var faults = Faults();
        await ConfigureAsync(one, api, tokens, faults);

        var (results, pending) = (new ConcurrentBag<string>(), new List<Task>());
        for (var i = 0; i < Requests; i++)
        {
            if (i == Requests / 2)
                two.Kill();
            pending.Add(CallAsync(i % 2 == 0 ? one : two, one, results));
            await Task.Delay(1000 / PerSecond);
        }

        await Task.WhenAll(pending);

        var failed = results.Where(r => r != "OK").GroupBy(r => r).Select(g => $"{g.Count()}× {g.Key}").ToList();
        Assert.True(results.Count(r => r == "OK") >= Requests * 0.999, $"{string.Join("; ", failed)}\n{one.Errors}\n{two.Errors}");
        // Every fault was met, and no account was asked again and again while it was away.
        foreach (var key in faults.Keys)
            Assert.InRange(api.Seen.Count(s => s.Key == key), 1, key == $"{keys}-sound" ? Requests * 2 : Requests / 5);
        Assert.Equal(Requests, results.Count);
    }

    private Dictionary<string, Func<HttpContext, Task>> Faults() => new()
    {
        [$"{keys}-sound"] = http => http.Response.WriteAsync("{}"),
        [$"{keys}-seconds"] = http => FailAsync(http, 429, "{}", "Retry-After", "30"),
        [$"{keys}-date"] = http => FailAsync(http, 429, "{}", "Retry-After", DateTimeOffset.UtcNow.AddSeconds(30).ToString("R")),
        [$"{keys}-ms"] = http => FailAsync(http, 429, "{}", "retry-after-ms", "30000"),
        [$"{keys}-body"] = http => FailAsync(http, 429, """{"detail":"Your rate limit resets in ~30s."}"""),
        [$"{keys}-401"] = http => FailAsync(http, 401, "{}"),
        [$"{keys}-402"] = http => FailAsync(http, 402, "{}"),
        [$"{keys}-500"] = http => FailAsync(http, 500, "oops"),
        [$"{keys}-stall"] = http => EgressTests.BreakAsync(http, "stall"),
        [$"{keys}-drop"] = http => EgressTests.BreakAsync(http, "drop in mid-body"),
    };

    private static Task FailAsync(HttpContext http, int status, string body, string? header = null, string? value = null)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        if (header is not null)
            http.Response.Headers[header] = value;
        return http.Response.WriteAsync(body);
    }

    private static async Task ConfigureAsync(StealthProcess replica, FakeApi api, TokenIssuer tokens, Dictionary<string, Func<HttpContext, Task>> faults)
    {
        using var client = new HttpClient { BaseAddress = replica.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Issue(Guid.CreateVersion7(), "operator"));
        (await client.PutAsJsonAsync("/api/stealth/providers/replicate", new { allowPrivateHosts = true, rest = (object?)null })).EnsureSuccessStatusCode();
        foreach (var (key, fault) in faults)
        {
            api.On(key, fault);
            (await client.PostAsJsonAsync("/api/stealth/accounts", new
            {
                provider = "replicate",
                name = key,
                contractHolder = "a",
                termsUrl = "https://x.dev",
                secret = key,
                baseUrl = api.Address,
                limits = new { concurrency = 100 },
            })).EnsureSuccessStatusCode();
        }
    }

    /// <summary>As a caller does it: what a killed replica leaves open is sent to the other one.</summary>
    private static async Task CallAsync(StealthProcess replica, StealthProcess other, ConcurrentBag<string> results)
    {
        foreach (var target in new[] { replica, other })
        {
            try
            {
                using var client = new HttpClient { BaseAddress = target.Address };
                client.DefaultRequestHeaders.Add("X-Service-Credential", StealthFixture.Credential);
                client.DefaultRequestHeaders.Add("X-Stealth-Attempt-Timeout", "1");
                client.DefaultRequestHeaders.Add("X-Stealth-Timeout", "30");
                var answer = await client.GetAsync("/egress/replicate/v1/predictions");
                results.Add(answer.IsSuccessStatusCode ? "OK" : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                return;
            }
            catch (HttpRequestException) when (target != other)
            {
                continue;
            }
        }
    }
}
