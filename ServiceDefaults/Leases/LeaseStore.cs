using Microsoft.Extensions.Logging;
using Npgsql;

namespace Son1kVers3.ServiceDefaults.Leases;

/// <summary>How long a lease lasts without a heartbeat, and how often it is renewed.</summary>
/// <param name="Duration">After the holder's death others wait this long.</param>
/// <param name="Heartbeat">At most a third of it: one lost heartbeat must not lose the lease.</param>
public sealed record LeaseTerms(TimeSpan Duration, TimeSpan Heartbeat)
{
    /// <summary>10 s, renewed every 3 s.</summary>
    public static LeaseTerms Default { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(3));
}

/// <summary>Gives out leases: of all replicas one at a time works on a thing, and none holds a connection or a transaction while it works.</summary>
/// <remarks>
/// Everything goes by the database's clock, so that replicas need not agree on the time. Taking is one statement, which also takes the lease of a holder that died.
/// A holder that was only slow finds its lease lost: <see cref="Lease.Lost"/> fires, and <see cref="Lease.EnsureHeldAsync(Microsoft.EntityFrameworkCore.DbContext, CancellationToken)"/>
/// refuses what it still wants to write. Needs <see cref="LeaseTable.AddLeaseTable"/>.
/// </remarks>
public sealed class LeaseStore(NpgsqlDataSource database, ILogger<LeaseStore> log)
{
    private const int Longest = 500;
    private static readonly string Process = $"{Environment.MachineName}/{Environment.ProcessId}";
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    // The fence of a taken-over row is drawn under the row's lock: it is above the one before.
    private const string Take =
        """
        INSERT INTO leases AS held (name, owner, fence, until) VALUES ($1, $2, nextval('lease_fences'), clock_timestamp() + $3)
        ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, fence = nextval('lease_fences'), until = clock_timestamp() + $3
        WHERE held.until <= clock_timestamp()
        RETURNING fence
        """;

    /// <summary>The lease, or null while somebody else holds it. Dispose it when the work is done.</summary>
    /// <param name="name">What is worked on; unique in the service's database, at most 500 characters.</param>
    /// <param name="terms"><see cref="LeaseTerms.Default"/> unless told.</param>
    /// <param name="cancellationToken">Also fires <see cref="Lease.Lost"/>.</param>
    public async Task<Lease?> TryTakeAsync(string name, LeaseTerms? terms = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, Longest, nameof(name));
        terms ??= LeaseTerms.Default;
        // Real time, whatever the clock of the domain says: the database's lease runs out in real time.
        var asked = TimeProvider.System.GetTimestamp();
        await using var command = database.CreateCommand(Take);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = Process });
        command.Parameters.Add(new() { Value = terms.Duration });
        return await command.ExecuteScalarAsync(cancellationToken) is long fence ? new Lease(name, fence, asked, terms, database, log, cancellationToken) : null;
    }

    /// <summary>Waits until the lease is free. For things that take seconds: it asks again and again, up to once a second.</summary>
    public async Task<Lease> TakeAsync(string name, LeaseTerms? terms = null, CancellationToken cancellationToken = default)
    {
        for (var poll = ShortestPoll; ; poll = poll * 2 < LongestPoll ? poll * 2 : LongestPoll)
        {
            if (await TryTakeAsync(name, terms, cancellationToken) is { } lease)
                return lease;
            await Task.Delay(poll * (0.5 + Random.Shared.NextDouble()), cancellationToken);
        }
    }
}
