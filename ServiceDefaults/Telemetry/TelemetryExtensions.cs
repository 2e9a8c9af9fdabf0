using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Son1kVers3.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; nothing is collected otherwise.</summary>
public static class TelemetryExtensions
{
    internal static readonly string[] Sources = ["Npgsql", "MassTransit", "Son1kVers3.*"];
    internal static readonly string[] Meters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql", "MassTransit", "Son1kVers3.*"];

    /// <summary>Request lines of the libraries are quiet; logs, traces and metrics of the service leave over OTLP.</summary>
    public static IHostApplicationBuilder AddServiceTelemetry(this IHostApplicationBuilder builder, string service)
    {
        // Request lines carry signed media addresses.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        // A failed statement is thrown, and told where it is caught; the first look into an empty database always fails.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
        builder.Logging.AddFilter("StackExchange", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        // What is tried again is told by whoever asked, when it is given up.
        builder.Logging.AddFilter("Polly", LogLevel.None);
        // /health tells it to whoever asks, which is every other second while a service starts.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return builder;

        // Queries carry signatures and providers' keys. A development orchestrator asks for them in its traces; they are not to be had.
        foreach (var instrumentation in (string[])["ASPNETCORE", "HTTPCLIENT"])
            builder.Configuration[$"OTEL_DOTNET_EXPERIMENTAL_{instrumentation}_DISABLE_URL_QUERY_REDACTION"] = "false";
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
            logs.SetResourceBuilder(Describe(ResourceBuilder.CreateDefault(), service));
            logs.AddOtlpExporter();
        });
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, service))
            .WithTracing(traces => traces.AddSource(Sources).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddOtlpExporter());
        return builder;
    }

    /// <summary>Gives request spans the name of their route: <c>GET /api/generations/{id}</c>.</summary>
    public static IApplicationBuilder UseSpanNames(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } activity)
        {
            var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            activity.DisplayName = route is null ? http.Request.Method : $"{http.Request.Method} /{route.Trim('/')}";
            activity.SetTag("http.request.method", http.Request.Method).SetTag("http.route", route).SetTag("url.path", http.Request.Path.Value);
            await next(http);
            activity.SetTag("http.response.status_code", http.Response.StatusCode);
            return;
        }

        await next(http);
    });

    /// <summary>A name that the environment gives wins: the orchestrator tells replicas, and workers from those who answer.</summary>
    private static ResourceBuilder Describe(ResourceBuilder resource, string service) =>
        Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") is { Length: > 0 }
            ? resource
            : resource.AddService(service, serviceNamespace: "son1kvers3", serviceInstanceId: Environment.ProcessId.ToString());
}
