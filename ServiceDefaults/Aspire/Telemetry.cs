using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Son1kVers3.ServiceDefaults.Telemetry;

public static partial class TelemetryExtensions
{
    private static void AddTracesAndMetrics(IHostApplicationBuilder builder, string service) =>
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, serviceNamespace: "son1kvers3", serviceInstanceId: Environment.ProcessId.ToString()))
            .WithTracing(traces => traces.AddSource(Sources).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddOtlpExporter());
}
