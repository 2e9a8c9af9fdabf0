using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Son1kVers3.Machine;
using Son1kVers3.Standalone.Processes;
using Son1kVers3.Standalone.Servers;
using Son1kVers3.Standalone.Status;

namespace Son1kVers3.Standalone.Running;

/// <summary>One run of the application on this machine, from the check of what is installed to the last process' end.</summary>
internal sealed class LocalRun(DistributedApplicationBuilder model)
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(4.2);

    private readonly CancellationTokenSource stop = new();
    private ConsoleScreen? screen;

    /// <returns>False when it could not start; the reason has been written to the error output.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var linked = cancellationToken.Register(stop.Cancel);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
        try
        {
            await RunLockedAsync();
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception exception) when (exception is StartFailedException or MissingToolsException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"\nThe application did not start.\n{exception.Message}");
            return false;
        }
        finally
        {
            ProcessGuard.Dismiss();
        }
    }

    private async Task RunLockedAsync()
    {
        RequireLinux();
        using var folderLock = FolderLock.Take(model.Folder);
        if (model.Resources.OfType<ContainerResource>().Any())
        {
            await DebianPackages.EnsureAsync(Tools.Servers, Console.WriteLine, model.Configuration.GetValue("yes", false));
        }

        RequireFreePorts();
        var plans = new PlanBuilder(model).Build();
        using var logs = new LogFiles(Path.Combine(model.Folder, "logs"), SecretValues());
        var supervisor = new Supervisor(plans, plan => line => Write(plan.Name, logs.Write(plan.Name, line)), () => screen?.Refresh());
        await using var page = await StatusPage.StartAsync(FreePort.Next(), () => supervisor.Status);
        screen = new ConsoleScreen(() => supervisor.Status);
        try
        {
            await supervisor.StartAsync(stop.Token);
            WriteRunFile(page.Url);
            screen.Write(null, Summary(page.Url));
            await ReadCommandsAsync(supervisor);
        }
        finally
        {
            File.Delete(RunFile);
            await supervisor.StopAsync(StopGrace);
            await screen.CloseAsync();
        }
    }

    private string RunFile => Path.Combine(model.Folder, "run.json");

    private IEnumerable<EndpointAnnotation> ExternalEndpoints =>
        model.Resources.SelectMany(resource => resource.Annotations).OfType<EndpointAnnotation>().Where(endpoint => endpoint.IsExternal);

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    private void Write(string unit, string line) => screen?.Write(unit, line);

    private string Summary(string statusUrl)
    {
        var web = ExternalEndpoints.FirstOrDefault()?.UrlOf(0).Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        return web is null
            ? $"\n  Everything is up. Status page   {statusUrl}\n"
            : $"\n  Everything is up.\n\n  Web app         {web}\n  API reference   {web}/docs\n  Status page     {statusUrl}\n  Data and logs   {model.Folder}\n\n  Ctrl+C stops everything.\n";
    }

    /// <summary>Tells other programs of this machine (tests) where this run can be looked at. They wait for the file, so it must be whole at once.</summary>
    private void WriteRunFile(string statusUrl)
    {
        var draft = RunFile + ".new";
        File.WriteAllText(draft, JsonSerializer.Serialize(new
        {
            pid = Environment.ProcessId,
            statusUrl,
            url = ExternalEndpoints.FirstOrDefault()?.UrlOf(0),
        }));
        File.Move(draft, RunFile, overwrite: true);
    }

    /// <summary>Takes <c>stop</c>, <c>start</c> and <c>restart</c> with a name from the input until the run is told to stop.</summary>
    private async Task ReadCommandsAsync(Supervisor supervisor)
    {
        while (await Task.Run(Console.In.ReadLineAsync).WaitAsync(stop.Token) is { } line)
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words)
            {
                screen?.Write(null, await supervisor.CommandAsync(words[0], words.ElementAtOrDefault(1) ?? string.Empty));
            }
        }

        await Task.Delay(Timeout.Infinite, stop.Token);
    }

    private string[] SecretValues() => [.. model.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret).Select(parameter => parameter.Resolve()).Where(value => value.Length >= 8)];

    private void RequireFreePorts()
    {
        foreach (var endpoint in model.Resources.SelectMany(resource => resource.Annotations).OfType<EndpointAnnotation>())
        {
            if (endpoint.Port is { } port && !FreePort.IsFree(port))
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Port {port} is taken by another program: stop it, or choose another port (GATEWAY_PORT=8081 for the gateway)."));
            }
        }
    }

    private static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new InvalidOperationException("Without a container runtime the application runs on Linux only: install Docker or Podman and build with -p:UseAspire=true.");
        }
    }
}
