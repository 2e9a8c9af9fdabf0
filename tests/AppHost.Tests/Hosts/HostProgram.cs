using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Son1kVers3.AppHost.Lifetime;
using Son1kVers3.AppHost.Secrets;
using Son1kVers3.LocalServers;
using Son1kVers3.Testing;

namespace Son1kVers3.AppHost.Tests.Hosts;

/// <summary>What this assembly does when a test runs it as a program: AppHost's own start, stop and servers around the model that the scenario names.</summary>
internal static class HostProgram
{
    // A program that starts another one and lets itself be stopped.
    private const string Sleeper = "sleep 1000 & exec sleep 1000";

    private static async Task Main(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = args,
            AssemblyName = typeof(HostSettings).Assembly.GetName().Name,
            DisableDashboard = true,
        });
        var settings = new HostSettings(builder);
        if (!await LocalRun.PrepareAsync(builder, settings))
            return;
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, StateLines>());
        switch (builder.Configuration["scenario"])
        {
            case "sleepers":
                AddServer(builder, "second", Sleeper).WaitFor(AddServer(builder, "first", Sleeper));
                AddService(builder, "service", Sleeper);
                break;
            case "order":
                var below = AddServer(builder, "below", Recorder(settings, "below"));
                AddService(builder, "above", Recorder(settings, "above")).WaitFor(below);
                AddService(builder, "waiting", Sleeper).WaitFor(AddServer(builder, "never", "echo never is healthy; exec sleep 1000").WithHttpEndpoint(isProxied: false).WithHttpHealthCheck("/"));
                break;
            case "crashing":
                AddService(builder, "crashing", "sleep 0.2; echo oh no; exit 3");
                AddService(builder, "steady", Sleeper);
                break;
            case "servers":
                builder.AddPostgres("postgres", password: builder.AddPassword("postgres-password", settings)).WithLocalProgram(Programs(settings)).AddDatabase("maindb");
                builder.AddRedis("redis", port: null, builder.AddPassword("redis-password", settings)).WithLocalProgram(Programs(settings));
                builder.AddRabbitMQ("messaging", password: builder.AddPassword("messaging-password", settings)).WithLocalProgram(Programs(settings));
                break;
        }

        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Critical));
        await LocalRun.RunAsync(builder.Build());
    }

    private static LocalData Programs(HostSettings settings) => settings.Data with { PrefersPrograms = true };

    private static IResourceBuilder<ExecutableResource> AddServer(IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "sh", "/", "-c", script);

    private static IResourceBuilder<ProjectResource> AddService(IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddProject<ThisProject>(name, options => options.ExcludeLaunchProfile = true)
            .WithAnnotation(new ExecutableAnnotation { Command = "sh", WorkingDirectory = "/" })
            .WithArgs("-c", script);

    private static string Recorder(HostSettings settings, string name) => $"trap 'echo {name} >> {settings.Data.Folder}/order; exit 0' TERM; while :; do sleep 0.05; done";

    /// <summary>Tells the test what the host knows: a line for each change of state, <c># name state pid</c>.</summary>
    private sealed class StateLines(ResourceNotificationService states) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await foreach (var change in states.WatchAsync(stoppingToken))
            {
                var pid = change.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value;
                Console.WriteLine($"# {change.Resource.Name} {change.Snapshot.State?.Text} {change.Snapshot.HealthStatus} {pid}");
                if (change.Resource is PostgresServerResource postgres && change.Snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy)
                    Console.WriteLine($"# port {postgres.PrimaryEndpoint.Port}");
            }
        }
    }

    private sealed class ThisProject : IProjectMetadata
    {
        public string ProjectPath => Path.Combine(TestRun.RepositoryRoot, "tests", "AppHost.Tests", "AppHost.Tests.csproj");
    }
}
