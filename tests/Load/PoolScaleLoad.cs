extern alias pool;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using pool::Son1kVers3.Pool.Claims;
using pool::Son1kVers3.Pool.Ranking;
using pool::Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.Testing;
using StackExchange.Redis;

namespace Son1kVers3.Load;

/// <summary>The pool with a million tracks and three million likes: latencies over HTTP, the plans behind them, and claims a second beside
/// a bare statement under pgbench.</summary>
internal static class PoolScaleLoad
{
    private const int Callers = 4;
    private const int Claimers = 16;
    private static readonly string[] Sorts = ["recent", "popular", "quality"];
    private static readonly string[] Timeframes = ["week", "month", "all_time"];
    private static readonly string[] Terms = ["cancion", "noche rio", "luz", "corazon fuego", "echo 1", "12345", "ma", "zzzz"];

    /// <param name="args">Tracks (1,000,000), requests of a kind (1000), seconds of a claims' round (10).</param>
    public static async Task RunAsync(string[] args)
    {
        int Argument(int n, int otherwise) => args.Length > n ? int.Parse(args[n], CultureInfo.InvariantCulture) : otherwise;
        var (tracks, requests, seconds) = (Argument(0, 1_000_000), Argument(1, 1000), Argument(2, 10));
        await using var service = await ServiceHost<pool::Program>.StartAsync("pool");
        await using var database = NpgsqlDataSource.Create(service.Database);
        var begun = Stopwatch.GetTimestamp();
        await new PoolScaleSeed(tracks, tracks * 3, Math.Max(10, tracks / 50), Math.Max(100, tracks / 10)).FillAsync(database);
        Console.WriteLine($"{tracks} tracks, about {tracks * 3L} likes: written in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s");
        begun = Stopwatch.GetTimestamp();
        var counted = await service.Services.GetRequiredService<Standings>().RebuildAsync(CancellationToken.None);
        Console.WriteLine($"{counted.Count} standings counted in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s");

        await ShowPlansAsync(service);
        // One client, whose connections stay open as the gateway's do.
        using var http = service.Client();
        await MeasureAsync("list", requests, n => http.GetAsync(
            $"/api/community/pool?sort={Sorts[n % 3]}{(n % 2 == 0 ? "" : $"&genre=genre-{n % 30}")}{(n % 5 == 0 ? "&quality=ultra" : "")}&limit=30"));
        await MeasureAsync("search", requests, n => http.GetAsync(
            $"/api/community/pool?q={Uri.EscapeDataString(Terms[n % Terms.Length])}&sort={Sorts[n % 3]}&limit=30"));
        var contributor = service.Tokens.Issue(Guid.Parse(Md5("contributor77")));
        await MeasureAsync("ranking", requests, n => SendAsync(HttpMethod.Get, $"/api/community/ranking?timeframe={Timeframes[n % 3]}&limit=30", contributor));
        await MeasureAsync("like", requests, n => SendAsync(
            HttpMethod.Put, $"/api/community/pool/{Track((int)(1 + (n * 37L % tracks)))}/like", service.Tokens.Issue(Guid.CreateVersion7())));
        await MeasureAsync("claim", requests, n => SendAsync(
            HttpMethod.Post, "/api/community/pool/claim", service.Tokens.Issue(Guid.CreateVersion7()), new { genre = n % 2 == 0 ? null : $"genre-{n % 30}" }));
        await CompareListsAsync(service, requests);
        await CompareClaimsAsync(service, seconds);

        Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string token, object? body = null) => http.SendAsync(new HttpRequestMessage(method, path)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
            Content = body is null ? null : JsonContent.Create(body),
        });
    }

    private static async Task MeasureAsync(string what, int requests, Func<int, Task<HttpResponseMessage>> ask)
    {
        await RunAsync(Math.Max(50, requests / 10));
        var times = new Percentiles(await RunAsync(requests));
        Console.WriteLine($"{what,-8} {times.Count} requests, {Callers} at a time: p50 {times.At(50):F1} ms, p99 {times.At(99):F1} ms, max {times.At(100):F1} ms   load {LoadAverage.Now}");

        async Task<List<TimeSpan>> RunAsync(int count)
        {
            var (latencies, next) = (new List<TimeSpan>(), -1);
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
            {
                for (int n; (n = Interlocked.Increment(ref next)) < count;)
                {
                    var begun = Stopwatch.GetTimestamp();
                    using var answer = await ask(n);
                    answer.EnsureSuccessStatusCode();
                    await answer.Content.ReadAsByteArrayAsync();
                    lock (latencies)
                        latencies.Add(Stopwatch.GetElapsedTime(begun));
                }
            })));
            return latencies;
        }
    }

    /// <summary>What a cache of the hottest page could save: the page from its index beside the same page out of Redis, without and with the flags of a caller.</summary>
    private static async Task CompareListsAsync(ServiceHost<pool::Program> service, int requests)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var (list, database) = (scope.ServiceProvider.GetRequiredService<PoolList>(), scope.ServiceProvider.GetRequiredService<NpgsqlDataSource>());
        var redis = scope.ServiceProvider.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        var (filter, query, caller) = (new PoolFilter(PoolSort.Popular, null, null, null), PageQuery.First(30), Guid.CreateVersion7());
        var page = await list.ReadAsync(filter, query, null, CancellationToken.None);
        await redis.StringSetAsync("hot-page", JsonSerializer.SerializeToUtf8Bytes(page, JsonSerializerOptions.Web));
        await MeasureReadsAsync("index", requests, () => list.ReadAsync(filter, query, caller, CancellationToken.None));
        await MeasureReadsAsync("Redis", requests, ReadCachedAsync);
        await MeasureReadsAsync("Redis, with the caller's flags", requests, async () =>
        {
            var ids = (await ReadCachedAsync()).Items.Select(card => card.GenerationId).ToArray();
            await using var flags = database.CreateCommand("SELECT generation_id FROM likes WHERE user_id = $1 AND generation_id = ANY($2)");
            flags.Parameters.AddWithValue(caller);
            flags.Parameters.AddWithValue(ids);
            await using var reader = await flags.ExecuteReaderAsync();
            await reader.ReadAsync();
        });

        async Task<Page<TrackCard>> ReadCachedAsync() =>
            JsonSerializer.Deserialize<Page<TrackCard>>((byte[])(await redis.StringGetAsync("hot-page"))!, JsonSerializerOptions.Web)!;
    }

    private static async Task MeasureReadsAsync(string from, int requests, Func<Task> read)
    {
        var latencies = new List<TimeSpan>();
        for (var n = -requests / 5; n < requests; n++)
        {
            var begun = Stopwatch.GetTimestamp();
            await read();
            if (n >= 0)
                latencies.Add(Stopwatch.GetElapsedTime(begun));
        }

        var times = new Percentiles(latencies);
        Console.WriteLine($"page of 30 from {from}: p50 {times.At(50):F2} ms, p99 {times.At(99):F2} ms   load {LoadAverage.Now}");
    }

    private static async Task CompareClaimsAsync(ServiceHost<pool::Program> service, int seconds)
    {
        const string bare =
            """
            \set point random(0, 999999)
            UPDATE tracks SET claimed_by = gen_random_uuid(), claimed_at = now()
                WHERE generation_id = (SELECT generation_id FROM tracks WHERE available AND draw >= :point / 1000000.0::float8
                ORDER BY draw LIMIT 1 FOR UPDATE SKIP LOCKED);
            """;
        Console.WriteLine($"claims, {Claimers} at a time, {seconds} s each, the two in turn");
        await ClaimAsync(service, 5);
        var ratios = new List<double>();
        for (var round = 0; round < 3; round++)
        {
            var theirs = await PgBench.RunAsync(service.Database, bare, Claimers, seconds);
            var ours = await ClaimAsync(service, seconds);
            ratios.Add(ours / theirs);
            Console.WriteLine($"  bare statement {theirs,8:F0}/s   service {ours,8:F0}/s   ratio {ratios[^1]:F2}   load {LoadAverage.Now}");
        }

        Console.WriteLine($"  median ratio {ratios.Order().ElementAt(1):F2}");
    }

    private static async Task<double> ClaimAsync(ServiceHost<pool::Program> service, int seconds)
    {
        var claimed = 0;
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Claimers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds)
            {
                await using var scope = service.Services.CreateAsyncScope();
                var claim = await scope.ServiceProvider.GetRequiredService<ClaimDesk>()
                    .ClaimAsync(Guid.CreateVersion7(), null, record: null, CancellationToken.None);
                if (claim.Outcome == ClaimOutcome.Claimed)
                    Interlocked.Increment(ref claimed);
            }
        })));
        return claimed / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static async Task ShowPlansAsync(ServiceHost<pool::Program> service)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var list = scope.ServiceProvider.GetRequiredService<PoolList>();
        foreach (var (name, filter) in ((string, PoolFilter)[])
            [("list, recent", new(PoolSort.Recent, null, null, null)),
                ("list, popular of a genre", new(PoolSort.Popular, "genre-7", null, null)),
                ("search", new(PoolSort.Recent, null, null, "corazon fuego"))])
        {
            await using var command = list.Command(filter, PageQuery.First(30), Guid.CreateVersion7());
            await ShowPlanAsync(name, command);
        }

        var desk = scope.ServiceProvider.GetRequiredService<ClaimDesk>();
        foreach (var (name, genre, draw) in ((string, string?, ClaimDraw)[])[("claim, any", null, ClaimDraw.Any(0.5)),
            ("claim, longest waiting of a genre", "genre-7", ClaimDraw.Of(0.6, 0))])
        {
            await using var connection = await service.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = desk.Command(connection, Guid.CreateVersion7(), genre, draw, TimeProvider.System.GetUtcNow());
            await ShowPlanAsync(name, command);
            await transaction.RollbackAsync();
        }
    }

    private static async Task ShowPlanAsync(string name, NpgsqlCommand command)
    {
        command.CommandText = $"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {command.CommandText}";
        Console.WriteLine($"-- {name}");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            Console.WriteLine($"   {reader.GetString(0)}");
    }

    /// <summary>The id of a seeded track; they are numbered from 1.</summary>
    internal static Guid Track(int number) => Guid.Parse(Md5($"track{number}"));

    private static string Md5(string text) =>
        Convert.ToHexString(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.ASCII.GetBytes(text)));
}
