using System.Collections.Concurrent;
using System.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Son1kVers3.ServiceDefaults.Data;

/// <summary>Hears what PostgreSQL's <c>NOTIFY</c> tells, on one connection for the whole service.</summary>
/// <remarks>Only a short cut: what is told while the connection is away is lost, so whoever listens looks by itself from time to time, too.</remarks>
public sealed class DatabaseNotifications(NpgsqlDataSource database, TimeProvider clock, ILogger<DatabaseNotifications> log) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Action<string?>> _listeners = new();
    private CancellationTokenSource _added = new();

    /// <summary>
    /// Calls <paramref name="heard"/> with the payload of every notification of a channel; and with null whenever the connection is made anew, because some may have been missed.
    /// It must return at once.
    /// </summary>
    public void On(string channel, Action<string?> heard)
    {
        _listeners.AddOrUpdate(channel, heard, (_, others) => others + heard);
        Volatile.Read(ref _added).Cancel();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // The service stops, or somebody began to listen to another channel.
            }
            catch (Exception e)
            {
                log.LogWarning("Notifications of the database are away: {Reason}", e.Message);
                await Task.Delay(Retry, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        // In this order: who begins to listen meanwhile is among the channels, or cancels the new source.
        var added = new CancellationTokenSource();
        Volatile.Write(ref _added, added);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, added.Token);
        var channels = _listeners.ToArray();
        if (channels.Length == 0)
            await Task.Delay(Timeout.Infinite, over.Token);

        await using var connection = await database.OpenConnectionAsync(stoppingToken);
        connection.Notification += (_, notification) =>
        {
            if (_listeners.TryGetValue(notification.Channel, out var heard))
                heard(notification.Payload);
        };
        try
        {
            await HearAsync(connection, channels, over.Token);
        }
        finally
        {
            // Else the pool's next user would hear on. A broken connection does not come back to the pool.
            if (connection.FullState == ConnectionState.Open)
                await ExecuteAsync(connection, "UNLISTEN *", CancellationToken.None);
        }
    }

    private static async Task HearAsync(NpgsqlConnection connection, KeyValuePair<string, Action<string?>>[] channels, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, string.Join("; ", channels.Select(c => $"LISTEN {c.Key}")), cancellationToken);
        foreach (var (_, heard) in channels)
            heard(null);
        while (true)
            await connection.WaitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
