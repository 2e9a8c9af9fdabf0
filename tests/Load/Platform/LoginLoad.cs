using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;

namespace Son1kVers3.Load.Platform;

/// <summary>
/// Twelve at a time who sign up, and what others feel of it: the latency of <c>GET /api/auth/me</c> alone and beside them. <c>login [origin] [seconds=10]</c>.
/// A wrong password costs the hash, too, but is slowed down by account; each guess here is another account's.
/// </summary>
internal static class LoginLoad
{
    private const int Guessers = 12;
    private const string Hashing = "Profile";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(string[] args)
    {
        var origin = args.ElementAtOrDefault(0) ?? PlatformClient.DefaultOrigin;
        var time = TimeSpan.FromSeconds(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10);
        using var member = await PlatformClient.MemberAsync(origin);
        Print("me, alone", await ReadAsync(member, time));

        using var guesser = PlatformClient.Anonymous(origin);
        using var over = new CancellationTokenSource();
        var before = PlatformProcesses.CpuOf(Hashing);
        var guessing = Task.WhenAll(Enumerable.Range(0, Guessers).Select(_ => GuessAsync(guesser, over.Token)));
        var beside = await ReadAsync(member, time);
        await over.CancelAsync();
        var guesses = (await guessing).SelectMany(answers => answers).ToList();
        var spent = PlatformProcesses.CpuOf(Hashing) - before;
        Print($"me, beside {Guessers} logins", beside);
        Print("login", [.. guesses.Where(guess => guess.Status == 401).Select(guess => guess.Took)]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{guesses.Count / time.TotalSeconds:0.0} logins/s, {spent.TotalMilliseconds / guesses.Count:0} CPU-ms each; answers: {string.Join(", ", guesses.CountBy(guess => guess.Status).Select(a => $"{a.Value} × {a.Key}"))}"));
    }

    private static async Task<List<TimeSpan>> ReadAsync(HttpClient member, TimeSpan time)
    {
        var (begun, times) = (Stopwatch.GetTimestamp(), new List<TimeSpan>());
        while (Stopwatch.GetElapsedTime(begun) < time)
        {
            var asked = Stopwatch.GetTimestamp();
            (await member.GetAsync("/api/auth/me")).EnsureSuccessStatusCode().Dispose();
            times.Add(Stopwatch.GetElapsedTime(asked));
            await Task.Delay(Pause);
        }

        return times;
    }

    private static async Task<List<(int Status, TimeSpan Took)>> GuessAsync(HttpClient guesser, CancellationToken cancellationToken)
    {
        var answers = new List<(int, TimeSpan)>();
        while (!cancellationToken.IsCancellationRequested)
        {
            var asked = Stopwatch.GetTimestamp();
            using var answer = await guesser.PostAsJsonAsync("/api/auth/login", new { login = $"nobody{Guid.NewGuid():N}"[..20], password = "a-guess-that-is-wrong" }, CancellationToken.None);
            answers.Add(((int)answer.StatusCode, Stopwatch.GetElapsedTime(asked)));
        }

        return answers;
    }

    private static void Print(string what, List<TimeSpan> times)
    {
        var latencies = new Percentiles(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {latencies.Count} times, p50 {latencies.At(50):0.0} ms, p99 {latencies.At(99):0.0} ms"));
    }
}
