using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Son1kVers3.Stealth.Tests;

/// <summary>A request as the provider saw it.</summary>
public sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? Key => Headers.GetValueOrDefault("Authorization")?.Split(' ')[^1];
}

/// <summary>A provider's API on loopback, which answers each key as the test says.</summary>
public sealed class FakeApi : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> answers = new();

    private FakeApi(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single();

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public static async Task<FakeApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var api = new FakeApi(builder.Build());
        api.app.Run(api.AnswerAsync);
        await api.app.StartAsync();
        return api;
    }

    /// <summary>What requests with this key get from now on.</summary>
    public void On(string key, Func<HttpContext, Task> answer) => answers[key] = answer;

    /// <summary>A plain answer.</summary>
    public void On(string key, int status, string body = "{}", params (string Name, string Value)[] headers) => On(key, async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
            http.Response.Headers[name] = value;
        await http.Response.WriteAsync(body);
    });

    /// <summary>The first answer, then the second from then on.</summary>
    public void Once(string key, int status, string body = "{}", params (string Name, string Value)[] headers)
    {
        var then = answers.GetValueOrDefault(key);
        var first = 1;
        On(key, status, body, headers);
        var once = answers[key];
        On(key, http => Interlocked.Exchange(ref first, 0) == 1 ? once(http) : then is null ? http.Response.WriteAsync("{}") : then(http));
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var body = await new StreamReader(http.Request.Body).ReadToEndAsync();
        var seen = new SeenRequest(
            http.Request.Method, http.Request.Path + http.Request.QueryString.Value, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body);
        Seen.Enqueue(seen);
        if (seen.Key is { } key && answers.TryGetValue(key, out var answer))
        {
            await answer(http);
            return;
        }

        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync("""{"ok":true}""");
    }
}
