using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Deletion;

/// <summary>An account that is gone, and whose traces are being erased.</summary>
internal sealed class Erasure
{
    public Guid AccountId { get; init; }
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>Nobody erases before: whoever does holds it until then.</summary>
    public DateTimeOffset NextAt { get; init; }

    /// <summary>When nothing was left for the first time.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

internal sealed class ErasureTable : IEntityTypeConfiguration<Erasure>
{
    public void Configure(EntityTypeBuilder<Erasure> table)
    {
        table.ToTable("erasures").HasKey(e => e.AccountId);
        table.HasIndex(e => e.NextAt).HasDatabaseName("ix_erasures_next_at");
    }
}

/// <summary>Erases what deleted members leave in this service, in batches that each are a transaction of their own.</summary>
/// <remarks>
/// The row's <c>next_at</c> is the lease of who erases, so that a replica that dies is followed by another one. Events of the member that come later, however
/// late, find no account and keep nothing of it. A request or an event that was being worked on when the account went may still have written something: it is
/// all done once more a little later, and only then forgotten.
/// </remarks>
internal sealed class EraseWorker(NpgsqlDataSource database, IEnumerable<PersonalTable> tables, TimeProvider clock, ILogger<EraseWorker> log)
    : PeriodicWorker(TimeSpan.FromSeconds(3), clock, log)
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await TakeAsync(cancellationToken) is { } account)
        {
            foreach (var table in tables)
                await EraseAsync(table, account, cancellationToken);
            await RunAsync("DELETE FROM erasures WHERE account_id = $1 AND finished_at IS NOT NULL", [account], cancellationToken);
            await RunAsync("UPDATE erasures SET finished_at = $2, next_at = $3 WHERE account_id = $1", [account, Clock.GetUtcNow(), Clock.GetUtcNow() + Again], cancellationToken);
        }
    }

    private async Task EraseAsync(PersonalTable table, Guid account, CancellationToken cancellationToken)
    {
        while (table.Erase is { } erase && await RunAsync(erase, [account, BatchSize], cancellationToken) > 0)
            await RunAsync("UPDATE erasures SET next_at = $2 WHERE account_id = $1", [account, Clock.GetUtcNow() + Lease], cancellationToken);
    }

    private async Task<Guid?> TakeAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE erasures SET next_at = $2
            WHERE account_id = (SELECT account_id FROM erasures WHERE next_at <= $1 ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING account_id
            """);
        command.Parameters.Add(new() { Value = Clock.GetUtcNow() });
        command.Parameters.Add(new() { Value = Clock.GetUtcNow() + Lease });
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    private async Task<int> RunAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
