using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Son1kVers3.Load;

/// <summary>
/// Against a platform that runs already, with <c>RATE_LIMIT_SCALE</c> of 100 or more: a 60 s track from POST to completed, POSTs at 50 a
/// second, and what each process holds in memory. <c>platform [origin=http://localhost:8080] [seconds=10]</c>.
/// Signs in as the development founder, whose allowance is unlimited, and cancels what it has asked for.
/// </summary>
internal static class PlatformLoad
{
    private const int PostsPerSecond = 50;
    private const string Email = "founder@son1kvers3.dev";
    private const string Password = "load-only-Password-42";

    public static async Task RunAsync(string[] args)
    {
        var origin = args is [var first, ..] ? first : "http://localhost:8080";
        var seconds = args is [_, var second, ..] ? int.Parse(second, CultureInfo.InvariantCulture) : 10;
        using var client = new HttpClient { BaseAddress = new Uri(origin), Timeout = TimeSpan.FromSeconds(100) };
        Memory();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await SignInAsync(client));
        await TrackAsync(client);
        await PostsAsync(client, seconds);
    }

    private static async Task<string> SignInAsync(HttpClient client)
    {
        var answer = await client.PostAsJsonAsync("/api/auth/register", new { email = Email, username = "load-founder", password = Password });
        if (answer.StatusCode == HttpStatusCode.Conflict)
            answer = await client.PostAsJsonAsync("/api/auth/login", new { login = Email, password = Password });
        answer.EnsureSuccessStatusCode();
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["accessToken"]!;
    }

    private static async Task TrackAsync(HttpClient client)
    {
        for (var round = 1; round <= 3; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            var answer = await client.PostAsJsonAsync("/api/generations", new { prompt = "soft bossa nova in A minor, 120 bpm", durationSeconds = 60, seed = round });
            answer.EnsureSuccessStatusCode();
            var id = (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
            var stages = new List<string>();
            using var events = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/api/generations/{id}/events"), HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal) && (stages.Count == 0 || !stages[^1].StartsWith(line[7..], StringComparison.Ordinal)))
                    stages.Add(string.Create(CultureInfo.InvariantCulture, $"{line[7..]} {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0}"));
            }

            Console.WriteLine($"60 s track, seconds after POST: {string.Join(", ", stages)}");
        }
    }

    private static async Task PostsAsync(HttpClient client, int seconds)
    {
        var posting = new List<Task<(string? Id, HttpStatusCode Status, TimeSpan Took)>>();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PostsPerSecond));
        for (var i = 0; i < PostsPerSecond * seconds && await pace.WaitForNextTickAsync(); i++)
            posting.Add(PostAsync(client, i));
        var answers = await Task.WhenAll(posting);
        var latencies = new Percentiles(answers.Where(a => a.Status == HttpStatusCode.Accepted).Select(a => a.Took));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"POST /api/generations at {PostsPerSecond}/s for {seconds} s: {latencies.Count} of {answers.Length} accepted, p50 {latencies.At(50):0.0} ms, p99 {latencies.At(99):0.0} ms"));
        foreach (var other in answers.Where(a => a.Status != HttpStatusCode.Accepted).CountBy(a => a.Status))
            Console.WriteLine($"  {other.Value} × {(int)other.Key}");
        await Parallel.ForEachAsync(answers.Select(a => a.Id).OfType<string>(), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (id, cancellationToken) => (await client.PostAsync($"/api/generations/{id}/cancel", null, cancellationToken)).Dispose());
    }

    private static async Task<(string? Id, HttpStatusCode Status, TimeSpan Took)> PostAsync(HttpClient client, int number)
    {
        var begun = Stopwatch.GetTimestamp();
        using var answer = await client.PostAsJsonAsync("/api/generations", new { prompt = "ambient pads", durationSeconds = 10, seed = number });
        var took = Stopwatch.GetElapsedTime(begun);
        return (answer.IsSuccessStatusCode ? (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"] : null, answer.StatusCode, took);
    }

    /// <summary>Resident memory of the platform's .NET processes, as Linux tells it.</summary>
    private static void Memory()
    {
        var total = 0L;
        foreach (var process in Process.GetProcesses())
        {
            var line = File.Exists($"/proc/{process.Id}/cmdline") ? File.ReadAllText($"/proc/{process.Id}/cmdline").Replace('\0', ' ') : "";
            if (process.Id == Environment.ProcessId || !line.Contains("Son1kVers3.") || line.Contains("Son1kVers3.Load"))
                continue;
            var name = line[(line.LastIndexOf("Son1kVers3.", StringComparison.Ordinal) + "Son1kVers3.".Length)..].Split(' ')[0];
            Console.WriteLine($"{name,-24} {process.WorkingSet64 / 1_000_000,5} MB");
            total += process.WorkingSet64;
        }

        Console.WriteLine($"{"all .NET processes",-24} {total / 1_000_000,5} MB");
    }
}
