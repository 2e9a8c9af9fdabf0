using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Son1kVers3.Testing;

/// <summary>The six remote providers in one server, since their paths don't meet: each speaks its dialect as documented, and makes a tone.</summary>
public sealed class FakeProviders : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> _polls = new();
    private readonly ConcurrentDictionary<string, int> _jobs = new();
    private readonly WebApplication? _app;

    /// <summary>Without a server: whoever has one asks it by <see cref="AnswerAsync"/>.</summary>
    public FakeProviders()
    {
    }

    private FakeProviders(WebApplication app)
    {
        _app = app;
        app.Run(ServeAsync);
    }

    /// <summary>What is delivered.</summary>
    public byte[] Sound { get; set; } = Tone(10);

    /// <summary>Whether jobs ever end.</summary>
    public bool Ends { get; set; } = true;

    /// <summary>Comes first, with the key that was shown; answers true when it has answered.</summary>
    public Func<HttpContext, string, Task<bool>> Fault { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Method, address and key of every request to the server.</summary>
    public ConcurrentQueue<(string Call, string Key)> Seen { get; } = [];

    /// <summary>Where the server is.</summary>
    public string Address => _app?.Urls.First() ?? throw new InvalidOperationException("It has no server.");

    /// <summary>Starts the server, on a free port unless one is given.</summary>
    public static async Task<FakeProviders> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var fake = new FakeProviders(builder.Build());
        await fake._app!.StartAsync();
        return fake;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Answers a call such as <c>GET /v1/predictions/p1</c>.</summary>
    /// <param name="resultHost">Where Replicate's and fal's results lie, which they name in full.</param>
    public Task AnswerAsync(HttpContext http, string call, Func<string, string> resultHost) => call.Split('?')[0].Split('/') switch
    {
        ["POST ", "release_task"] => JsonAsync(http, $$$"""{"data":{"task_id":"{{{Begin("t")}}}","status":"queued","queue_position":1},"code":200,"error":null}"""),
        ["POST ", "query_result"] => QueryAsync(http),
        ["GET ", "v1", "audio"] or ["POST ", "v1", "music"] or ["POST ", "v2beta", "audio", "stable-audio-2", "text-to-audio"]
            or ["GET ", "results", _, "out.wav"] => SoundAsync(http),
        ["POST ", "v2beta", "audio", "stable-audio", "text-to-audio"] => JsonAsync(http, $$"""{"id":"{{Begin("s")}}"}""", 202),
        ["GET ", "v2beta", "audio", "results", var id] => IsDone(id) ? SoundAsync(http) : JsonAsync(http, """{"status":"in-progress"}""", 202),
        ["POST ", "v1", "models", "stability-ai", "stable-audio-2.5", "predictions"] => JsonAsync(http, $$"""{"id":"{{Begin("p")}}","status":"starting"}""", 201),
        ["GET ", "v1", "predictions", var id] => JsonAsync(http, IsDone(id)
            ? $$"""{"id":"{{id}}","status":"succeeded","output":"https://{{resultHost("replicate")}}/results/{{id}}/out.wav"}"""
            : $$"""{"id":"{{id}}","status":"processing","output":null}"""),
        ["POST ", "v1", "predictions", var id, "cancel"] => JsonAsync(http, $$"""{"id":"{{id}}","status":"canceled"}"""),
        ["POST ", "fal-ai", "stable-audio-25", "text-to-audio"] => JsonAsync(http, Queued(Begin("f"))),
        ["GET ", "fal-ai", "stable-audio-25", "requests", var id, "status"] => IsDone(id)
            ? JsonAsync(http, """{"status":"COMPLETED"}""") : JsonAsync(http, """{"status":"IN_PROGRESS","logs":null}""", 202),
        ["GET ", "fal-ai", "stable-audio-25", "requests", var id] => JsonAsync(
            http, $$$"""{"audio":{"url":"https://{{{resultHost("fal")}}}/results/{{{id}}}/out.wav","content_type":"audio/wav"}}"""),
        ["PUT ", "fal-ai", "stable-audio-25", "requests", _, "cancel"] => JsonAsync(http, """{"status":"CANCELLATION_REQUESTED"}""", 202),
        ["POST ", "v1", "music_generation"] => JsonAsync(
            http, $$$"""{"data":{"audio":"{{{Convert.ToHexStringLower(Sound)}}}","status":2},"base_resp":{"status_code":0,"status_msg":"success"}}"""),
        _ => StatusAsync(http, 404),
    };

    /// <summary>A WAV file of a sine.</summary>
    public static byte[] Tone(int seconds, double level = 0.3)
    {
        const int rate = 44100;
        return WaveFile.Of(
            rate, [.. Enumerable.Range(0, seconds * rate).Select(i => (short)(level * short.MaxValue * Math.Sin(2 * Math.PI * 440 * i / rate)))]);
    }

    private async Task ServeAsync(HttpContext http)
    {
        var call = $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}";
        var headers = http.Request.Headers;
        var key = headers["xi-api-key"].ToString() is { Length: > 0 } own ? own : headers.Authorization.ToString().Split(' ')[^1];
        Seen.Enqueue((call, key));
        if (!await Fault(http, key))
            await AnswerAsync(http, call, _ => http.Request.Host.ToString());
    }

    /// <summary>A job of this provider's; the first one is <c>p1</c>, and so on.</summary>
    private string Begin(string kind) => $"{kind}{_jobs.AddOrUpdate(kind, 1, (_, count) => count + 1)}";

    /// <summary>A job is done when it is asked for the second time.</summary>
    private bool IsDone(string job) => Ends && _polls.AddOrUpdate(job, 1, (_, count) => count + 1) > 1;

    private async Task QueryAsync(HttpContext http)
    {
        using var body = await System.Text.Json.JsonDocument.ParseAsync(http.Request.Body);
        var id = body.RootElement.GetProperty("task_id_list")[0].GetString()!;
        var (status, result) = IsDone(id) ? (1, """[{\"file\":\"/v1/audio?path=%2Ftmp%2Fa.flac\",\"status\":1}]""") : (0, "[]");
        await JsonAsync(http, $$$"""{"data":[{"task_id":"{{{id}}}","status":{{{status}}},"result":"{{{result}}}"}],"code":200,"error":null}""");
    }

    private static string Queued(string id)
    {
        var address = $"https://queue.fal.run/fal-ai/stable-audio-25/requests/{id}";
        return $$"""{"request_id":"{{id}}","status":"IN_QUEUE","status_url":"{{address}}/status","response_url":"{{address}}","cancel_url":"{{address}}/cancel"}""";
    }

    private Task SoundAsync(HttpContext http)
    {
        http.Response.ContentType = "audio/wav";
        http.Response.ContentLength = Sound.Length;
        return http.Response.Body.WriteAsync(Sound).AsTask();
    }

    private static Task StatusAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task JsonAsync(HttpContext http, string body, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    }
}
