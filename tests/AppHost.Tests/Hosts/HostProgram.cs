using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Son1kVers3.AppHost.Tests.Hosts;

/// <summary>What this assembly does when a test runs it as a program: an application host with the model that the scenario names, or a small service.</summary>
internal static class HostProgram
{
    // A program that starts another one and lets itself be stopped.
    private const string Sleeper = "sleep 1000 & exec sleep 1000";

    private static void Main(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(args);
        var folder = builder.Configuration["SON1K_DATA"] ?? string.Empty;
        switch (builder.Configuration["scenario"])
        {
            case "sleepers":
                AddShell(builder, "second", Sleeper).WaitFor(AddShell(builder, "first", Sleeper));
                break;
            case "order":
                var below = AddShell(builder, "below", Recorder(folder, "below"));
                AddShell(builder, "above", Recorder(folder, "above")).WaitFor(below);
                break;
            case "crashing":
                AddShell(builder, "crashing", "sleep 0.7; echo oh no; exit 3");
                AddShell(builder, "steady", Sleeper);
                break;
            case "failing":
                AddShell(builder, "failing", "echo the reason; exit 7").WithHttpEndpoint().WithHttpHealthCheck("/health");
                AddShell(builder, "steady", Sleeper);
                break;
            case "replicas":
                var echo = builder.AddProject<ThisProject>("echo", options => options.ExcludeLaunchProfile = true).WithHttpEndpoint().WithHttpHealthCheck("/health").WithReplicas(2);
                builder.AddProject<ThisProject>("asking").WithHttpEndpoint().WithHttpHealthCheck("/health").WithReference(echo).WaitFor(echo);
                break;
            case "servers":
                var database = builder.AddPostgres("postgres").AddDatabase("maindb");
                var redis = builder.AddRedis("redis");
                var messaging = builder.AddRabbitMQ("messaging");
                AddShell(builder, "client", Sleeper).WithReference(database).WithReference(redis).WithReference(messaging).WaitFor(database).WaitFor(redis).WaitFor(messaging);
                break;
            default:
                RunService(args);
                return;
        }

        builder.Build().Run();
    }

    private static IResourceBuilder<ExecutableResource> AddShell(IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "sh", "/", "-c", script);

    private static string Recorder(string folder, string name) => $"trap 'echo {name} >> {folder}/order; exit 0' TERM; while :; do sleep 0.05; done";

    private static void RunService(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/health", () => Results.Ok());
        app.MapGet("/variables", () => Environment.GetEnvironmentVariables());
        app.Run();
    }

    private sealed class ThisProject : IProjectMetadata
    {
        public string ProjectPath => Path.Combine(Testing.TestRun.RepositoryRoot, "tests", "AppHost.Tests", "AppHost.Tests.csproj");
    }
}
