using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Son1kVers3.Load;

/// <summary>
/// Kills a server of the platform that runs at random moments under load, and tells the longest that any request waited, and what was answered:
/// <c>chaos origin rounds data-folder</c> (<c>chaos http://localhost:8080 30 /var/lib/son1k</c>). AppHost starts what was killed again.
/// </summary>
/// <remarks>Only servers whose command line, environment or working folder names the platform's data folder are touched.</remarks>
internal static partial class ChaosLoad
{
    private const int Clients = 12;
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(string[] args)
    {
        var origin = args is [var first, ..] ? first : "http://localhost:8080";
        var rounds = args is [_, var second, ..] ? int.Parse(second, CultureInfo.InvariantCulture) : 30;
        var data = args is [_, _, var third, ..] ? third : throw new ArgumentException("chaos needs the platform's data folder, so that no other platform is hit.");
        using var client = new HttpClient { BaseAddress = new Uri(origin), Timeout = TimeSpan.FromSeconds(120) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await SignUpAsync(client));
        var random = new Random(1);
        var longest = TimeSpan.Zero;
        Console.WriteLine("| round | killed | requests | answers | longest wait s | ready again s |");
        Console.WriteLine("|--:|---|--:|---|--:|--:|");
        for (var round = 1; round <= rounds; round++)
        {
            var seen = new ConcurrentBag<(string Status, TimeSpan Wait)>();
            using var over = new CancellationTokenSource();
            var load = Task.WhenAll(Enumerable.Range(0, Clients).Select(n => AskAsync(client, n, seen, over.Token)));
            await Task.Delay(random.Next(500, 3000));
            var victims = Servers(data);
            var victim = victims[random.Next(victims.Count)];
            Process.GetProcessById(victim.Pid).Kill();
            var begun = Stopwatch.GetTimestamp();
            await Task.Delay(random.Next(3000, 8000));
            await over.CancelAsync();
            await load;
            await ReadyAsync(client);
            var worst = seen.Max(answer => answer.Wait);
            longest = worst > longest ? worst : longest;
            var answers = string.Join(", ", seen.CountBy(answer => answer.Status).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Value} × {a.Key}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {round} | {victim.Name} | {seen.Count} | {answers} | {worst.TotalSeconds:0.0} | {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nThe longest wait: {longest.TotalSeconds:0.0} s"));
    }

    private static async Task AskAsync(HttpClient client, int number, ConcurrentBag<(string, TimeSpan)> seen, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            string status;
            try
            {
                using var answer = (number % 4) switch
                {
                    0 => await client.PostAsJsonAsync("/api/generations", new { prompt = "slow chaos", durationSeconds = 10 }, CancellationToken.None),
                    1 => await client.GetAsync("/api/generations", CancellationToken.None),
                    2 => await client.GetAsync("/api/tiers/limits", CancellationToken.None),
                    _ => await client.GetAsync("/api/auth/me", CancellationToken.None),
                };
                status = $"{(int)answer.StatusCode}";
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                status = e is HttpRequestException ? "no connection" : "no answer";
            }

            seen.Add((status, Stopwatch.GetElapsedTime(begun)));
            await Task.Delay(100, CancellationToken.None);
        }
    }

    /// <summary>Postgres, Redis and RabbitMQ of the platform with this data folder: their main processes.</summary>
    private static List<(int Pid, string Name)> Servers(string data)
    {
        var found = new List<(int, string)>();
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                var name = process.ProcessName switch
                {
                    "postgres" => "Postgres",
                    "redis-server" => "Redis",
                    "beam.smp" => "RabbitMQ",
                    _ => null,
                };
                // Postgres' own children bear titles instead of its command line.
                if (name is not null && Belongs(process.Id, data) && (name != "Postgres" || PostgresMain().IsMatch(CommandLine(process.Id))))
                    found.Add((process.Id, name));
            }
        }

        return found.Count > 0 ? found : throw new InvalidOperationException($"No server of {data} runs.");
    }

    private static bool Belongs(int pid, string data)
    {
        try
        {
            return CommandLine(pid).Contains(data, StringComparison.Ordinal)
                || File.ReadAllText($"/proc/{pid}/environ").Contains(data, StringComparison.Ordinal)
                || new DirectoryInfo($"/proc/{pid}/cwd").ResolveLinkTarget(false)?.FullName.StartsWith(data, StringComparison.Ordinal) == true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string CommandLine(int pid) => File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');

    private static async Task ReadyAsync(HttpClient client)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < ReadyTimeout)
        {
            try
            {
                var health = await client.GetFromJsonAsync<JsonNode>("/health");
                if ((string?)health!["status"] == "healthy")
                    return;
            }
            catch (HttpRequestException)
            {
                // Its own server is away.
            }

            await Task.Delay(250);
        }

        throw new TimeoutException("The platform did not become healthy again.");
    }

    private static async Task<string> SignUpAsync(HttpClient client)
    {
        var name = $"chaos{Guid.NewGuid():N}"[..20];
        using var answer = await client.PostAsJsonAsync("/api/auth/register", new { email = $"{name}@example.com", username = name, password = $"Long-{Guid.NewGuid():N}" });
        answer.EnsureSuccessStatusCode();
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["accessToken"]!;
    }

    [GeneratedRegex(@"(^|/)postgres -D")]
    private static partial Regex PostgresMain();
}
