using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Workers;
using Son1kVers3.Testing;

namespace Son1kVers3.ServiceDefaults.Tests;

[Trait("Category", "Unit")]
public sealed class WorkerTests
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    [Fact]
    public async Task Round_WhenOneFails_TheNextOnesCome()
    {
        using var worker = new Counting(Often, round => round == 1 ? throw new InvalidOperationException("The first round fails.") : Task.CompletedTask);
        await worker.StartAsync(CancellationToken.None);

        await Eventually.PassesAsync(() => Assert.True(worker.Rounds >= 3));

        Assert.False(worker.ExecuteTask!.IsCompleted);
        await worker.StopAsync(CancellationToken.None);
        Assert.True(worker.ExecuteTask.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task FailedRound_ComesAgainAfterTheRetry_NotTheInterval()
    {
        using var worker = new Counting(new Schedule(Never) { StartsAtOnce = true, Retry = Often }, round => round < 3 ? throw new IOException() : Task.CompletedTask);
        await worker.StartAsync(CancellationToken.None);

        await Eventually.PassesAsync(() => Assert.Equal(3, worker.Rounds));
        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task FirstRound_ComesAtTheStart_WhereAsked()
    {
        using var atOnce = new Counting(new Schedule(Never) { StartsAtOnce = true });
        using var later = new Counting(Never);
        await later.StartAsync(CancellationToken.None);
        await atOnce.StartAsync(CancellationToken.None);

        await Eventually.PassesAsync(() => Assert.Equal(1, atOnce.Rounds));
        Assert.Equal(0, later.Rounds);
        await atOnce.StopAsync(CancellationToken.None);
        await later.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Waking_BringsTheNextRoundNow_AndIsKeptDuringOne()
    {
        var busy = new TaskCompletionSource();
        using var worker = new Counting(Never, round => round == 1 ? busy.Task : Task.CompletedTask);
        await worker.StartAsync(CancellationToken.None);

        worker.Wake();
        await Eventually.PassesAsync(() => Assert.Equal(1, worker.Rounds));
        worker.Wake();
        worker.Wake();
        busy.SetResult();

        await Eventually.PassesAsync(() => Assert.Equal(2, worker.Rounds));
        await worker.StopAsync(CancellationToken.None);
        Assert.Equal(2, worker.Rounds);
    }
}

[Trait("Category", "Integration")]
public sealed class OneReplicaTests
{
    [Fact]
    public async Task Rounds_OfTwoReplicas_AreNeverAtTheSameTime_AndGoOnWhenOneStops()
    {
        await using var service = await SampleService.StartAsync();
        var leases = service.Services.GetRequiredService<LeaseStore>();
        var schedule = new Schedule(TimeSpan.FromMilliseconds(1)) { StartsAtOnce = true, OneReplica = leases };
        var (running, overlaps) = (0, 0);
        using var first = new Counting(schedule, RoundAsync);
        using var second = new Counting(schedule, RoundAsync);
        await Task.WhenAll(first.StartAsync(CancellationToken.None), second.StartAsync(CancellationToken.None));

        await Eventually.PassesAsync(() => Assert.True(first.Rounds > 5 && second.Rounds > 5));
        await first.StopAsync(CancellationToken.None);
        var before = second.Rounds;
        await Eventually.PassesAsync(() => Assert.True(second.Rounds > before + 3));
        await second.StopAsync(CancellationToken.None);

        Assert.Equal(0, overlaps);

        async Task RoundAsync(int round)
        {
            if (Interlocked.Increment(ref running) > 1)
                Interlocked.Increment(ref overlaps);
            await Task.Delay(5);
            Interlocked.Decrement(ref running);
        }
    }
}

internal sealed class Counting(Schedule schedule, Func<int, Task>? round = null) : PeriodicWorker(schedule, TimeProvider.System, NullLogger.Instance)
{
    private int _rounds;

    public int Rounds => Volatile.Read(ref _rounds);

    protected override Task RunAsync(CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _rounds);
        return round?.Invoke(number) ?? Task.CompletedTask;
    }
}
