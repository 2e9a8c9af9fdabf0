using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace Son1kVers3.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; nothing is collected otherwise.</summary>
public static partial class TelemetryExtensions
{
    internal static readonly string[] Sources = ["Npgsql", "MassTransit", "Son1kVers3.*"];
    internal static readonly string[] Meters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql", "MassTransit", "Son1kVers3.*"];

    /// <summary>Sets up what both halves of the build have in common, then what differs.</summary>
    public static IHostApplicationBuilder AddServiceTelemetry(this IHostApplicationBuilder builder, string service)
    {
        // Request lines carry signed media addresses.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return builder;

        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
            logs.SetResourceBuilder(Describe(service));
            logs.AddOtlpExporter();
        });
        AddTracesAndMetrics(builder, service);
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

    internal static ResourceBuilder Describe(string service) =>
        ResourceBuilder.CreateDefault().AddService(service, serviceNamespace: "son1kvers3", serviceInstanceId: Environment.ProcessId.ToString());
}
