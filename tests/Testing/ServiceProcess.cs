using System.Diagnostics;

namespace Son1kVers3.Testing;

/// <summary>A service of ours in a process of its own: it can be killed, and it reads what a process reads only at its start.</summary>
public sealed class ServiceProcess : IDisposable
{
    private readonly Process _process;

    private ServiceProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it listens, on loopback.</summary>
    public Uri Address { get; }

    /// <summary>Starts a service, and returns when it is healthy.</summary>
    /// <param name="program">Any type of the service's program.</param>
    /// <param name="environment">Connection strings and further configuration, with <c>__</c> between the parts of a name.</param>
    public static async Task<ServiceProcess> StartAsync(Type program, IReadOnlyDictionary<string, string> environment)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var start = new ProcessStartInfo("dotnet", [program.Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = address.OriginalString;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        // What nobody reads would stop it once the pipe is full.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var started = new ServiceProcess(process, address);
        using var client = started.Client();
        await Eventually.TrueAsync(async () => (await client.GetAsync("/health")).IsSuccessStatusCode, $"the process of {program.Assembly.GetName().Name} is healthy");
        return started;
    }

    /// <summary>An anonymous client.</summary>
    public HttpClient Client() => new() { BaseAddress = Address };

    /// <summary><c>kill -9</c>.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
