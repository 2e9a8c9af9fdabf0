extern alias stealth;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Son1kVers3.Testing;
using StackExchange.Redis;
using stealth::Son1kVers3.Stealth.Rotation;
using Yarp.ReverseProxy.Forwarder;

namespace Son1kVers3.Load;

/// <summary>
/// Stealth: selections a second beside bare Lua on the same Redis (a loop that only selects, and a script that only counts), egress beside bare YARP and
/// beside npm's @portkey-ai/gateway on the same fake upstream. <c>stealth [seconds=8] [selection] [egress] [portkey]</c>, without a name the first two;
/// needs <c>wrk</c>, and Node for the last.
/// </summary>
internal static partial class StealthLoad
{
    private const int Callers = 32;
    private const string Credential = "load";
    private const string Provider = "replicate";

    // As little as selecting can be: no limits, no health, nothing that expires.
    private const string SelectingLoop = """
        local least, at
        for i = 1, #KEYS do
          local n = tonumber(redis.call('GET', KEYS[i])) or 0
          if not least or n < least then least, at = n, i end
        end
        redis.call('INCR', KEYS[at])
        return at
        """;

    public static async Task RunAsync(string[] args)
    {
        var numbers = args.Where(a => char.IsAsciiDigit(a[0])).ToArray();
        var seconds = numbers is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 8;
        var parts = args.Except(numbers).ToHashSet();
        await using var upstream = await StartAsync(app => app.Run(http =>
        {
            http.Response.ContentType = "application/json";
            return http.Response.WriteAsync("""{"id":"p1","status":"starting","output":null}""");
        }));
        await using var service = await ServiceHost<stealth::Program>.StartAsync("stealth", new Dictionary<string, string?>
        {
            ["Stealth:MasterKey"] = Convert.ToBase64String(new byte[32]),
            ["Egress:Credential"] = Credential,
        });
        await ConfigureAsync(service, upstream.Urls.Single());
        if (parts.Count == 0 || parts.Contains("selection"))
            await SelectionAsync(service, seconds);
        if (parts.Count == 0 || parts.Contains("egress"))
            await EgressAsync(service, upstream.Urls.Single(), seconds);
        if (parts.Contains("portkey"))
            await PortkeyAsync(upstream.Urls.Single(), seconds);
    }

    private static async Task ConfigureAsync(ServiceHost<stealth::Program> service, string upstream)
    {
        using var client = service.Client(Guid.CreateVersion7(), "operator");
        (await client.PutAsJsonAsync($"/api/stealth/providers/{Provider}", new { allowPrivateHosts = true, rest = (object?)null })).EnsureSuccessStatusCode();
        for (var i = 0; i < 10; i++)
        {
            (await client.PostAsJsonAsync("/api/stealth/accounts", new
            {
                provider = Provider,
                name = $"a{i}",
                contractHolder = "load",
                termsUrl = "https://example.com",
                secret = $"secret-of-account-number-{i}",
                baseUrl = upstream,
                limits = new { concurrency = 1000, requestsPerMonth = 100_000_000, requestsPerDay = 100_000_000, window = "fixed" },
            })).EnsureSuccessStatusCode();
        }
    }

    /// <summary>A slot taken (it expires by itself), beside bare Lua; and taken and given back with all that is learned, beside two of those.</summary>
    private static async Task SelectionAsync(ServiceHost<stealth::Program> service, int seconds)
    {
        var store = service.Services.GetRequiredService<RotationStore>();
        var redis = service.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        async Task Take()
        {
            if (await store.TakeAsync(new TakeRequest(Provider, TakeMode.Take, Guid.CreateVersion7().ToString("N"), Life: TimeSpan.FromMilliseconds(1)), default) is not stealth::Son1kVers3.Stealth.Rotation.Take.Granted)
                throw new InvalidOperationException("No slot was free.");
        }

        async Task Both()
        {
            var ticket = Guid.CreateVersion7().ToString("N");
            if (await store.TakeAsync(new TakeRequest(Provider, TakeMode.Take, ticket), default) is not stealth::Son1kVers3.Stealth.Rotation.Take.Granted granted)
                throw new InvalidOperationException("No slot was free.");
            await store.DoneAsync(new Finished(Provider, granted.Account, ticket, "ok", TimeSpan.FromMilliseconds(5)));
        }

        RedisKey[] counters = [.. Enumerable.Range(0, 10).Select(i => (RedisKey)$"bare:{i}")];
        Task Select() => redis.ScriptEvaluateAsync(SelectingLoop, counters);
        Task Bare() => redis.ScriptEvaluateAsync("return redis.call('INCR', KEYS[1])", ["bare"]);
        async Task BareTwice()
        {
            await Bare();
            await Bare();
        }

        await LoopAsync(Both, 4);
        foreach (var (name, work) in new (string, Func<Task>)[] { ("take", Take), ("a bare loop that selects", Select), ("a bare script that counts", Bare) })
        {
            await redis.ExecuteAsync("CONFIG", "RESETSTAT");
            await LoopAsync(work, 4);
            var statistics = ((string)(await redis.ExecuteAsync("INFO", "commandstats"))!).Split('\n');
            Console.WriteLine($"{name}: {statistics.First(line => line.StartsWith("cmdstat_evalsha", StringComparison.Ordinal)).Trim()}");
        }

        for (var round = 0; round < 3; round++)
        {
            await CompareAsync("take", Take, "a loop that selects", Select, seconds);
            await CompareAsync("take", Take, "a script that counts", Bare, seconds);
            await CompareAsync("take and give back", Both, "two that count", BareTwice, seconds);
        }
    }

    private static async Task CompareAsync(string ourName, Func<Task> ours, string bareName, Func<Task> bare, int seconds)
    {
        var theirs = await LoopAsync(bare, seconds);
        var mine = await LoopAsync(ours, seconds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ourName,-18} {mine.Rate,6:0}/s p50 {mine.Times.At(50):0.00} p99 {mine.Times.At(99):0.00} ms   {bareName,-20} {theirs.Rate,6:0}/s p50 {theirs.Times.At(50):0.00} p99 {theirs.Times.At(99):0.00} ms   ratio {mine.Rate / theirs.Rate:0.00}"));
    }

    private static async Task<(double Rate, Percentiles Times)> LoopAsync(Func<Task> work, int seconds)
    {
        var begun = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            var mine = new List<TimeSpan>();
            while (Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds)
            {
                var at = Stopwatch.GetTimestamp();
                await work();
                mine.Add(Stopwatch.GetElapsedTime(at));
            }

            return mine;
        })));
        var all = new Percentiles(times.SelectMany(t => t));
        return (all.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds, all);
    }

    private static async Task EgressAsync(ServiceHost<stealth::Program> service, string upstream, int seconds)
    {
        await using var yarp = await StartAsync(
            app =>
            {
                var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
                var pool = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null });
                app.Run(async http => await forwarder.SendAsync(http, upstream, pool));
            },
            services => services.AddHttpForwarder());
        var ours = $"{service.Address}egress/{Provider}/v1/predictions";
        await WrkAsync(ours, 4, $"X-Service-Credential: {Credential}");
        await WrkAsync($"{yarp.Urls.Single()}/v1/predictions", 2);
        for (var round = 0; round < 3; round++)
        {
            var bare = await WrkAsync($"{yarp.Urls.Single()}/v1/predictions", seconds);
            var egress = await WrkAsync(ours, seconds, $"X-Service-Credential: {Credential}");
            Console.WriteLine($"egress: {egress}   bare YARP: {bare}   ratio {egress.Rate / bare.Rate:0.00}");
        }
    }

    /// <summary>Installed into a temporary folder; its own process, with its own processor time.</summary>
    private static async Task PortkeyAsync(string upstream, int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("portkey").FullName;
        try
        {
            using (var install = Process.Start(new ProcessStartInfo("npm", "install --no-audit --no-fund --silent @portkey-ai/gateway@1.15.2") { WorkingDirectory = folder })!)
                await install.WaitForExitAsync();
            const int Port = 28787;
            using var gateway = Process.Start(new ProcessStartInfo("node", $"node_modules/@portkey-ai/gateway/build/start-server.js --port={Port} --headless")
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
            })!;
            try
            {
                using var client = new HttpClient();
                await Eventually.TrueAsync(async () => (await client.GetAsync($"http://127.0.0.1:{Port}/")).IsSuccessStatusCode, "portkey answers");
                string[] headers = [$"x-portkey-provider: openai", $"x-portkey-custom-host: {upstream}/v1", "Authorization: Bearer key", "Content-Type: application/json"];
                var url = $"http://127.0.0.1:{Port}/v1/models";
                await WrkAsync(url, 4, headers);
                var before = gateway.TotalProcessorTime;
                var result = await WrkAsync(url, seconds, headers);
                gateway.Refresh();
                var cpu = (gateway.TotalProcessorTime - before).TotalSeconds;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"portkey: {result}   {result.Rate * seconds / cpu:0} requests a CPU second"));
            }
            finally
            {
                ProcessTree.Kill(gateway.Id);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<WrkResult> WrkAsync(string url, int seconds, params string[] headers)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-t1", $"-c{Callers}", $"-d{seconds}s", "--latency", .. headers.SelectMany(h => new[] { "-H", h }), url])
            start.ArgumentList.Add(argument);
        using var self = Process.GetCurrentProcess();
        var cpu = self.TotalProcessorTime;
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        self.Refresh();
        if (output.Contains("Non-2xx", StringComparison.Ordinal))
            Console.WriteLine(output);
        return new WrkResult(
            double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture), Latency("50%").Match(output).Groups[1].Value, Latency("99%").Match(output).Groups[1].Value,
            (self.TotalProcessorTime - cpu).TotalSeconds / seconds);
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplication> configure, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        configure(app);
        await app.StartAsync();
        return app;
    }

    private static Regex Latency(string percent) => new($@"{percent}\s+(\S+)");

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    /// <param name="Cpu">Cores that this process used meanwhile, the fake upstream included.</param>
    private sealed record WrkResult(double Rate, string P50, string P99, double Cpu)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rate,6:0}/s p50 {P50} p99 {P99} {Cpu:0.0} cores");
    }
}
