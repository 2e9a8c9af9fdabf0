using System.Collections.Concurrent;
using Son1kVers3.ServiceDefaults.Concurrency;
using Son1kVers3.Testing;

namespace Son1kVers3.ServiceDefaults.Tests;

[Trait("Category", "Unit")]
public sealed class SingleFlightTests
{
    private readonly TaskCompletionSource<string> made = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int makers;

    [Fact]
    public async Task Callers_OfOneKey_ShareOneMaking()
    {
        var flights = new SingleFlight<string>(4);
        var callers = Enumerable.Range(0, 150).Select(_ => flights.RunAsync("file", "ana", MakeAsync, CancellationToken.None)).ToList();

        made.SetResult("done");

        Assert.All(await Task.WhenAll(callers), result => Assert.Equal("done", result));
        Assert.Equal(1, makers);
    }

    [Fact]
    public async Task Caller_WhoLeaves_DoesNotEndItForTheOthers()
    {
        var flights = new SingleFlight<string>(4);
        using var leaving = new CancellationTokenSource();
        var first = flights.RunAsync("file", "ana", MakeAsync, leaving.Token);
        var second = flights.RunAsync("file", "bo", MakeAsync, CancellationToken.None);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        made.SetResult("done");

        Assert.Equal("done", await second);
        Assert.Equal(1, makers);
    }

    [Fact]
    public async Task Making_WhenTheLastCallerLeft_IsCancelled_AndTheNextBeginsAnew()
    {
        var flights = new SingleFlight<string>(1);
        using var leaving = new CancellationTokenSource();
        var stopped = new TaskCompletionSource();
        var only = flights.RunAsync("file", "ana", StoppableAsync, leaving.Token);
        await Eventually.TrueAsync(() => Task.FromResult(makers == 1), "it is being made");

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => only);
        await stopped.Task;
        made.SetResult("again");
        Assert.Equal("again", await flights.RunAsync("file", "ana", MakeAsync, CancellationToken.None));

        async Task<string> StoppableAsync(CancellationToken cancellationToken)
        {
            makers++;
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopped.SetResult();
            throw new OperationCanceledException(cancellationToken);
        }
    }

    [Fact]
    public async Task Failure_IsToldToAll_AndForgotten()
    {
        var flights = new SingleFlight<string>(4);
        var callers = Enumerable.Range(0, 3).Select(_ => flights.RunAsync("file", "ana", MakeAsync, CancellationToken.None)).ToList();
        made.SetException(new IOException("full"));

        foreach (var caller in callers)
            Assert.Equal("full", (await Assert.ThrowsAsync<IOException>(() => caller)).Message);
        Assert.Equal("fine", await flights.RunAsync("file", "ana", _ => Task.FromResult("fine"), CancellationToken.None));
    }

    [Fact]
    public async Task Makers_AreNeverMoreThanTheCap()
    {
        var flights = new SingleFlight<int>(3);
        var (running, most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => flights.RunAsync($"{i}", $"m{i % 7}", BusyAsync, CancellationToken.None)));

        Assert.InRange(most, 1, 3);

        async Task<int> BusyAsync(CancellationToken cancellationToken)
        {
            var now = Interlocked.Increment(ref running);
            for (var seen = most; now > seen && Interlocked.CompareExchange(ref most, now, seen) != seen; seen = most)
            {
            }

            await Task.Yield();
            return Interlocked.Decrement(ref running);
        }
    }

    private Task<string> MakeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref makers);
        return made.Task;
    }
}

[Trait("Category", "Unit")]
public sealed class FairTurnsTests
{
    [Fact]
    public async Task Member_WhoComesAfterAHundredOfAnother_WaitsForOneTurn()
    {
        var turns = new FairTurns(1);
        var running = await turns.TakeAsync("greedy", CancellationToken.None);
        var order = new ConcurrentQueue<string>();
        var greedy = Enumerable.Range(0, 100).Select(_ => WorkAsync("greedy")).ToList();
        var modest = WorkAsync("modest");

        running.Dispose();
        await Task.WhenAll([.. greedy, modest]);

        Assert.Equal(1, order.ToList().IndexOf("modest"));
        Assert.Equal(101, order.Count);

        async Task WorkAsync(string member)
        {
            using var turn = await turns.TakeAsync(member, CancellationToken.None);
            order.Enqueue(member);
        }
    }

    [Fact]
    public async Task Member_WhoHoldsAllTheirTurns_LeavesRoomForOthers()
    {
        var turns = new FairTurns(2, perMember: 1);
        using var held = await turns.TakeAsync("greedy", CancellationToken.None);
        var more = turns.TakeAsync("greedy", CancellationToken.None);

        using var other = await turns.TakeAsync("modest", CancellationToken.None);

        Assert.False(more.IsCompleted);
        held.Dispose();
        (await more).Dispose();
    }

    [Fact]
    public async Task Waiting_WhenGivenUp_IsPassedOver()
    {
        var turns = new FairTurns(1);
        var running = await turns.TakeAsync("ana", CancellationToken.None);
        using var leaving = new CancellationTokenSource();
        var given = turns.TakeAsync("bo", leaving.Token);
        var next = turns.TakeAsync("cy", CancellationToken.None);

        await leaving.CancelAsync();
        running.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        (await next).Dispose();
        Assert.Equal(0, turns.Waiting);
    }

    [Fact]
    public async Task Turns_UnderARaceOfManyWhoLeaveAndStay_AreNeverLost()
    {
        var turns = new FairTurns(3, perMember: 2);
        var random = new Random(7);
        var delays = Enumerable.Range(0, 400).Select(_ => random.Next(4)).ToList();

        await Task.WhenAll(delays.Select(async (delay, i) =>
        {
            using var leaving = new CancellationTokenSource();
            if (delay == 0)
                leaving.CancelAfter(TimeSpan.FromTicks(i * 50));
            try
            {
                using var turn = await turns.TakeAsync($"m{i % 9}", leaving.Token);
                await Task.Yield();
            }
            catch (OperationCanceledException)
            {
                // Gave up.
            }
        }));

        // All three turns are there again, for three members.
        using var first = await turns.TakeAsync("a", CancellationToken.None);
        using var second = await turns.TakeAsync("b", CancellationToken.None);
        using var third = await turns.TakeAsync("c", CancellationToken.None);
        Assert.False(turns.TakeAsync("d", CancellationToken.None).IsCompleted);
    }
}
