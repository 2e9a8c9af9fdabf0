using Son1kVers3.AppHost.Tests.Hosts;
using Son1kVers3.Standalone.Processes;
using Son1kVers3.Testing;

namespace Son1kVers3.AppHost.Tests;

/// <summary>How a run begins and ends, with small programs for children.</summary>
[Trait("Category", "Integration")]
public sealed class LifetimeTests
{
    [Fact]
    public async Task Kill_WhenHostIsKilled_LeavesNoProcess()
    {
        await using var host = await HostRun.StartAsync("sleepers");
        await host.WaitUntilUpAsync();
        var processes = host.Descendants();
        Assert.True(processes.Count >= 5, "two programs, a child of each, and the guard");

        host.Signal(Signal.Kill);

        await HostRun.NoneIsLeftAsync(processes);
    }

    [Fact]
    public async Task Terminate_WhenOneWaitsForTheOther_StopsItFirst()
    {
        await using var host = await HostRun.StartAsync("order");
        await host.WaitUntilUpAsync();
        var processes = host.Descendants();

        host.Signal(Signal.Terminate);

        Assert.Equal(0, await host.Exited);
        Assert.Equal(["above", "below"], await File.ReadAllLinesAsync(Path.Combine(host.Folder, "order")));
        await HostRun.NoneIsLeftAsync(processes);
    }

    [Fact]
    public async Task Crash_WhenItHappensAgainAndAgain_BacksOffAndShows()
    {
        await using var host = await HostRun.StartAsync("crashing");
        await host.WaitUntilUpAsync();

        await Eventually.TrueAsync(
            async () => (await host.GetStatusAsync()).Any(unit => unit is { Name: "crashing", State: "BackOff", Restarts: >= 2 }), "the crash loop shows in the table");

        Assert.Contains(await host.GetStatusAsync(), unit => unit is { Name: "steady", State: "Healthy", Restarts: 0 });
        Assert.Contains("oh no", await File.ReadAllTextAsync(Path.Combine(host.Folder, "logs", "crashing.log")));
        using var http = new HttpClient();
        Assert.Contains("crashing", await http.GetStringAsync(await host.GetStatusUrlAsync()));
    }

    [Fact]
    public async Task Start_WhenAResourceCannotStart_ExitsWithTheReason()
    {
        await using var host = await HostRun.StartAsync("failing");

        Assert.Equal(1, await host.Exited);

        Assert.Contains("failing: ended with code 7", host.Output);
        Assert.Contains("the reason", host.Output[host.Output.IndexOf("did not start", StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task Start_WhenAnotherRunUsesTheFolder_SaysSo()
    {
        await using var first = await HostRun.StartAsync("sleepers");
        await first.WaitUntilUpAsync();

        var second = await HostRun.StartAsync("sleepers", first.Folder);

        Assert.Equal(1, await second.Exited);
        Assert.Contains("SON1K_DATA", second.Output);
        Assert.All(await first.GetStatusAsync(), unit => Assert.Equal("Healthy", unit.State));
    }

    [Fact]
    public async Task Replicas_WhenTwoAreAsked_EachHasAnAddressThatOthersKnow()
    {
        await using var host = await HostRun.StartAsync("replicas");
        await host.WaitUntilUpAsync();
        var status = await host.GetStatusAsync();
        var replicas = status.Where(unit => unit.Resource == "echo").Select(unit => unit.Url).ToArray();

        using var http = new HttpClient();
        var variables = await http.GetStringAsync($"{status.Single(unit => unit.Name == "asking").Url}/variables");

        Assert.Equal(2, replicas.Distinct().Count());
        Assert.Contains($"\"services__echo__http__0\":\"{replicas[0]}\"", variables);
        Assert.Contains($"\"services__echo__http__1\":\"{replicas[1]}\"", variables);
    }
}
