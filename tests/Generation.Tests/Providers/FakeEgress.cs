using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Providers.Remote;

namespace Son1kVers3.Generation.Tests.Providers;

/// <summary>Stealth's egress with one server of each provider behind it, which speaks its dialect and makes a tone.</summary>
internal sealed class FakeEgress : IHttpClientFactory, IAsyncDisposable
{
    private const string Credential = "egress";
    private readonly WebApplication _app;
    private int _polls;

    private FakeEgress(WebApplication app)
    {
        _app = app;
        app.Run(ServeAsync);
    }

    /// <summary>What the servers deliver.</summary>
    public byte[] Sound { get; set; } = Tone(10);

    /// <summary>Comes first; answers true when it has answered.</summary>
    public Func<HttpContext, Task<bool>> Fault { get; set; } = _ => Task.FromResult(false);

    /// <summary>What <c>/egress/providers</c> says of every provider.</summary>
    public JsonObject State { get; } = new() { ["enabled"] = true, ["accounts"] = 1, ["available"] = true };

    /// <summary>Whether jobs ever end.</summary>
    public bool Ends { get; set; } = true;

    /// <summary>Method, address, lease and body of every request.</summary>
    public ConcurrentQueue<(string Call, string Lease, string Body)> Requests { get; } = [];

    public static async Task<FakeEgress> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new FakeEgress(builder.Build());
        await fake._app.StartAsync();
        return fake;
    }

    public HttpClient CreateClient(string name)
    {
        var client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        client.DefaultRequestHeaders.Add("X-Service-Credential", Credential);
        return client;
    }

    public IMusicProvider Provider(RemoteService service)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Egress:Credential"] = Credential,
            ["Providers:PollSeconds"] = "0.02",
        }).Build();
        var directory = new RemoteDirectory(this, configuration, TimeProvider.System);
        return new RemoteProvider(service, new RemoteTools(
            this, directory, new StudioToolbox(configuration), configuration, TimeProvider.System, NullLogger<RemoteTools>.Instance));
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>A WAV file of a sine.</summary>
    public static byte[] Tone(int seconds, double level = 0.3)
    {
        const int rate = 44100;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + (seconds * rate * 2));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(rate * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(seconds * rate * 2);
        for (var i = 0; i < seconds * rate; i++)
            writer.Write((short)(level * short.MaxValue * Math.Sin(2 * Math.PI * 440 * i / rate)));
        return stream.ToArray();
    }

    private async Task ServeAsync(HttpContext http)
    {
        var call = $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}";
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var lease = http.Request.Headers["X-Stealth-Lease"].ToString();
        Requests.Enqueue((call, lease, await reader.ReadToEndAsync()));
        if (http.Request.Headers["X-Service-Credential"] != Credential)
        {
            http.Response.StatusCode = 401;
            return;
        }

        if (lease.StartsWith("new", StringComparison.Ordinal))
            http.Response.Headers["X-Stealth-Lease"] = "lease-1";
        if (!await Fault(http))
            await AnswerAsync(http, call.Replace("/egress/", "", StringComparison.Ordinal), http.Request.Headers["X-Stealth-Host"].ToString());
    }

    private Task AnswerAsync(HttpContext http, string call, string host) => (call, host) switch
    {
        ("GET providers", _) => JsonAsync(http, new JsonArray([.. new[] { "ace-step", "elevenlabs", "stability", "replicate", "fal", "minimax" }.Select(Named)])),
        ("DELETE leases/lease-1", _) => StatusAsync(http, 204),
        ("POST ace-step/release_task", _) => JsonAsync(http, """{"data":{"task_id":"t1","status":"queued","queue_position":1},"code":200,"error":null}"""),
        ("POST ace-step/query_result", _) => JsonAsync(http, IsDone()
            ? """{"data":[{"task_id":"t1","status":1,"result":"[{\"file\":\"/v1/audio?path=%2Ftmp%2Fa.flac\",\"status\":1}]"}],"code":200,"error":null}"""
            : """{"data":[{"task_id":"t1","status":0,"result":"[]"}],"code":200,"error":null}"""),
        ("GET ace-step/v1/audio?path=%2Ftmp%2Fa.flac", "") or ("POST elevenlabs/v1/music?output_format=mp3_44100_128", _)
            or ("POST stability/v2beta/audio/stable-audio-2/text-to-audio", _) or ("GET replicate/p1/out.wav", "replicate.delivery")
            or ("GET fal/files/out.wav", "v3.fal.media") => SoundAsync(http),
        ("POST stability/v2beta/audio/stable-audio/text-to-audio", _) => JsonAsync(http, """{"id":"s1"}""", 202),
        ("GET stability/v2beta/audio/results/s1", _) => IsDone() ? SoundAsync(http) : JsonAsync(http, """{"status":"in-progress"}""", 202),
        ("POST replicate/v1/models/stability-ai/stable-audio-2.5/predictions", _) => JsonAsync(http, """{"id":"p1","status":"starting"}""", 201),
        ("GET replicate/v1/predictions/p1", _) => JsonAsync(http, IsDone()
            ? """{"id":"p1","status":"succeeded","output":"https://replicate.delivery/p1/out.wav"}""" : """{"id":"p1","status":"processing","output":null}"""),
        ("POST replicate/v1/predictions/p1/cancel", _) => JsonAsync(http, """{"id":"p1","status":"canceled"}"""),
        ("POST fal/fal-ai/stable-audio-25/text-to-audio", _) => JsonAsync(http, """
            {"request_id":"f1","status":"IN_QUEUE","status_url":"https://queue.fal.run/fal-ai/stable-audio-25/requests/f1/status",
             "response_url":"https://queue.fal.run/fal-ai/stable-audio-25/requests/f1","cancel_url":"https://queue.fal.run/fal-ai/stable-audio-25/requests/f1/cancel"}
            """),
        ("GET fal/fal-ai/stable-audio-25/requests/f1/status", _) => IsDone()
            ? JsonAsync(http, """{"status":"COMPLETED"}""") : JsonAsync(http, """{"status":"IN_PROGRESS","logs":null}""", 202),
        ("GET fal/fal-ai/stable-audio-25/requests/f1", _) => JsonAsync(http, """{"audio":{"url":"https://v3.fal.media/files/out.wav","content_type":"audio/wav"}}"""),
        ("PUT fal/fal-ai/stable-audio-25/requests/f1/cancel", _) => JsonAsync(http, """{"status":"CANCELLATION_REQUESTED"}""", 202),
        ("POST minimax/v1/music_generation", _) => JsonAsync(http,
            $$$"""{"data":{"audio":"{{{Convert.ToHexStringLower(Sound)}}}","status":2},"base_resp":{"status_code":0,"status_msg":"success"}}"""),
        _ => StatusAsync(http, 404),
    };

    private JsonNode Named(string name)
    {
        var state = State.DeepClone();
        state["name"] = name;
        return state;
    }

    private bool IsDone() => Ends && Interlocked.Increment(ref _polls) > 1;

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

    private static Task JsonAsync(HttpContext http, JsonNode body) => JsonAsync(http, body.ToJsonString());

    private static Task JsonAsync(HttpContext http, string body, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    }
}
