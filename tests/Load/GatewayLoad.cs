using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Son1kVers3.Testing;
using Yarp.ReverseProxy.Configuration;

namespace Son1kVers3.Load;

/// <summary>
/// The gateway beside a bare YARP (and nginx, where it is installed) before one and the same small service: requests a second, their ratio and the CPU of each, for a public GET and
/// one with a bearer token. <c>gateway [seconds=5] [rounds=3]</c>; needs redis-server and wrk. Nothing else should run on the machine.
/// </summary>
internal static class GatewayLoad
{
    private const string Path = "/api/genres";

    public static async Task RunAsync(string[] args)
    {
        var seconds = args is [var first, ..] ? int.Parse(first, CultureInfo.InvariantCulture) : 5;
        var rounds = args is [_, var second, ..] ? int.Parse(second, CultureInfo.InvariantCulture) : 3;
        await using var tokens = await TokenIssuer.StartAsync();
        using var children = new Children();
        var ways = await StartAsync(children, tokens);
        Console.WriteLine("| GET | " + string.Join(" | ", ways.Select(way => $"{way.Name} req/s")) + " | gateway beside them | CPU µs a request |");
        Console.WriteLine("|---|" + string.Concat(Enumerable.Repeat("--:|", ways.Count + 2)));
        foreach (var (kind, token) in new (string, string?)[] { ("public", null), ("bearer", tokens.Issue(Guid.CreateVersion7())) })
            Console.WriteLine(await RowAsync(kind, ways, token is null ? [] : [$"Authorization: Bearer {token}"], seconds, rounds));
    }

    private static async Task<string> RowAsync(string kind, IReadOnlyList<Way> ways, string[] headers, int seconds, int rounds)
    {
        foreach (var way in ways)
            await way.MeasureAsync(2, headers);
        // In turns, so that what else the machine does strikes all of them.
        var measured = ways.ToDictionary(way => way.Name, _ => new List<(double Speed, double Cpu)>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var way in ways)
                measured[way.Name].Add(await way.MeasureAsync(seconds, headers));
        }

        double Median(string name, Func<(double Speed, double Cpu), double> of) => measured[name].Select(of).Order().ElementAt(rounds / 2);
        var speeds = ways.Select(way => Text(Median(way.Name, m => m.Speed), "0"));
        var ratios = ways.Skip(1).Select(way => $"{way.Name} {Text(Median(ways[0].Name, m => m.Speed) / Median(way.Name, m => m.Speed), "0.00")}");
        var cpu = ways.Where(way => way.Process is not null).Select(way => $"{way.Name} {Text(Median(way.Name, m => m.Cpu), "0")}");
        return $"| {kind} | {string.Join(" | ", speeds)} | {string.Join(", ", ratios)} | {string.Join(", ", cpu)} |";
    }

    /// <summary>The hidden command <c>backend</c>: the small service that stands for all.</summary>
    public static Task RunBackendAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{args[0]}");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var page = new { items = Enumerable.Range(0, 20).Select(n => new { name = $"genre {n}", tempo = 60 + n }), nextCursor = (string?)null };
        app.MapGet("/alive", () => "alive");
        app.MapGet("/health", () => Results.Json(new { status = "healthy" }));
        app.MapGet("/.well-known/jwks.json", async () =>
        {
            using var client = new HttpClient();
            return Results.Text(await client.GetStringAsync($"{args[1]}/.well-known/jwks.json"), "application/json");
        });
        app.MapFallback("{**path}", () => Results.Json(page));
        return app.RunAsync();
    }

    /// <summary>The hidden command <c>bare-yarp</c>: the same library, and nothing of ours.</summary>
    public static Task RunBareYarpAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{args[0]}");
        builder.Logging.ClearProviders();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "all", Match = new RouteMatch { Path = "{**rest}" } }],
            [new ClusterConfig { ClusterId = "all", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = args[1] } } }]);
        var app = builder.Build();
        app.MapReverseProxy();
        return app.RunAsync();
    }

    private static async Task<IReadOnlyList<Way>> StartAsync(Children children, TokenIssuer tokens)
    {
        var (backend, bare, gateway, redis) = (FreePort.Next(), FreePort.Next(), FreePort.Next(), FreePort.Next());
        children.StartOwn("backend", $"{backend}", tokens.Address);
        var yarp = children.StartOwn("bare-yarp", $"{bare}", Url(backend));
        children.Start("redis-server", ["--port", $"{redis}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var services = new[] { "profile", "billing", "pool", "stealth", "generation" }.Select(service => ($"services__{service}__http__0", Url(backend)));
        var own = children.Start(
            "dotnet", [System.IO.Path.Combine(TestRun.RepositoryRoot, "gateway", "bin", configuration, "net10.0", "Son1kVers3.Gateway.dll")],
            [.. services, ("GATEWAY_PORT", $"{gateway}"), ("ASPNETCORE_ENVIRONMENT", "Development"), ("ConnectionStrings__redis", $"127.0.0.1:{redis}"), ("RATE_LIMIT_SCALE", "100000"), ("ASPNETCORE_URLS", "")]);
        var ways = new List<Way> { new("gateway", Url(gateway), own), new("YARP", Url(bare), yarp) };
        if (Nginx.IsInstalled)
            ways.Add(new Way("nginx", Nginx.Start(children, $$"""location / { proxy_pass {{Url(backend)}}; proxy_http_version 1.1; proxy_set_header Connection ""; }"""), null));
        await Children.WaitAsync($"{Url(gateway)}/health");
        foreach (var way in ways)
            await Children.WaitAsync(way.Address + Path);
        return ways;
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    private static string Url(int port) => $"http://127.0.0.1:{port}";

    /// <summary>One of those that stand before the service.</summary>
    /// <param name="Process">Whose CPU is counted; null where others do its work.</param>
    private sealed record Way(string Name, string Address, Process? Process)
    {
        public async Task<(double Speed, double Cpu)> MeasureAsync(int seconds, string[] headers)
        {
            var before = Spent();
            var speed = await Wrk.RequestsPerSecondAsync(Address + Path, seconds, headers);
            return (speed, (Spent() - before).TotalMicroseconds / (speed * seconds));
        }

        private TimeSpan Spent()
        {
            Process?.Refresh();
            return Process?.TotalProcessorTime ?? TimeSpan.Zero;
        }
    }
}
