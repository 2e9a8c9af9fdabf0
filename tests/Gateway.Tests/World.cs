using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Son1kVers3.Gateway.Routing;
using Son1kVers3.Testing;

namespace Son1kVers3.Gateway.Tests;

/// <summary>Five small services, a signer of tokens, real Redis, and gateways in front of them.</summary>
public sealed class World : IAsyncLifetime
{
    private RunningGateway? _gateway;

    // Requests have an activity when someone listens: the console logger in production, this here.
    static World() => ActivitySource.AddActivityListener(new ActivityListener
    {
        ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    });

    internal Dictionary<string, Backend> Backends { get; } = [];

    internal TokenIssuer Tokens { get; private set; } = null!;

    internal string Redis { get; private set; } = "";

    /// <summary>A gateway whose rate limits are out of the way.</summary>
    internal RunningGateway Gateway => _gateway!;

    public async Task InitializeAsync()
    {
        Redis = (await ServerSet.GetAsync()).CreateRedisDatabase();
        Tokens = await TokenIssuer.StartAsync();
        foreach (var service in RouteTable.Services)
            Backends[service] = await Backend.StartAsync(service, service == "profile" ? MapJwks : null);
        _gateway = await StartGatewayAsync(("RATE_LIMIT_SCALE", "1000"));
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        foreach (var backend in Backends.Values)
            await backend.DisposeAsync();
        await Tokens.DisposeAsync();
    }

    /// <summary>Another gateway before the same services and Redis, unless the settings say otherwise. Ready when this returns.</summary>
    internal async Task<RunningGateway> StartGatewayAsync(params (string Key, string? Value)[] settings)
    {
        var gateway = await RunningGateway.StartAsync(Settings(settings));
        await Eventually.TrueAsync(async () => (await gateway.Client().GetAsync("/health")).IsSuccessStatusCode, "the gateway is ready");
        return gateway;
    }

    internal Dictionary<string, string?> Settings(params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["ConnectionStrings:redis"] = Redis, ["Web:Folder"] = WebBuild.Folder };
        foreach (var (service, backend) in Backends)
            all[$"services:{service}:http:0"] = backend.Address;
        foreach (var (key, value) in settings)
            all[key] = value;
        foreach (var (key, _) in settings.Where(setting => setting.Value is null))
            all.Remove(key);
        return all;
    }

    /// <summary>Serves the test's signing key as profile does.</summary>
    internal void MapJwks(WebApplication app)
    {
        app.MapGet("/.well-known/jwks.json", async () =>
        {
            using var http = new HttpClient();
            return Results.Text(await http.GetStringAsync($"{Tokens.Address}/.well-known/jwks.json"), "application/json");
        });
    }
}

/// <summary>All tests share one world; those that count or break something start their own gateway in it.</summary>
[CollectionDefinition(Name)]
public sealed class WorldCollection : ICollectionFixture<World>
{
    public const string Name = "world";
}

/// <summary>A gateway in the test's process, on a free port of loopback.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningGateway(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    public static async Task<RunningGateway> StartAsync(IReadOnlyDictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(settings) { ["urls"] = "http://127.0.0.1:0" });
        builder.Logging.ClearProviders();
        builder.AddGateway();
        var app = builder.Build();
        app.UseGateway();
        await app.StartAsync();
        return new RunningGateway(app);
    }

    /// <summary>An anonymous client, or with a bearer token.</summary>
    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>Reads answers.</summary>
internal static class Answers
{
    /// <summary>The body as a problem of ours with this slug; fails when it is anything else.</summary>
    public static async Task<ProblemDetails> ProblemAsync(this HttpResponseMessage response, int status, string slug)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = (await response.Content.ReadFromJsonAsync<ProblemDetails>())!;
        Assert.Equal($"https://son1kvers3.dev/problems/{slug}", problem.Type);
        Assert.Equal(status, problem.Status);
        Assert.False(string.IsNullOrEmpty(problem.Title));
        Assert.False(string.IsNullOrEmpty(problem.Detail));
        Assert.Matches("^[0-9a-f]{32}$", problem.Extensions["traceId"]!.ToString()!);
        return problem;
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>();
}
