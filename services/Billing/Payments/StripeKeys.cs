using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using Stripe;

namespace Son1kVers3.Billing.Payments;

/// <summary>How many idempotency keys of an operation of ours ended in a refusal.</summary>
public sealed class StripeRefusal
{
    /// <summary>The step and our operation's id.</summary>
    public required string Operation { get; init; }
    public int Count { get; init; }
    public DateTimeOffset LastAt { get; init; }
}

internal sealed class StripeRefusalTable : IEntityTypeConfiguration<StripeRefusal>
{
    public void Configure(EntityTypeBuilder<StripeRefusal> table)
    {
        table.ToTable("stripe_refusals").HasKey(r => r.Operation);
        table.HasIndex(r => r.LastAt).HasDatabaseName("ix_stripe_refusals_last_at");
    }
}

/// <summary>Idempotency keys that survive the process: they follow from the operation, so that whoever repeats it repeats the
/// call.</summary>
/// <remarks>
/// The key is the operation plus a counter. Silence keeps the key: the effect is unknown, and Stripe replays the answer to a repetition.
/// An error is kept and replayed by Stripe as well, so it
/// ends the key and the next attempt takes another one; callers look at Stripe's state before they act, so that an effect behind such an
/// error is found.
/// </remarks>
public sealed class StripeKeys(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Makes one POST as a step of an operation of ours, under the operation's key.</summary>
    public async Task<T> CallAsync<T>(string operation, Func<RequestOptions, Task<T>> call, CancellationToken cancellationToken)
    {
        var refusals = await RefusalsAsync(operation, cancellationToken);
        try
        {
            return await call(new RequestOptions { IdempotencyKey = $"{operation}/{refusals}" });
        }
        catch (StripeException e) when (e.EndsItsKey())
        {
            await EndAsync(operation, refusals, cancellationToken);
            throw;
        }
    }

    /// <summary>Forgets what Stripe has long forgotten.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM stripe_refusals WHERE last_at < $1");
        command.Parameters.AddWithValue(clock.GetUtcNow() - Kept);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<int> RefusalsAsync(string operation, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT count FROM stripe_refusals WHERE operation = $1");
        command.Parameters.AddWithValue(operation);
        return await command.ExecuteScalarAsync(cancellationToken) as int? ?? 0;
    }

    /// <summary>Of several that were refused under one key, the first one ends it.</summary>
    private async Task EndAsync(string operation, int refusals, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO stripe_refusals AS known (operation, count, last_at) VALUES ($1, $2 + 1, $3)
            ON CONFLICT (operation) DO UPDATE SET count = excluded.count, last_at = excluded.last_at WHERE known.count < excluded.count
            """);
        command.Parameters.AddWithValue(operation);
        command.Parameters.AddWithValue(refusals);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
