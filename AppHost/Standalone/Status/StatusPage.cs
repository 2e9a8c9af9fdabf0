using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Son1kVers3.Standalone.Running;

namespace Son1kVers3.Standalone.Status;

/// <summary>The status table as a read-only page on loopback: HTML at <c>/</c>, JSON at <c>/status.json</c>.</summary>
internal sealed class StatusPage : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly WebApplication application;

    private StatusPage(WebApplication application, string url) => (this.application, Url) = (application, url);

    /// <summary>Where it is.</summary>
    public string Url { get; }

    public static async Task<StatusPage> StartAsync(int port, Func<IReadOnlyList<UnitStatus>> status)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var application = builder.Build();

        // Only this machine's own names: a foreign page that resolves to loopback must not read it.
        application.Use((context, next) =>
        {
            if (context.Request.Host.Host is "localhost" or "127.0.0.1")
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        });
        application.MapGet("/status.json", () => Results.Json(status(), Json));
        application.MapGet("/", () => Results.Content(Render(status()), "text/html", Encoding.UTF8));
        await application.StartAsync();
        return new StatusPage(application, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
    }

    public async ValueTask DisposeAsync()
    {
        using var grace = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await application.StopAsync(grace.Token);
        await application.DisposeAsync();
    }

    private static string Render(IReadOnlyList<UnitStatus> status)
    {
        var rows = new StringBuilder();
        foreach (var unit in status)
        {
            var link = unit.Url is { } url && url.StartsWith("http", StringComparison.Ordinal) ? $"<a href=\"{Encode(url)}\">{Encode(url)}</a>" : Encode(unit.Url);
            rows.Append(CultureInfo.InvariantCulture, $"<tr><td>{Encode(unit.Name)}<td class={unit.State}>{unit.State}<td>{link}<td>{unit.Pid}<td>{unit.Restarts}<td>{Encode(unit.Note)}");
        }

        return $$"""
            <!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=2><title>Son1kVers3: status</title>
            <style>body{font:15px system-ui;margin:2rem;background:#111;color:#eee}td,th{padding:.3rem 1rem;text-align:left}a{color:#00ffe7}
            .Healthy{color:#7f7}.Failed{color:#f66}.BackOff,.Unhealthy{color:#fc6}</style>
            <h1>Son1kVers3</h1><table><tr><th>Name<th>State<th>URL<th>Process<th>Restarts<th>Note{{rows}}</table></html>
            """;
    }

    private static string Encode(string? text) => WebUtility.HtmlEncode(text) ?? string.Empty;
}
