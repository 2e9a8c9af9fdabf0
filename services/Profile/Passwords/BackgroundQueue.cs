using System.Runtime.InteropServices;
using System.Threading.Channels;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Passwords;

/// <summary>Runs work that costs much CPU on a few threads of its own, behind everything else that the machine has to do, and refuses what would wait long.</summary>
/// <remarks>
/// On the thread pool a dozen sign-ins at once occupy every core for a second, and all other requests wait behind them. These threads yield instead:
/// on Linux a thread's nice value is its own (sched(7)), which <see cref="Thread.Priority"/> does not set there.
/// </remarks>
internal sealed partial class BackgroundQueue : IDisposable
{
    private const int ProcessPriority = 0;
    private const int Niceness = 10;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly Channel<Action> _work;

    public BackgroundQueue(string name, int threads, int capacity)
    {
        _work = Channel.CreateBounded<Action>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait });
        for (var i = 0; i < threads; i++)
            new Thread(Work) { Name = name, IsBackground = true, Priority = ThreadPriority.BelowNormal }.Start();
    }

    /// <summary>The result of <paramref name="work"/> when its turn comes. 429 <c>sign-in-busy</c> when the queue is full.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _work.Writer.TryWrite(Complete)
            ? result.Task
            : throw Problem.Of(429, "sign-in-busy", "Very many people sign in at this moment; try again as Retry-After says.", RetryAfter);

        void Complete()
        {
            try
            {
                result.SetResult(work());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        }
    }

    public void Dispose() => _work.Writer.TryComplete();

    private void Work()
    {
        if (OperatingSystem.IsLinux())
            _ = SetPriority(ProcessPriority, 0, Niceness);
        while (_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_work.Reader.TryRead(out var work))
                work();
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
