using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Son1kVers3.Stealth.Rotation;
using Son1kVers3.Testing;

namespace Son1kVers3.Stealth.Tests.Failover;

/// <summary>What came of a run.</summary>
/// <param name="Failures">What callers got instead of a success, with how often.</param>
/// <param name="Gaps">From the end of each failed attempt to the next one, in order of length.</param>
internal sealed record FailoverOutcome(
    int Requests, int Succeeded, IReadOnlyList<string> Failures, IReadOnlyDictionary<string, int> Faults, IReadOnlyList<TimeSpan> Gaps)
{
    public double Share => (double)Succeeded / Requests;

    /// <summary>What failover added beyond the failed attempt, in this share of all cases at most.</summary>
    public TimeSpan Added(double percent) => Gaps.Count == 0 ? TimeSpan.Zero : Gaps[Math.Max(0, (int)Math.Ceiling(Gaps.Count * percent / 100) - 1)];
}

/// <summary>Two replicas as processes of their own, a provider whose accounts fail in every way, and a steady stream of requests.</summary>
internal static class FailoverRun
{
    private const string Provider = "minimax";
    private const string Credential = "service-credential-of-the-run";
    private const string Path = "/egress/minimax/v1/query/job?r=";

    private static Dictionary<string, string> Settings => new()
    {
        ["Stealth__MasterKey"] = Convert.ToBase64String(new byte[32]),
        ["Egress__Credential"] = Credential,
        ["Internal__Credential"] = Credential,
        // So that what recovered is used, and fails, again and again.
        ["Health__Cooldown"] = "00:00:00.500",
        ["Health__LongestCooldown"] = "00:00:02",
    };

    /// <summary>Sends them, and kills one of the replicas in the middle where that is asked for.</summary>
    public static async Task<FailoverOutcome> RunAsync(int requests, int perSecond, int seed, bool kill)
    {
        await using var provider = await FaultyProvider.StartAsync(seed);
        await using var tokens = await TokenIssuer.StartAsync();
        var servers = await ServerSet.GetAsync();
        var (database, messaging, redis) = (await servers.CreateDatabaseAsync("stealth"), await servers.CreateVirtualHostAsync(), servers.CreateRedisDatabase());
        var settings = new Dictionary<string, string>(Settings)
        {
            ["ConnectionStrings__stealthdb"] = database,
            ["ConnectionStrings__messaging"] = messaging,
            ["ConnectionStrings__redis"] = redis,
            ["services__profile__http__0"] = tokens.Address,
        };
        using var one = await ServiceProcess.StartAsync(typeof(Rotator), settings);
        using var two = await ServiceProcess.StartAsync(typeof(Rotator), settings);
        await ConfigureAsync(one, provider, tokens);
        // Both know the accounts, and what they need is compiled.
        using HttpClient first = ClientOf(one), second = ClientOf(two);
        for (var i = 0; i < 50; i++)
            await Task.WhenAll(SendAsync($"warm-{i}-1", first, first), SendAsync($"warm-{i}-2", second, second));
        provider.Gaps.Clear();

        var results = new ConcurrentBag<string>();
        var pending = new List<Task>();
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < requests; i++)
        {
            if (kill && i == requests / 2)
                two.Kill();
            pending.Add(CallAsync(i, i % 2 == 0 ? first : second, first, results));
            // By the clock, not by pauses: what was late is made up for.
            var due = TimeSpan.FromSeconds((i + 1.0) / perSecond) - Stopwatch.GetElapsedTime(begun);
            if (due > TimeSpan.FromMilliseconds(1))
                await Task.Delay(due);
        }

        await Task.WhenAll(pending);
        return new FailoverOutcome(
            requests, results.Count(r => r.Length == 0), [.. results.Where(r => r.Length > 0).CountBy(r => r).Select(r => $"{r.Value} × {r.Key}")],
            new SortedDictionary<string, int>(provider.Faults.ToDictionary()), [.. provider.Gaps.Order()]);
    }

    private static async Task ConfigureAsync(ServiceProcess replica, FaultyProvider provider, TokenIssuer tokens)
    {
        using var client = replica.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Issue(Guid.CreateVersion7(), "operator"));
        (await client.PutAsJsonAsync($"/api/stealth/providers/{Provider}", new { allowPrivateHosts = true, rest = (object?)null })).EnsureSuccessStatusCode();
        foreach (var account in FaultyProvider.Accounts)
        {
            (await client.PostAsJsonAsync("/api/stealth/accounts", new
            {
                provider = Provider,
                name = account,
                contractHolder = "a",
                termsUrl = "https://example.com/terms",
                secret = account,
                baseUrl = provider.Address,
                limits = new { concurrency = 100 },
            })).EnsureSuccessStatusCode();
        }
    }

    private static HttpClient ClientOf(ServiceProcess replica)
    {
        var client = replica.Client();
        client.DefaultRequestHeaders.Add("X-Service-Credential", Credential);
        client.DefaultRequestHeaders.Add("X-Stealth-Attempt-Timeout", $"{FaultyProvider.AttemptTimeout.TotalSeconds:0}");
        client.DefaultRequestHeaders.Add("X-Stealth-Timeout", "30");
        return client;
    }

    private static async Task CallAsync(int number, HttpClient client, HttpClient other, ConcurrentBag<string> results)
    {
        await Task.Yield();
        results.Add(await SendAsync($"{number}", client, other));
    }

    /// <summary>As a caller does it: what a killed replica leaves open is sent to the other one. Returns what went wrong.</summary>
    private static async Task<string> SendAsync(string number, HttpClient client, HttpClient other)
    {
        foreach (var target in new[] { client, other })
        {
            try
            {
                using var answer = await target.GetAsync(new Uri(Path + number, UriKind.Relative));
                return answer.IsSuccessStatusCode && !answer.Headers.Contains("X-Stealth-Error") ? "" : $"{(int)answer.StatusCode}";
            }
            catch (HttpRequestException) when (target != other)
            {
                // The replica is dead.
            }
        }

        return "no answer";
    }
}
