using System.Diagnostics;
using Son1kVers3.Testing;

namespace Son1kVers3.Pool.Tests.Hosting;

/// <summary>A replica of pool in a process of its own, beside one that a test hosts: it can be killed.</summary>
internal sealed class PoolProcess : IDisposable
{
    private readonly Process _process;

    private PoolProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts it on the database, broker and tokens of a replica, and returns when it is healthy.</summary>
    public static async Task<PoolProcess> StartAsync(ServiceHost<Program> beside, string redis)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = address.OriginalString,
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ConnectionStrings__pooldb"] = beside.Database,
                ["ConnectionStrings__messaging"] = beside.Messaging,
                ["ConnectionStrings__redis"] = redis,
                ["services__profile__http__0"] = beside.Tokens.Address,
            },
        };
        var process = Process.Start(start)!;
        // What nobody reads would stop it once the pipe is full.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var started = new PoolProcess(process, address);
        using var client = new HttpClient { BaseAddress = address };
        await Eventually.TrueAsync(async () => await IsHealthyAsync(client), "the process of pool is healthy", TimeSpan.FromMinutes(2));
        return started;
    }

    /// <summary><c>kill -9</c>.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static async Task<bool> IsHealthyAsync(HttpClient client)
    {
        try
        {
            return (await client.GetAsync("/health")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
