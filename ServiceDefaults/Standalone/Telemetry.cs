using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Son1kVers3.ServiceDefaults.Telemetry;

public static partial class TelemetryExtensions
{
    private static void AddTracesAndMetrics(IHostApplicationBuilder builder, string service)
    {
        builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Describe(service))
            .AddSource([.. Sources, "Microsoft.AspNetCore", "System.Net.Http"]).AddOtlpExporter().Build());
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Describe(service))
            .AddMeter(Meters).AddOtlpExporter().Build());
        builder.Services.AddHostedService<TelemetryProviders>();
    }

    /// <summary>Builds the providers before the first request and flushes them after the last.</summary>
    private sealed class TelemetryProviders(TracerProvider traces, MeterProvider metrics) : IHostedService
    {
        private const int FlushMilliseconds = 1000;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
            () =>
            {
                traces.ForceFlush(FlushMilliseconds);
                metrics.ForceFlush(FlushMilliseconds);
            },
            cancellationToken);
    }
}
