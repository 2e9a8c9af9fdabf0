using System.Security.Cryptography;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Son1kVers3.LocalServers;

namespace Son1kVers3.Testing;

/// <summary>An Aspire application of servers alone: the ones of AppHost, as programs, without a dashboard.</summary>
internal sealed class ServerApplication : IAsyncDisposable
{
    public const string Postgres = "postgres";
    public const string Redis = "redis";
    public const string Broker = "messaging";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(1);

    private readonly DistributedApplication _app;

    private ServerApplication(DistributedApplication app, SharedServers place)
    {
        _app = app;
        Place = place;
        Resources = new RunningResources(app);
    }

    /// <summary>Where the servers are.</summary>
    public SharedServers Place { get; }

    /// <summary>Stops and starts them.</summary>
    public RunningResources Resources { get; }

    public static async Task<ServerApplication> StartAsync(string folder, ServerKinds kinds)
    {
        var builder = CreateBuilder(folder);
        var data = new LocalData(folder, Durable: false, PrefersPrograms: true);
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var secret = builder.AddParameter("password", password, secret: true);
        EndpointReference? postgres = null, redis = null, rabbit = null;
        if (kinds.HasFlag(ServerKinds.Postgres))
            postgres = builder.AddPostgres(Postgres, password: secret).WithLocalProgram(data).GetEndpoint("tcp");
        if (kinds.HasFlag(ServerKinds.Redis))
            redis = builder.AddRedis(Redis, port: null, secret).WithLocalProgram(data).GetEndpoint("tcp");
        if (kinds.HasFlag(ServerKinds.RabbitMq))
            rabbit = builder.AddRabbitMQ(Broker, password: secret).WithLocalProgram(data).GetEndpoint("tcp");
        var epmd = builder.Resources.OfType<ExecutableResource>().FirstOrDefault(resource => resource.Name == RabbitMqProgram.MapperOf(Broker))?.GetEndpoint("tcp");

        var app = builder.Build();
        using var limit = new CancellationTokenSource(StartLimit);
        try
        {
            await app.StartAsync(limit.Token);
            foreach (var server in new[] { postgres, redis, rabbit }.OfType<EndpointReference>())
                await app.ResourceNotifications.WaitForResourceHealthyAsync(server.Resource.Name, limit.Token);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new ServerApplication(app, new SharedServers(postgres?.Port ?? 0, redis?.Port ?? 0, rabbit?.Port ?? 0, epmd?.Port ?? 0, password, folder));
    }

    /// <summary>Ends the servers at once.</summary>
    public void Kill() => ProcessTree.Kill(Resources.AllPids());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await Resources.DisposeAsync();
        await _app.DisposeAsync().AsTask().WaitAsync(StopLimit);
    }

    private static IDistributedApplicationBuilder CreateBuilder(string folder)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            // The assembly that knows where the orchestrator is.
            AssemblyName = typeof(ServerApplication).Assembly.GetName().Name,
            DisableDashboard = true,
            AllowUnsecuredTransport = true,
        });
        var ports = Ports.ClaimBlock();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ASPIRE_PROXYLESS_ENDPOINT_PORT_RANGE"] = $"{ports}-{ports + Ports.BlockSize - 1}",
            ["ASPIRE_VERSION_CHECK_DISABLED"] = "true",
        });
        builder.Services.AddLogging(logging => logging.ClearProviders());
        Environment.SetEnvironmentVariable("DCP_STATE_STORE_PATH", Path.Combine(PrivateFiles.CreateFolder(Path.Combine(folder, "orchestrator")), "state"));
        return builder;
    }
}
