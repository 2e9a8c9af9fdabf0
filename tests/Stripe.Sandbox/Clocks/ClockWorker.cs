using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Clocks;

/// <summary>Does what falls due in real time, for customers without a test clock.</summary>
internal sealed class ClockWorker(World world) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), world.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            lock (world.Gate)
            {
                DueWork.Run(world, null, world.WallClock);
            }
        }
    }
}
