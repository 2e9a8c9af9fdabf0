using System.Text.Json;
using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;
using Son1kVers3.Billing.Stripe;

namespace Son1kVers3.Billing.Webhooks;

/// <summary>Stores events once each, and wakes the worker.</summary>
internal sealed class EventInbox(NpgsqlDataSource database, TimeProvider clock)
{
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Waits until something comes in here, or as long as another replica may leave something unnoticed.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var news = _news.Reader.WaitToReadAsync(look.Token).AsTask();
        await Task.WhenAny(news, Task.Delay(atMost, clock, look.Token));
        await look.CancelAsync();
        _news.Reader.TryRead(out _);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Keeps an event; false when it was known.</summary>
    public async Task<bool> AddAsync(JsonElement json, CancellationToken cancellationToken)
    {
        var about = json.At("data", "object");
        var customer = about.Text("object") == "customer" ? about.Text("id") : about.Reference("customer");
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            INSERT INTO stripe_events (id, type, customer_id, charge_id, created_at, received_at, attempts, next_attempt_at)
            VALUES ($1, $2, $3, $4, $5, $6, 0, $6) ON CONFLICT (id) DO NOTHING
            """);
        command.Parameters.AddWithValue(json.Text("id")!);
        command.Parameters.AddWithValue(json.Text("type") ?? "");
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)customer ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)about.Reference("charge") ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.AddWithValue(json.Time("created") ?? now);
        command.Parameters.AddWithValue(now);
        var isNew = await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        if (isNew)
            _news.Writer.TryWrite(true);
        return isNew;
    }

    /// <summary>Has an event processed once more; false when it is unknown.</summary>
    public async Task<bool> ReplayAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE stripe_events SET processed_at = NULL, attempts = 0, error = NULL, next_attempt_at = $2 WHERE id = $1");
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        var found = await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        _news.Writer.TryWrite(true);
        return found;
    }
}
