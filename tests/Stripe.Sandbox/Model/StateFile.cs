using System.Text.Json;

namespace Son1kVers3.Stripe.Sandbox.Model;

/// <summary>
/// Keeps the state over a restart: written beside the file and moved over it, at most ten times a second and once more at the end.
/// </summary>
internal sealed class StateFile(World world, ILogger<StateFile> log) : BackgroundService
{
    private const int EventsKeptDays = 30;

    private long _written = -1;

    public void Load()
    {
        if (world.Options.DataFile is not { Length: > 0 } path || !File.Exists(path))
        {
            return;
        }

        lock (world.Gate)
        {
            world.State = JsonSerializer.Deserialize<SandboxState>(File.ReadAllBytes(path))
                ?? throw new InvalidDataException($"{path} holds no state of the sandbox.");
            _written = world.Version;
        }

        log.LogInformation("Went on with {Subscriptions} subscriptions from {Path}", world.State.Subscriptions.Count, path);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Save();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), world.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Save();
        }
    }

    private void Save()
    {
        byte[]? bytes = null;
        lock (world.Gate)
        {
            Prune();
            if (world.Options.DataFile is { Length: > 0 } && world.Version != _written)
            {
                bytes = JsonSerializer.SerializeToUtf8Bytes(world.State);
                _written = world.Version;
            }
        }

        if (bytes is null)
        {
            return;
        }

        var path = Path.GetFullPath(world.Options.DataFile!);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes($"{path}.new", bytes);
        File.Move($"{path}.new", path, overwrite: true);
    }

    /// <summary>Events live for 30 days, answers to idempotency keys for one.</summary>
    private void Prune()
    {
        var oldest = world.WallClock - (EventsKeptDays * 86400L);
        foreach (var id in world.State.Events.Values.TakeWhile(e => e.Created < oldest && e.PendingWebhooks == 0).Select(e => e.Id).ToArray())
        {
            world.State.Events.Remove(id);
        }

        foreach (var key in world.State.Answers.TakeWhile(pair => pair.Value.SavedAt < world.WallClock - 86400).Select(pair => pair.Key).ToArray())
        {
            world.State.Answers.Remove(key);
        }
    }
}
