extern alias profile;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Son1kVers3.Testing;

namespace Son1kVers3.Load;

/// <summary>Walls and feeds among a million cards and three million follows: how long a page takes, and how PostgreSQL gets at it.</summary>
internal static class ProfilePeopleLoad
{
    private const int Members = 10_000;
    private const int Cards = 1_000_000;
    private const int Follows = 3_000_000;
    private const int Viewers = 40;
    private const int Callers = 8;
    private const string Password = "a-quiet-Harbour-71";

    public static async Task RunAsync(string[] args)
    {
        var seconds = args is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 20;
        await using var service = await ServiceHost<profile::Program>.StartAsync(
            "profile", new Dictionary<string, string?> { ["Passwords:Iterations"] = "1000", ["Passwords:QueueLength"] = "256" });
        await using var database = NpgsqlDataSource.Create(service.Database + ";Command Timeout=1800");
        await RegisterAsync(service);
        await SeedAsync(database);
        // Only now: seeding takes longer than a token is good for.
        var members = await LoginAsync(service);
        var viewers = members.Select(member => member.Token).ToList();

        await MeasureAsync("wall, anonymous", seconds, service, viewers, n => ($"/api/profiles/member{n}/wall?limit=20", null));
        await MeasureAsync("wall, second page", seconds, service, viewers, n => ($"/api/profiles/member{n}/wall?limit=50&sort=popular", null));
        await MeasureAsync("feed of 300 followed", seconds, service, viewers, n => ("/api/feed?limit=20", viewers[n % viewers.Count]));
        await MeasureAsync("profile with its numbers", seconds, service, viewers, n => ($"/api/profiles/member{n}", null));
        await NotificationLatency.MeasureAsync(service, members, seconds);
        Console.WriteLine($"  load average {await File.ReadAllTextAsync("/proc/loadavg")}");
        await ExplainAsync(database, "feed", "SELECT id FROM accounts WHERE username_key LIKE 'viewer%' LIMIT 1",
            """
            SELECT n.generation_id FROM follows f CROSS JOIN LATERAL (
                SELECT t.completed_at, t.generation_id FROM tracks t WHERE t.owner_id = f.followee_id AND t.listed AND (t.completed_at, t.generation_id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff')
                ORDER BY t.completed_at DESC, t.generation_id DESC LIMIT 21) n
            WHERE f.follower_id = $1 ORDER BY n.completed_at DESC, n.generation_id DESC LIMIT 21
            """);
        await ExplainAsync(database, "wall", "SELECT id FROM accounts WHERE username_key = 'member77'",
            """
            SELECT w.generation_id FROM wall_entries w JOIN tracks t USING (generation_id) WHERE w.account_id = $1 AND w.archived = false AND t.listed
            ORDER BY w.pinned DESC, w.added_at DESC, w.generation_id DESC LIMIT 21
            """);
    }

    /// <summary>Members whose feeds are read.</summary>
    private static async Task RegisterAsync(ServiceHost<profile::Program> service)
    {
        using var client = service.Client();
        for (var n = 0; n < Viewers; n++)
        {
            using var made = await client.PostAsJsonAsync("/api/auth/register", new { email = $"viewer{n}@example.org", username = $"viewer{n}", password = Password });
            made.EnsureSuccessStatusCode();
        }
    }

    private static async Task<List<(Guid Id, string Token)>> LoginAsync(ServiceHost<profile::Program> service)
    {
        using var client = service.Client();
        var members = new List<(Guid, string)>();
        for (var n = 0; n < Viewers; n++)
        {
            using var answer = await client.PostAsJsonAsync("/api/auth/login", new { login = $"viewer{n}", password = Password });
            var signedIn = await answer.Content.ReadFromJsonAsync<JsonElement>();
            members.Add((signedIn.GetProperty("user").GetProperty("id").GetGuid(), signedIn.GetProperty("accessToken").GetString()!));
        }

        return members;
    }

    private static async Task SeedAsync(NpgsqlDataSource database)
    {
        var begun = Stopwatch.GetTimestamp();
        string[] statements =
        [
            $"""
            INSERT INTO accounts (id, email, email_key, username, username_key, password_hash, display_name, links, is_operator, analytics_opt_out, sequence, created_at)
            SELECT md5('m' || n)::uuid, 'member' || n, 'member' || n, 'member' || n, 'member' || n, '', 'Member ' || n, ARRAY[]::text[], false, false, 0, now() FROM generate_series(1, {Members}) n
            """,
            $"""
            INSERT INTO tracks (generation_id, owner_id, title, genre, tempo, key, duration_seconds, quality, palette, peaks, visibility, completed_at, sequence,
                hidden, illegal, hidden_sequence, deleted, contributed, likes, likes_sequence, plays, comments)
            SELECT md5('t' || n)::uuid, md5('m' || (1 + n % {Members}))::uuid, 'Song ' || n, 'lo-fi', 82, 'A minor', 60, 'Standard', ARRAY['#000001','#000002','#000003','#000004','#000005'],
                array_fill(50, ARRAY[64]), CASE WHEN n % 3 = 0 THEN 'Private' ELSE 'Public' END, now() - n * interval '1 second', 1, false, false, 0, false, false, n % 100, 0, n % 1000, 0
            FROM generate_series(1, {Cards}) n
            """,
            """
            INSERT INTO wall_entries (account_id, generation_id, kind, added_at, archived, pinned)
            SELECT owner_id, generation_id, 'Music', completed_at, likes % 10 = 0, false FROM tracks
            """,
            $"""
            INSERT INTO follows (follower_id, followee_id, created_at)
            SELECT md5('m' || (1 + n % {Members}))::uuid, md5('m' || (1 + (n / {Members} * 31 + n * 7) % {Members}))::uuid, now() FROM generate_series(1, {Follows}) n ON CONFLICT DO NOTHING
            """,
            $"""
            INSERT INTO follows (follower_id, followee_id, created_at)
            SELECT a.id, md5('m' || n)::uuid, now() FROM accounts a CROSS JOIN generate_series(1, 300) n WHERE a.username_key LIKE 'viewer%' ON CONFLICT DO NOTHING
            """,
            "VACUUM ANALYZE",
        ];
        foreach (var statement in statements)
        {
            await using var command = database.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }

        await using var count = database.CreateCommand("SELECT (SELECT count(*) FROM wall_entries) || ' cards, ' || (SELECT count(*) FROM follows) || ' follows'");
        Console.WriteLine($"{await count.ExecuteScalarAsync()}, seeded in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s; {Callers} callers, load average {(await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0]}");
    }

    private static async Task MeasureAsync(
        string what, int seconds, ServiceHost<profile::Program> service, List<string> viewers, Func<int, (string Path, string? Token)> request)
    {
        // What the service is after its first seconds is to be measured.
        await AskAsync(Math.Max(2, seconds / 5));
        Console.WriteLine($"  {what,-26} {await AskAsync(seconds)}");

        async Task<string> AskAsync(int duration)
        {
            var (latencies, failures, begun) = (new ConcurrentBag<TimeSpan>(), new ConcurrentBag<string>(), Stopwatch.GetTimestamp());
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
            {
                using var client = service.Client();
                while (Stopwatch.GetElapsedTime(begun).TotalSeconds < duration)
                {
                    var (path, token) = request(Random.Shared.Next(1, Members));
                    using var message = new HttpRequestMessage(HttpMethod.Get, path);
                    if (token is not null)
                        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                    var asked = Stopwatch.GetTimestamp();
                    using var answer = await client.SendAsync(message);
                    var content = await answer.Content.ReadAsStringAsync();
                    latencies.Add(Stopwatch.GetElapsedTime(asked));
                    if (!answer.IsSuccessStatusCode)
                        failures.Add($"{path}: {(int)answer.StatusCode} {content}");
                }
            }));
            var times = new Percentiles(latencies);
            return $"{times.Count / (double)duration,6:F0}/s   p50 {times.At(50),6:F1} ms   p99 {times.At(99),6:F1} ms   {failures.Count} failed {failures.FirstOrDefault()}";
        }
    }

    private static async Task ExplainAsync(NpgsqlDataSource database, string what, string account, string sql)
    {
        await using var command = database.CreateCommand($"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql.Replace("$1", $"({account})", StringComparison.Ordinal)}");
        await using var plan = await command.ExecuteReaderAsync();
        Console.WriteLine($"{what}:");
        while (await plan.ReadAsync())
            Console.WriteLine($"    {plan.GetString(0)}");
    }
}
