using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Son1kVers3.LocalServers;
using Son1kVers3.Machine;

namespace Son1kVers3.AppHost.Lifetime;

/// <summary>Readies this machine for a run: tools, data folder, ports, and what Aspire leaves to its users. Nothing of it touches what is published.</summary>
internal static class LocalRun
{
    // The orchestrator needs about eight seconds after the death of its application host.
    private static readonly TimeSpan LeftoversLimit = TimeSpan.FromSeconds(30);

    /// <summary>False where the application can't run; why is said.</summary>
    public static async Task<bool> PrepareAsync(IDistributedApplicationBuilder builder, HostSettings settings)
    {
        if (!builder.ExecutionContext.IsRunMode)
            return true;
        try
        {
            await DebianPackages.EnsureAsync(ContainerRuntime.IsPresent ? Tools.Services : [.. Tools.Services, .. Tools.Servers], Console.WriteLine, settings.Consent);
            await StudioTools.PrepareAsync(settings.Consent);
            RequirePort(settings);
            await TakeFolderAsync(builder, settings);
        }
        catch (Exception exception) when (exception is StartRefusedException or MissingToolsException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            Environment.ExitCode = 1;
            return false;
        }

        Configure(builder, settings);
        AddLifetime(builder, settings);
        return true;
    }

    /// <summary>Runs until somebody ends it.</summary>
    public static async Task RunAsync(DistributedApplication application)
    {
        var stopping = application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await application.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Ended while it was still starting.
        }
    }

    /// <remarks>What Aspire leaves to its users: it starts and stops, we restart, order the end and say what happens.</remarks>
    private static void AddLifetime(IDistributedApplicationBuilder builder, HostSettings settings)
    {
        builder.Services.AddSingleton(settings).AddSingleton(new Terminal(Console.Out)).AddSingleton<FailureReport>();
        AddFirst<PasswordCheck>(builder.Services);
        AddFirst<Narrator>(builder.Services);
        AddFirst<OrderedStop>(builder.Services);
        AddFirst<Restarts>(builder.Services);
        AddFirst<ProcessTable>(builder.Services);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            // The application host ends last: whoever waits for it knows that everything is gone.
            ["DcpPublisher:WaitForResourceCleanup"] = "true",
            ["ASPIRE_VERSION_CHECK_DISABLED"] = "true",
            ["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] = "true",
        });
    }

    // Before Aspire's own: its orchestrator's start ends only when everything has been started.
    private static void AddFirst<T>(IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(provider => provider.GetRequiredService<T>()));
    }

    private static void RequirePort(HostSettings settings)
    {
        var address = IPAddress.TryParse(settings.GatewayHost, out var given) ? given : IPAddress.Loopback;
        if (!Ports.IsFree(address, settings.GatewayPort))
        {
            throw new StartRefusedException(
                $"Port {settings.GatewayPort} is in use. Stop what listens there, or choose another: GATEWAY_PORT={settings.GatewayPort + 10} dotnet run --project AppHost");
        }
    }

    private static async Task TakeFolderAsync(IDistributedApplicationBuilder builder, HostSettings settings)
    {
        PrivateFiles.CreateFolderOfServers(settings.Data.Folder);
        builder.Services.AddSingleton(new HeldFolder(FolderLock.Take(settings.Data.Folder)));
        if (await Leftovers.WaitForEndAsync(settings.Data.Folder, LeftoversLimit, Console.WriteLine) is { Length: > 0 } left)
            throw new StartRefusedException($"Servers of an earlier run still work in {settings.Data.Folder} (processes {string.Join(", ", left)}). Stop them and start again.");
    }

    private static void Configure(IDistributedApplicationBuilder builder, HostSettings settings)
    {
        var ports = Ports.ClaimBlock();

        // What the dashboard has collected is worth a run: it would grow for ever.
        var dashboard = Path.Combine(settings.Data.Folder, "dashboard");
        if (Directory.Exists(dashboard))
            Directory.Delete(dashboard, recursive: true);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ASPIRE_PROXYLESS_ENDPOINT_PORT_RANGE"] = $"{ports}-{ports + Ports.BlockSize - 1}",

            // Everything is on loopback; on the dashboard a token, kept with the data, still keeps other local users out.
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
            ["AppHost:BrowserToken"] = settings.DashboardToken,
            ["ASPIRE_DASHBOARD_DATA_DIRECTORY"] = PrivateFiles.CreateFolder(dashboard),

            // The terminal is the narrator's.
            ["Logging:LogLevel:Default"] = builder.Configuration["Logging:LogLevel:Default"] ?? "Warning",

            // It warns once that its keys, for nothing but the dashboard's cookie, are not encrypted.
            ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",

            // What it would log is an end while it still starts.
            ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
        });

        // A file in a folder that the orchestrator wants closed to others, and that no other run shares.
        Environment.SetEnvironmentVariable("DCP_STATE_STORE_PATH", Path.Combine(PrivateFiles.CreateFolder(Path.Combine(settings.Data.Folder, "orchestrator")), "state"));
    }

    /// <summary>Keeps the folder until the application's services are gone.</summary>
    private sealed record HeldFolder(FileStream Lock) : IDisposable
    {
        public void Dispose() => Lock.Dispose();
    }
}
