using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Son1kVers3.Stealth.Tests.Failover;

/// <summary>A provider of MiniMax's dialect on loopback, whose accounts fail in every way that providers do, when a seed says so.</summary>
/// <remarks>
/// An account's key is the way in which it fails. It also measures: from the end of a failed attempt to the arrival of the same request's next one, told
/// apart by the parameter <c>r</c>.
/// </remarks>
internal sealed class FaultyProvider : IAsyncDisposable
{
    /// <summary>Two never fail; the rest fail a quarter of their requests, <c>401</c> and <c>402</c> for ever after the first.</summary>
    public static readonly string[] Accounts =
        ["sound", "sound-too", "seconds", "date", "milliseconds", "body", "sentence", "401", "402", "500", "503", "stall", "drop", "inside-200"];

    /// <summary>What the caller allows an attempt to be silent for.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(1);

    private const double FaultShare = 0.25;
    private readonly WebApplication _app;
    private readonly Dictionary<string, Random> _dice;
    private readonly ConcurrentDictionary<string, long> _failedAt = new();
    private readonly ConcurrentDictionary<string, bool> _ended = new();

    private FaultyProvider(WebApplication app, int seed)
    {
        (_app, _dice) = (app, Accounts.Select((account, i) => (account, i)).ToDictionary(a => a.account, a => new Random((seed * Accounts.Length) + a.i)));
        app.Run(ServeAsync);
    }

    public string Address => _app.Urls.Single();

    /// <summary>How often each account failed.</summary>
    public ConcurrentDictionary<string, int> Faults { get; } = new();

    /// <summary>From the end of each failed attempt to the next one.</summary>
    public ConcurrentQueue<TimeSpan> Gaps { get; } = [];

    public static async Task<FaultyProvider> StartAsync(int seed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var provider = new FaultyProvider(builder.Build(), seed);
        await provider._app.StartAsync();
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext http)
    {
        var arrived = Stopwatch.GetTimestamp();
        var request = http.Request.Query["r"].ToString();
        if (_failedAt.TryRemove(request, out var failed))
            Gaps.Enqueue(TimeSpan.FromTicks(Math.Max(0, Stopwatch.GetElapsedTime(failed, arrived).Ticks)));
        var account = http.Request.Headers.Authorization.ToString().Split(' ')[^1];
        if (!Fails(account))
        {
            await AnswerAsync(http, 200, """{"base_resp":{"status_code":0}}""");
            return;
        }

        Faults.AddOrUpdate(account, 1, (_, count) => count + 1);
        // A silent attempt ends when the caller's time for it is over.
        _failedAt[request] = arrived + (account == "stall" ? (long)(AttemptTimeout.TotalSeconds * Stopwatch.Frequency) : 0);
        await FailAsync(http, account);
    }

    private bool Fails(string account)
    {
        if (_ended.ContainsKey(account))
            return true;
        bool fails;
        lock (_dice[account])
            fails = !account.StartsWith("sound", StringComparison.Ordinal) && _dice[account].NextDouble() < FaultShare;
        if (fails && account is "401" or "402")
            _ended[account] = true;
        return fails;
    }

    private static Task FailAsync(HttpContext http, string account) => account switch
    {
        "seconds" => AnswerAsync(http, 429, "{}", ("Retry-After", "1")),
        "date" => AnswerAsync(http, 429, "{}", ("Retry-After", DateTimeOffset.UtcNow.AddSeconds(2).ToString("R"))),
        "milliseconds" => AnswerAsync(http, 429, "{}", ("retry-after-ms", "800")),
        "body" => AnswerAsync(http, 429, """{"error":{"retry_after":1.2}}"""),
        "sentence" => AnswerAsync(http, 429, """{"detail":"Request was throttled. Your rate limit resets in ~1s."}"""),
        "stall" => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default),
        "drop" => DropAsync(http),
        "inside-200" => AnswerAsync(http, 200, """{"base_resp":{"status_code":1002,"status_msg":"rate limit, retry after 1s"}}"""),
        var status => AnswerAsync(http, int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), "{}"),
    };

    private static async Task DropAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = 1000;
        await http.Response.WriteAsync("""{"base_resp":""");
        await http.Response.Body.FlushAsync();
        http.Abort();
    }

    private static Task AnswerAsync(HttpContext http, int status, string body, params (string Name, string Value)[] headers)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
            http.Response.Headers[name] = value;
        return http.Response.WriteAsync(body);
    }
}
