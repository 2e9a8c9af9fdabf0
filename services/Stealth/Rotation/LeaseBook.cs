using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>A job of several calls on one account and one key.</summary>
internal sealed class Lease
{
    public Guid Id { get; init; }
    public required string Provider { get; init; }
    public Guid AccountId { get; init; }

    /// <summary>The key that it began with, and goes on with while that drains.</summary>
    public Guid KeyId { get; init; }

    /// <summary>Counts who held it; an earlier holder is refused.</summary>
    public int Fence { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How long each use makes it last.</summary>
    public int Seconds { get; init; }

    /// <summary>What the caller sends: <c>id.fence</c>.</summary>
    public string Token => $"{Id:N}.{Fence}";
}

internal sealed class LeaseTable : IEntityTypeConfiguration<Lease>
{
    public void Configure(EntityTypeBuilder<Lease> builder)
    {
        builder.ToTable("account_leases").HasKey(l => l.Id);
        builder.HasIndex(l => l.ExpiresAt).HasDatabaseName("ix_account_leases_expires_at");
        builder.HasIndex(l => l.KeyId).HasDatabaseName("ix_account_leases_key_id");
        builder.HasOne<Account>().WithMany().HasForeignKey(l => l.AccountId);
        builder.Ignore(l => l.Token);
    }
}

/// <summary>What came of showing a lease's token.</summary>
internal enum LeaseRefusal
{
    /// <summary>Over, or there never was one.</summary>
    Unknown,

    /// <summary>Somebody else took it over.</summary>
    Fenced,
}

/// <summary>Keeps leases in Postgres: a job on a provider's side survives the loss of Redis and of any replica.</summary>
internal sealed class LeaseBook(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns = "id, provider, account_id, key_id, fence, expires_at, seconds";

    public async Task AddAsync(Lease lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"INSERT INTO account_leases ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
        foreach (var value in new object[] { lease.Id, lease.Provider, lease.AccountId, lease.KeyId, lease.Fence, lease.ExpiresAt, lease.Seconds })
            command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The lease of a token, which lasts anew from now on; or why it is refused.</summary>
    public async Task<(Lease? Lease, LeaseRefusal? Refusal)> UseAsync(Guid id, int fence, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var lease = await OneAsync(
            $"UPDATE account_leases SET expires_at = $3 + make_interval(secs => seconds) WHERE id = $1 AND fence = $2 AND expires_at > $3 RETURNING {Columns}", cancellationToken, id, fence, now);
        if (lease is not null)
            return (lease, null);
        var other = await OneAsync($"SELECT {Columns} FROM account_leases WHERE id = $1 AND expires_at > $2", cancellationToken, id, now);
        return (null, other is null ? LeaseRefusal.Unknown : LeaseRefusal.Fenced);
    }

    /// <summary>Hands the lease to the caller; whoever held it before is refused from now on.</summary>
    public Task<Lease?> TakeOverAsync(Guid id, CancellationToken cancellationToken) => OneAsync(
        $"UPDATE account_leases SET fence = fence + 1, expires_at = $2 + make_interval(secs => seconds) WHERE id = $1 AND expires_at > $2 RETURNING {Columns}", cancellationToken, id, clock.GetUtcNow());

    /// <summary>Ends a lease; null when it is over already.</summary>
    public Task<Lease?> EndAsync(Guid id, int fence, CancellationToken cancellationToken) =>
        OneAsync($"DELETE FROM account_leases WHERE id = $1 AND fence = $2 RETURNING {Columns}", cancellationToken, id, fence);

    /// <summary>The open leases of a provider, by account.</summary>
    public async Task<ILookup<Guid, Lease>> OpenAsync(string provider, CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT {Columns} FROM account_leases WHERE provider = $1 AND expires_at > $2", provider, clock.GetUtcNow());
        return (await ReadAsync(command, cancellationToken)).ToLookup(l => l.AccountId);
    }

    /// <summary>Removes those that are over.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("DELETE FROM account_leases WHERE expires_at <= $1", clock.GetUtcNow());
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<Lease?> OneAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(sql, values);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return command;
    }

    private static async Task<List<Lease>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var leases = new List<Lease>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            leases.Add(new Lease
            {
                Id = reader.GetGuid(0),
                Provider = reader.GetString(1),
                AccountId = reader.GetGuid(2),
                KeyId = reader.GetGuid(3),
                Fence = reader.GetInt32(4),
                ExpiresAt = reader.GetFieldValue<DateTimeOffset>(5),
                Seconds = reader.GetInt32(6),
            });
        }

        return leases;
    }
}
