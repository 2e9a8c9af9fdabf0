using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Son1kVers3.Testing;

namespace Son1kVers3.Stealth.Tests.Rotation;

/// <summary>A replica as a process of its own, which can be killed.</summary>
internal sealed class StealthProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> output = new();
    private readonly Process process;

    private StealthProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>What it has told of errors.</summary>
    public string Errors => string.Join('\n', output.SkipWhile(line => !line.StartsWith("fail: Son1k", StringComparison.Ordinal)).Take(30));

    public static async Task<StealthProcess> StartAsync(string database, string messaging, string redis, string profile)
    {
        var port = FreePort();
        var configuration = typeof(StealthProcess).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var program = Path.Combine(TestRun.RepositoryRoot, "services", "Stealth", "bin", configuration, "net10.0", "Son1kVers3.Stealth.dll");
        var start = new ProcessStartInfo("dotnet", program) { RedirectStandardOutput = true, WorkingDirectory = Path.GetDirectoryName(program)! };
        var settings = new Dictionary<string, string?>(StealthFixture.Settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["ConnectionStrings:stealthdb"] = database,
            ["ConnectionStrings:messaging"] = messaging,
            ["ConnectionStrings:redis"] = redis,
            ["services:profile:http:0"] = profile,
        };
        foreach (var (name, value) in settings)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        var replica = new StealthProcess(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}"));
        replica.process.OutputDataReceived += (_, line) => replica.output.Enqueue(line.Data ?? "");
        replica.process.BeginOutputReadLine();
        using var client = new HttpClient { BaseAddress = replica.Address };
        await Eventually.TrueAsync(async () => (await client.GetAsync("/health")).IsSuccessStatusCode, "the replica is healthy");
        return replica;
    }

    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
