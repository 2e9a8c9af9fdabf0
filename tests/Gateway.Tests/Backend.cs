using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Son1kVers3.Testing;

namespace Son1kVers3.Gateway.Tests;

/// <summary>A small real service on loopback: echoes who it is, remembers what it was asked, and can be stopped and started again.</summary>
internal sealed class Backend(string name, int port, Action<WebApplication>? map = null) : IAsyncDisposable
{
    private WebApplication? _app;

    public string Address => $"http://127.0.0.1:{port}";

    /// <summary>Headers of the requests that came, by path.</summary>
    public ConcurrentQueue<(string Method, string Path, Dictionary<string, string> Headers)> Requests { get; } = [];

    /// <summary>What <c>/health</c> says.</summary>
    public (int Code, string Body) Health { get; set; } = (200, """{"status":"healthy","checks":{}}""");

    public static async Task<Backend> StartAsync(string name, Action<WebApplication>? map = null)
    {
        var backend = new Backend(name, FreePort.Next(), map);
        await backend.StartAsync();
        return backend;
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(Address);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
        });
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Use((http, next) =>
        {
            Requests.Enqueue((http.Request.Method, http.Request.Path + http.Request.QueryString, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            http.Response.Headers.Server = "leaky/1.0";
            http.Response.Headers["X-Powered-By"] = "leaky";
            return next(http);
        });
        _app.MapGet("/health", () => Results.Text(Health.Body, "application/json", statusCode: Health.Code));
        _app.MapGet("/alive", () => "alive");
        map?.Invoke(_app);
        _app.MapFallback("{**path}", async (HttpRequest request) =>
        {
            var buffer = new MemoryStream();
            await request.Body.CopyToAsync(buffer);
            return Results.Json(new { service = name, method = request.Method, path = request.Path.Value, bytes = buffer.Length });
        });
        await _app.StartAsync();
    }

    /// <summary>From now on connections are refused.</summary>
    public async Task StopAsync()
    {
        if (_app is null)
            return;
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
