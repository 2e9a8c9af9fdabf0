using System.Text.Json;
using Son1kVers3.AppHost.Tests.Hosts;
using Son1kVers3.Standalone.Processes;
using Son1kVers3.Testing;

namespace Son1kVers3.AppHost.Tests;

/// <summary>Runs with real Postgres, Redis and RabbitMQ.</summary>
[Trait("Category", "Integration")]
public sealed class ServersTests : IAsyncLifetime
{
    public Task InitializeAsync() => TestRun.TakeTurnAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Start_WhenTheHostWasKilledWhileStarting_LeavesNothingAndStartsAgain()
    {
        await using var killed = await HostRun.StartAsync("servers");
        await Eventually.TrueAsync(() => Task.FromResult(IsBrokerBooting(killed)), "the broker boots");
        var processes = killed.Descendants();
        killed.Signal(Signal.Kill);
        await HostRun.NoneIsLeftAsync(processes);

        await using var beside = await HostRun.StartAsync("servers");
        await using var again = await HostRun.StartAsync("servers", killed.Folder);
        await again.WaitUntilUpAsync();
        await beside.WaitUntilUpAsync();

        await SecretsAreNowhereAsync(again);
        processes = again.Descendants();
        again.Signal(Signal.Terminate);
        Assert.Equal(0, await again.Exited);
        await HostRun.NoneIsLeftAsync(processes);
        Assert.All(await beside.GetStatusAsync(), unit => Assert.Equal("Healthy", unit.State));
    }

    private static bool IsBrokerBooting(HostRun host) => host.Descendants().Any(pid => CommandLine(pid).Contains("beam.smp", StringComparison.Ordinal));

    private static string CommandLine(int pid) => File.Exists($"/proc/{pid}/cmdline") ? File.ReadAllText($"/proc/{pid}/cmdline") : string.Empty;

    private static async Task SecretsAreNowhereAsync(HostRun host)
    {
        var secrets = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(Path.Combine(host.Folder, "secrets.json")))!;
        var logs = Directory.GetFiles(Path.Combine(host.Folder, "logs")).Select(File.ReadAllText);
        string[] seen = [host.Output, JsonSerializer.Serialize(await host.GetStatusAsync()), .. logs, .. host.Descendants().Select(CommandLine)];
        Assert.Equal(3, secrets.Count);
        Assert.All(secrets.Values, secret => Assert.DoesNotContain(seen, text => text.Contains(secret, StringComparison.Ordinal)));
    }
}
