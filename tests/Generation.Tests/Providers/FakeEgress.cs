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
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests.Providers;

/// <summary>Stealth's egress with one server of each provider behind it, which speaks its dialect and makes a tone.</summary>
internal sealed class FakeEgress : IHttpClientFactory, IAsyncDisposable
{
    public const string Credential = "egress";
    private static readonly Dictionary<string, string> ResultHosts = new() { ["replicate"] = "replicate.delivery", ["fal"] = "v3.fal.media" };
    private readonly WebApplication _app;
    private readonly FakeProviders _providers = new();
    private int _fence = 1;

    private FakeEgress(WebApplication app)
    {
        _app = app;
        app.Run(ServeAsync);
    }

    /// <summary>What the servers deliver.</summary>
    public byte[] Sound
    {
        set => _providers.Sound = value;
    }

    /// <summary>Comes first; answers true when it has answered.</summary>
    public Func<HttpContext, Task<bool>> Fault { get; set; } = _ => Task.FromResult(false);

    /// <summary>What <c>/egress/providers</c> says of every provider.</summary>
    public JsonObject State { get; } = new() { ["enabled"] = true, ["accounts"] = 1, ["available"] = true };

    /// <summary>Whether jobs ever end.</summary>
    public bool Ends
    {
        set => _providers.Ends = value;
    }

    public string Address => _app.Urls.First();

    /// <summary>The only lease that is not refused: each holder's is another one.</summary>
    public string Lease => $"lease-{_fence}";

    /// <summary>How many jobs were ordered.</summary>
    public int Orders => Requests.Count(r => r.Lease.StartsWith("new", StringComparison.Ordinal));

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
        var client = new HttpClient { BaseAddress = new Uri(Address) };
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
        var directory = new RemoteDirectory(this, configuration);
        return new RemoteProvider(service, new RemoteTools(
            this, directory, new StudioToolbox(configuration), configuration, TimeProvider.System, NullLogger<RemoteTools>.Instance));
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ServeAsync(HttpContext http)
    {
        var call = $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}";
        http.Request.EnableBuffering();
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8, leaveOpen: true);
        var lease = http.Request.Headers["X-Stealth-Lease"].ToString();
        Requests.Enqueue((call, lease, await reader.ReadToEndAsync()));
        http.Request.Body.Position = 0;
        if (http.Request.Headers["X-Service-Credential"] != Credential)
        {
            http.Response.StatusCode = 401;
            return;
        }

        if (lease.StartsWith("new", StringComparison.Ordinal))
            http.Response.Headers["X-Stealth-Lease"] = Lease;
        else if (lease.Length > 0 && lease != Lease)
        {
            http.Response.StatusCode = 409;
            return;
        }

        if (!await Fault(http))
            await AnswerAsync(http, call.Replace("/egress/", "", StringComparison.Ordinal), http.Request.Headers["X-Stealth-Host"].ToString());
    }

    private Task AnswerAsync(HttpContext http, string call, string host)
    {
        if (call is "GET providers")
            return JsonAsync(http, new JsonArray([.. new[] { "ace-step", "elevenlabs", "stability", "replicate", "fal", "minimax" }.Select(Named)]));
        if (call is "DELETE leases/lease-1" or "DELETE leases/lease-2")
            return StatusAsync(http, 204);
        if (call is "POST leases/lease-1/take-over")
            return JsonAsync(http, new JsonObject { ["lease"] = $"lease-{Interlocked.Increment(ref _fence)}" });
        // Results lie elsewhere: whoever does not say where finds none.
        var path = call.Split('/', 2)[1];
        return path.StartsWith("results/", StringComparison.Ordinal) && !ResultHosts.ContainsValue(host)
            ? StatusAsync(http, 404)
            : _providers.AnswerAsync(http, $"{http.Request.Method} /{path}", provider => ResultHosts[provider]);
    }

    private JsonNode Named(string name)
    {
        var state = State.DeepClone();
        state["name"] = name;
        return state;
    }

    private static Task StatusAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task JsonAsync(HttpContext http, JsonNode body)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body.ToJsonString());
    }
}
