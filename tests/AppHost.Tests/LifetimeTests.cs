using System.Net;
using System.Net.Sockets;
using Son1kVers3.AppHost.Tests.Hosts;
using Son1kVers3.Testing;

namespace Son1kVers3.AppHost.Tests;

/// <summary>How a run begins and ends, with small programs for services and servers.</summary>
[Trait("Category", "Integration")]
public sealed class LifetimeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill_WhenHostIsKilled_LeavesNoProcess(bool orchestratorToo)
    {
        await using var host = HostRun.Start("sleepers");
        await host.WaitForAsync("Running", "first", "second", "service");
        var processes = host.Processes();
        int[] killed = orchestratorToo ? [host.Pid, .. host.Orchestrator] : [host.Pid];
        Assert.True(processes.Count >= 7, "the host, two of the orchestrator, three programs, a child of each");

        foreach (var pid in killed)
            ProcessTree.Signal(pid, Signals.Kill);

        await HostRun.NoneIsLeftAsync(processes);
    }

    [Theory]
    [InlineData("Terminate")]
    [InlineData("Interrupt")]
    public async Task Stop_WhenAsked_EndsServicesBeforeServers_AndWaitsForNobodyWhoWaits(string signal)
    {
        await using var host = HostRun.Start("order");
        await host.WaitForAsync("Running", "above", "below", "never");
        await host.WaitForAsync("Waiting", "waiting");
        var processes = host.Processes();

        ProcessTree.Signal(host.Pid, Enum.Parse<Signals>(signal));

        Assert.Equal(0, await host.ExitAsync());
        Assert.Equal(["above", "below"], await File.ReadAllLinesAsync(Path.Combine(host.Folder, "order")));
        await HostRun.NoneIsLeftAsync(processes);
    }

    [Fact]
    public async Task Crash_WhenItHappensAgainAndAgain_BacksOffAndIsTold()
    {
        await using var host = HostRun.Start("crashing");

        await host.WaitForOutputAsync("ended with code 3, 3 times in a row; started again in 2 s");

        Assert.Contains("| oh no", host.Output);
        await host.WaitForAsync("Running", "steady");
    }

    [Fact]
    public async Task Start_WhenAnotherRunUsesTheFolder_SaysSo()
    {
        await using var first = HostRun.Start("sleepers");
        await first.WaitForAsync("Running", "first");

        var second = HostRun.Start("sleepers", first.Folder);

        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains("SON1K_DATA", second.Output);
        await first.WaitForAsync("Running", "first", "second");
    }

    [Fact]
    public async Task Start_WhenThePortIsTaken_SaysSoAtOnce()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await using var host = HostRun.Start("sleepers", port: port);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains($"Port {port} is in use", host.Output);
    }
}
