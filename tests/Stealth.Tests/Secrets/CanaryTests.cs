using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Stealth.Egress;
using Son1kVers3.Stealth.Secrets;
using Son1kVers3.Stealth.Tests.Egress;
using Son1kVers3.Testing;
using StackExchange.Redis;

namespace Son1kVers3.Stealth.Tests.Secrets;

/// <summary>Secrets that are easy to find again go through every path, and are looked for wherever something may have written them.</summary>
[Trait("Category", "Integration")]
public sealed class CanaryTests
{
    private const string Canary = "canary-9f3b1c7e5a-secret";
    private readonly ConcurrentQueue<string> written = new();

    [Fact]
    public async Task Secrets_AreNowhere_InLogsTracesAnswersEventsStateOrDatabase()
    {
        using var listener = Listen();
        await using var api = await FakeApi.StartAsync();
        var redis = (await ServerSet.GetAsync()).CreateRedisDatabase();
        await using var stealth = await ServiceHost<Program>.StartAsync(
            "stealth", new Dictionary<string, string?>(StealthFixture.Settings)
            {
                ["ConnectionStrings:redis"] = redis,
                ["Logging:LogLevel:Default"] = "Trace",
            },
            configure: services => services.AddSingleton<ILoggerProvider>(new Logs(written)));
        await using var bus = await TestBus.StartAsync(stealth.Messaging, (test, endpoint) => endpoint.Handler<AccountHealthChanged>(context =>
        {
            written.Enqueue(context.Message.ToString());
            return Task.CompletedTask;
        }));
        await using var others = await TestBus.StartAsync(stealth.Messaging, (test, endpoint) =>
        {
            test.Hear<ProviderDown>(endpoint);
            test.Hear<ProviderUp>(endpoint);
        });

        await RunEverythingAsync(stealth, api);
        await Eventually.TrueAsync(() => Task.FromResult(written.Any(w => w.Contains(nameof(AccountHealthChanged)))), "an event was heard");
        foreach (var told in others.Heard<ProviderDown>().Select(e => e.ToString()).Concat(others.Heard<ProviderUp>().Select(e => e.ToString())))
            written.Enqueue(told);
        await DumpAsync(stealth.Database);
        await DumpRedisAsync(redis);

        // What was gathered is what it is meant to be.
        Assert.Contains(api.Seen, s => s.Key == $"{Canary}-account");
        Assert.True(written.Count > 500, $"{written.Count} texts");
        foreach (var text in (string[])["INSERT INTO account_keys", "row of account_keys", "span egress replicate", "answer 422"])
            Assert.Contains(written, w => w.Contains(text, StringComparison.Ordinal));
        Assert.DoesNotContain(written, w => w.Contains(Canary, StringComparison.OrdinalIgnoreCase) || w.Contains(Convert.ToBase64String(Encoding.ASCII.GetBytes(Canary))[..24]));
    }

    private async Task RunEverythingAsync(ServiceHost<Program> stealth, FakeApi api)
    {
        using var client = stealth.Client(Guid.CreateVersion7(), "operator");
        using var egress = StealthFixture.EgressOf(stealth);
        await AskAsync(client, HttpMethod.Put, "/api/stealth/providers/replicate", new { allowPrivateHosts = true });
        var proxy = await AskAsync(client, HttpMethod.Post, "/api/stealth/proxies", new { name = "p", host = "127.0.0.1", port = 1, username = "u", password = $"{Canary}-proxy" });
        var account = await AddAsync(client, "first", $"{Canary}-account", api.Address, null);
        var behind = await AddAsync(client, "second", $"{Canary}-second", api.Address, (Guid)proxy!["id"]!);
        await AskAsync(client, HttpMethod.Post, $"/api/stealth/accounts/{account}/keys", new { secret = $"{Canary}-newer" });
        await AskAsync(client, HttpMethod.Patch, $"/api/stealth/accounts/{behind}", new { secret = $"{Canary}-other", name = "renamed" });
        await RunLeasesAsync(egress, api);
        // Refusals of requests that hold a secret.
        await AskAsync(client, HttpMethod.Post, "/api/stealth/accounts", new { provider = "nobody", secret = $"{Canary}-refused" });
        await AskAsync(client, HttpMethod.Post, "/api/stealth/accounts", new { provider = "replicate", name = "first", contractHolder = "a", termsUrl = "https://x.dev", secret = $"{Canary}-taken" });
        await AskAsync(client, HttpMethod.Post, "/api/stealth/import", new { accounts = new[] { new { provider = "replicate", name = "third", secret = $"{Canary}-import" } } });

        api.On($"{Canary}-newer", 401, $$"""{"detail":"bad key {{Canary}}-newer"}""");
        api.On($"{Canary}-account", 422, $$"""{"detail":"bad request of {{Canary}}-account"}""", ("X-Key", $"{Canary}-account"));
        for (var i = 0; i < 4; i++)
            await AskAsync(egress, HttpMethod.Post, "/egress/replicate/v1/predictions", new { input = 1 });
        api.On($"{Canary}-account", http => EgressTests.BreakAsync(http, "drop in mid-body"));
        await AskAsync(egress, HttpMethod.Post, "/egress/replicate/v1/predictions", new { input = 1 });
        api.On($"{Canary}-account", 429, $"slow down, {Canary}-account");
        await AskAsync(egress, HttpMethod.Post, "/egress/replicate/v1/predictions", new { input = 1 });
        await RunOtherPlacesAsync(client, egress, api);
        await AskAsync(client, HttpMethod.Post, $"/api/stealth/accounts/{account}/health", new { status = "disabled", reason = "by hand" });
        await AskAsync(client, HttpMethod.Post, $"/api/stealth/accounts/{account}/health", new { status = "healthy", reason = "by hand" });
        await ReadEventsAsync(client);
        foreach (var path in (string[])["accounts", "proxies", "providers", "health", "stats", "export", $"accounts/{account}", $"accounts/{account}/keys", $"accounts/{account}/history", $"accounts/{behind}/history"])
            await AskAsync(client, HttpMethod.Get, $"/api/stealth/{path}", null);
        await AskAsync(client, HttpMethod.Post, "/api/stealth/rotate", new { provider = "replicate" });
        await AskAsync(client, HttpMethod.Get, "/openapi/v1.json", null);
        await stealth.Services.GetRequiredService<SecretRewrap>().RewrapAsync(default);
    }

    /// <summary>A job of several calls on one account, which another holder takes over.</summary>
    private async Task RunLeasesAsync(HttpClient egress, FakeApi api)
    {
        api.On($"{Canary}-account", 201, $$"""{"id":"p1","echo":"{{Canary}}-account"}""");
        api.On($"{Canary}-other", 201, $$"""{"id":"p1","echo":"{{Canary}}-other"}""");
        api.On($"{Canary}-newer", 201, $$"""{"id":"p1","echo":"{{Canary}}-newer"}""");
        using var order = new HttpRequestMessage(HttpMethod.Post, "/egress/replicate/v1/predictions") { Content = JsonContent.Create(new { input = 1 }) };
        order.Headers.Add("X-Stealth-Lease", "new; ttl=60");
        order.Headers.Add("X-Stealth-Timeout", "10");
        using var answer = await egress.SendAsync(order);
        written.Enqueue($"answer {(int)answer.StatusCode} {answer.Headers} {await answer.Content.ReadAsStringAsync()}");
        var lease = answer.Headers.GetValues("X-Stealth-Lease").First();
        var taken = await AskAsync(egress, HttpMethod.Post, $"/egress/leases/{lease}/take-over", null);
        await AskAsync(egress, HttpMethod.Delete, $"/egress/leases/{taken!["lease"]}", null);
    }

    /// <summary>Secrets in headers of other names and forms.</summary>
    private async Task RunOtherPlacesAsync(HttpClient client, HttpClient egress, FakeApi api)
    {
        foreach (var (provider, path) in ((string, string)[])[("elevenlabs", "v1/music"), ("fal", "fal-ai/app"), ("ace-step", "release_task"), ("minimax", "v1/music_generation"), ("stability", "v2beta/audio/x")])
        {
            await AskAsync(client, HttpMethod.Put, $"/api/stealth/providers/{provider}", new { allowPrivateHosts = true });
            await AskAsync(client, HttpMethod.Post, "/api/stealth/accounts", new
            {
                provider,
                name = provider,
                contractHolder = "a",
                termsUrl = "https://x.dev",
                secret = $"{Canary}-{provider}",
                baseUrl = api.Address,
                limits = new { concurrency = 5 },
            });
            await AskAsync(egress, HttpMethod.Post, $"/egress/{provider}/{path}", new { input = 1 });
        }
    }

    private async Task ReadEventsAsync(HttpClient client)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await foreach (var told in client.ReadEventsAsync("/api/stealth/events", cancellationToken: soon.Token))
                written.Enqueue($"event {told}");
        }
        catch (OperationCanceledException)
        {
            // A live stream has no end.
            written.Enqueue("events were read");
        }
    }

    private async Task<Guid> AddAsync(HttpClient client, string name, string secret, string baseUrl, Guid? proxyId) => (Guid)(await AskAsync(
        client, HttpMethod.Post, "/api/stealth/accounts",
        new { provider = "replicate", name, contractHolder = "a", termsUrl = "https://x.dev", secret, baseUrl, proxyId, limits = new { concurrency = 5 } }))!["id"]!;

    private async Task<JsonNode?> AskAsync(HttpClient client, HttpMethod method, string path, object? body)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-Stealth-Timeout", "2");
        var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        written.Enqueue($"answer {(int)answer.StatusCode} {path} {answer.Headers} {text}");
        return text.Length > 0 && text[0] == '{' ? JsonNode.Parse(text) : null;
    }

    private async Task DumpAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        var tables = new List<string>();
        await using (var list = source.CreateCommand("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"))
        await using (var reader = await list.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                tables.Add(reader.GetString(0));
        }

        foreach (var table in tables)
        {
            await using var read = source.CreateCommand($"SELECT t::text FROM \"{table}\" t");
            await using var reader = await read.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                written.Enqueue($"row of {table}: {reader.GetString(0)} {Decode(reader.GetString(0))}");
        }
    }

    /// <summary>Binary columns are written as hexadecimal: what they would say as text.</summary>
    private static string Decode(string row) => string.Join(' ', System.Text.RegularExpressions.Regex.Matches(row, @"\\x([0-9a-f]{2,})").Select(m => Encoding.Latin1.GetString(Convert.FromHexString(m.Groups[1].Value))));

    private async Task DumpRedisAsync(string connection)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(connection);
        var server = redis.GetServers().Single();
        await foreach (var key in server.KeysAsync(redis.GetDatabase().Database))
            written.Enqueue($"{key} {string.Join(',', await redis.GetDatabase().KeyTypeAsync(key) == RedisType.Hash ? await redis.GetDatabase().HashGetAllAsync(key) : [])}");
    }

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => written.Enqueue(
                $"span {activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(e => e.Tags))} {string.Join(' ', activity.Baggage)}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private sealed class Logs(ConcurrentQueue<string> written) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            written.Enqueue($"scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            written.Enqueue($"{logLevel} {formatter(state, exception)} {exception} {(state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values) : "")}");

        public void Dispose()
        {
        }
    }
}
