using Son1kVers3.Standalone.Processes;

namespace Son1kVers3.Standalone.Running;

/// <summary>Keeps one process alive.</summary>
/// <remarks>
/// A process that ends without having been asked is started again: at once the first time, then after 1, 2, 4 … at most 30 seconds;
/// a minute of health forgives what was before. One that was never ready and has ended three times, or is not ready in time, has failed for good,
/// and with it the start of the application.
/// </remarks>
internal sealed class Unit(UnitPlan plan, Action<string> log, Action changed)
{
    private const int FirstStartAttempts = 3;
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Forgiven = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SignOfLife = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> recent = new();
    private CancellationTokenSource stop = new();
    private ChildProcess? process;
    private Task running = Task.CompletedTask;
    private long readySince;
    private int crashes;

    /// <summary>The unit.</summary>
    public UnitPlan Plan => plan;

    /// <summary>Completes when it has been ready once; fails with the reason when it can't be started.</summary>
    public Task Ready => ready.Task;

    /// <summary>Its line of the table.</summary>
    public UnitStatus Status { get; private set; } = new(plan.Name, plan.Resource, UnitState.Waiting, plan.Url, null, 0, null);

    /// <summary>Starts to keep it alive, once its dependencies are ready.</summary>
    public void Start(Task dependencies)
    {
        stop = new CancellationTokenSource();
        running = RunAsync(dependencies, stop.Token);
    }

    /// <summary>Ends it for now: it is not started again.</summary>
    public async Task StopAsync()
    {
        Set(UnitState.Stopping);
        await stop.CancelAsync();
        if (process is { } child)
        {
            await child.StopAsync(plan.StopGrace);
        }

        await running;
        Set(Status.Note is null || ready.Task.IsCompletedSuccessfully ? UnitState.Stopped : UnitState.Failed, note: Status.Note);
    }

    /// <summary>Ends it without asking.</summary>
    public void Kill()
    {
        stop.Cancel();
        process?.Kill();
    }

    private async Task RunAsync(Task dependencies, CancellationToken cancellationToken)
    {
        try
        {
            await dependencies.WaitAsync(cancellationToken);
            while (true)
            {
                await RunOnceAsync(cancellationToken);
                await BackOffAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            ready.TrySetCanceled(cancellationToken);
        }
        catch (DependencyFailedException)
        {
            ready.TrySetException(new DependencyFailedException());
        }
        catch (Exception exception)
        {
            process?.Kill();
            Set(UnitState.Failed, note: exception.Message);
            ready.TrySetException(new StartFailedException(plan.Name, exception.Message, exception));
        }
    }

    private async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        Set(UnitState.Starting);
        var spec = await plan.CreateSpec(log, cancellationToken);
        var child = await ProcessLauncher.StartAsync(spec, Remember);
        process = child;
        if (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop between the fork and here: the one who asked has not seen this process.
            child.Kill();
        }

        Set(UnitState.Starting, child.Pid);
        await WaitUntilReadyAsync(child, cancellationToken);
        await WatchAsync(child, cancellationToken);
        var exitCode = await child.Exited;
        process = null;
        cancellationToken.ThrowIfCancellationRequested();
        Set(UnitState.BackOff, note: $"ended with code {exitCode}");
        log($"Ended with code {exitCode}");
    }

    private async Task WaitUntilReadyAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)plan.StartTimeout.TotalMilliseconds;
        while (child.IsRunning)
        {
            if (await LooksReadyAsync(child, cancellationToken))
            {
                await plan.WhenReady(cancellationToken);
                readySince = Environment.TickCount64;
                Set(UnitState.Healthy, child.Pid);
                ready.TrySetResult();
                return;
            }

            if (!ready.Task.IsCompleted && Environment.TickCount64 > deadline)
            {
                throw new InvalidOperationException($"not ready within {plan.StartTimeout.TotalSeconds:0} s. {LastLines()}");
            }

            await Task.WhenAny(child.Exited, Task.Delay(Poll, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> LooksReadyAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        if (plan.IsReadyAsync is { } look)
        {
            return await look(cancellationToken);
        }

        await Task.WhenAny(child.Exited, Task.Delay(SignOfLife, cancellationToken));
        return child.IsRunning;
    }

    private async Task WatchAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        while (child.IsRunning && !cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAny(child.Exited, Task.Delay(Watch, cancellationToken));
            if (child.IsRunning && !cancellationToken.IsCancellationRequested)
            {
                Set(!plan.IsWatched || plan.IsReadyAsync is null || await plan.IsReadyAsync(cancellationToken) ? UnitState.Healthy : UnitState.Unhealthy, child.Pid);
            }
        }
    }

    private async Task BackOffAsync(CancellationToken cancellationToken)
    {
        if (readySince != 0 && Environment.TickCount64 - readySince > Forgiven.TotalMilliseconds)
        {
            crashes = 0;
        }

        crashes++;
        readySince = 0;
        if (!ready.Task.IsCompletedSuccessfully && crashes >= FirstStartAttempts)
        {
            throw new InvalidOperationException($"{Status.Note} {FirstStartAttempts} times before it was ready. {LastLines()}");
        }

        var delay = crashes == 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, crashes - 2), LongestBackOff.TotalSeconds));
        var note = delay == TimeSpan.Zero ? Status.Note : $"{Status.Note}, again in {delay.TotalSeconds:0} s";
        Status = Status with { Restarts = Status.Restarts + 1 };
        Set(UnitState.BackOff, note: note);
        await Task.Delay(delay, cancellationToken);
    }

    private void Set(UnitState state, int? pid = null, string? note = null)
    {
        // Whoever stops the unit has the last word: a health check that was under way must not make it look alive.
        if (stop.IsCancellationRequested && state is UnitState.Healthy or UnitState.Unhealthy)
        {
            return;
        }

        var next = Status with { State = state, Pid = pid, Note = note };
        if (next != Status)
        {
            Status = next;
            changed();
        }
    }

    private void Remember(string line)
    {
        lock (recent)
        {
            recent.Enqueue(line);
            if (recent.Count > 15)
            {
                recent.Dequeue();
            }
        }

        log(line);
    }

    private string LastLines()
    {
        lock (recent)
        {
            return recent.Count == 0 ? "It wrote nothing." : $"Its last lines:\n{string.Join('\n', recent)}";
        }
    }
}

/// <summary>The application can't start because one of its units can't.</summary>
internal sealed class StartFailedException(string unit, string reason, Exception? inner = null) : Exception($"{unit}: {reason}", inner);

/// <summary>A unit was not started because what it depends on failed; the reason is told there.</summary>
internal sealed class DependencyFailedException : Exception;
