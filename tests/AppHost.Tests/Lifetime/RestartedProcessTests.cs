using Aspire.Hosting.ApplicationModel;
using Son1kVers3.AppHost.Lifetime;

namespace Son1kVers3.AppHost.Tests.Lifetime;

[Trait("Category", "Unit")]
public sealed class RestartedProcessTests
{
    private readonly RestartedProcess _process = new(new Backoff(TimeProvider.System));

    [Theory]
    [InlineData("Finished")]
    [InlineData("Exited")]
    [InlineData("FailedToStart")]
    public void Observe_WhenItEndedByItself_AsksForOneRestart(string end)
    {
        Assert.False(Observe("Starting"));
        Assert.False(Observe("Running"));

        Assert.True(Observe(end));
        Assert.False(Observe(end));
    }

    [Theory]
    [InlineData("Finished")]
    [InlineData("Terminated")]
    public void Observe_WhenItWasToldToStop_LeavesItDown(string end)
    {
        Observe("Running");
        Observe("Stopping");

        Assert.False(Observe(end));
    }

    [Fact]
    public void Observe_WhenAPersonStartsItAgain_LooksAfterItAsBefore()
    {
        Observe("Running");
        Observe("Stopping");
        Observe("Finished");
        Observe("Starting");
        Observe("Running");

        Assert.True(Observe("Finished"));
    }

    [Fact]
    public void IsUpAgain_WhenItEndedWhileItWasStarted_SaysNo()
    {
        Observe("Running");
        Assert.True(Observe("Finished"));
        Observe("Starting");
        Observe("Running");
        Assert.False(Observe("Finished"), "whoever restarts it is at it");

        Assert.False(_process.IsUpAgain());
        Observe("Running");
        Assert.True(_process.IsUpAgain());
        Assert.True(Observe("Finished"));
    }

    private bool Observe(string state) => _process.Observe(new CustomResourceSnapshot { ResourceType = "Executable", Properties = [], State = state });
}
