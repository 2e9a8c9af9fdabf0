using Microsoft.Extensions.Logging.Abstractions;
using Son1kVers3.ServiceDefaults.Workers;
using Son1kVers3.Testing;

namespace Son1kVers3.ServiceDefaults.Tests;

[Trait("Category", "Unit")]
public sealed class WorkerTests
{
    [Fact]
    public async Task Round_WhenOneFails_TheNextOnesCome()
    {
        using var worker = new Stumbling();
        await worker.StartAsync(CancellationToken.None);

        await Eventually.PassesAsync(() => Assert.True(worker.Rounds >= 3));

        Assert.False(worker.ExecuteTask!.IsCompleted);
        await worker.StopAsync(CancellationToken.None);
        Assert.True(worker.ExecuteTask.IsCompleted);
    }

    private sealed class Stumbling() : PeriodicWorker(TimeSpan.FromMilliseconds(1), TimeProvider.System, NullLogger.Instance)
    {
        private int _rounds;

        public int Rounds => Volatile.Read(ref _rounds);

        protected override Task RunAsync(CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _rounds) == 1 ? throw new InvalidOperationException("The first round fails.") : Task.CompletedTask;
    }
}
