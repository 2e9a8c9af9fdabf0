namespace Son1kVers3.Stealth.Tests.Failover;

/// <summary>A tenth of what <c>tests/Load -- failover</c> runs, with one of the processes killed under load.</summary>
[Trait("Category", "Integration")]
public sealed class FailoverTests
{
    private const int Requests = 1200;

    [Fact]
    public async Task Egress_OfTwoProcesses_WithEveryFault_AnswersWhileAnyAccountIsHealthy()
    {
        var outcome = await FailoverRun.RunAsync(Requests, perSecond: 200, seed: 7, kill: true);

        Assert.True(outcome.Share >= 0.999, $"{outcome.Succeeded} of {outcome.Requests}; {string.Join("; ", outcome.Failures)}");
        // Every way to fail was met, and no account was asked again and again while it was away.
        Assert.All(FaultyProvider.Accounts.Skip(2), account => Assert.InRange(outcome.Faults.GetValueOrDefault(account), 1, Requests / 10));
        Assert.True(outcome.Gaps.Count > 20, $"{outcome.Gaps.Count} attempts followed failed ones");
    }
}
