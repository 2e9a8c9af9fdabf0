using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Son1kVers3.ServiceDefaults.Leases;

/// <summary>Somebody else works on it now: nothing may be written any more.</summary>
public sealed class LeaseLostException(string name) : Exception($"The lease '{name}' is somebody else's.");

/// <summary>The right to work on a thing, prolonged by a heartbeat until disposed.</summary>
/// <remarks>
/// Work under <see cref="Lost"/>, hold no connection meanwhile, and begin the transaction that writes the outcome with <see cref="EnsureHeldAsync(DbContext, CancellationToken)"/>.
/// Where the thing has a row of its own, <see cref="Fence"/> may stand in it, and a single statement says <c>WHERE fence = @fence</c> instead.
/// </remarks>
public sealed class Lease : IAsyncDisposable
{
    private const string Renew = "UPDATE leases SET until = clock_timestamp() + $3 WHERE name = $1 AND fence = $2";
    private const string Release = "UPDATE leases SET until = clock_timestamp() WHERE name = $1 AND fence = $2";
    private const string Hold = "SELECT 1 FROM leases WHERE name = $1 AND fence = $2 FOR UPDATE";

    private readonly LeaseTerms _terms;
    private readonly NpgsqlDataSource _database;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _done = new();
    private readonly Task _heartbeats;

    internal Lease(string name, long fence, long taken, LeaseTerms terms, NpgsqlDataSource database, ILogger log, CancellationToken cancellationToken)
    {
        (Name, Fence, _terms, _database, _log) = (name, fence, terms, database, log);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Lost = _lost.Token;
        Prolong(taken);
        _heartbeats = BeatAsync();
    }

    /// <summary>What is worked on.</summary>
    public string Name { get; }

    /// <summary>Above the fence of every holder before.</summary>
    public long Fence { get; }

    /// <summary>Stop working: the lease is somebody else's or may be so soon, or the token that it was taken with fired.</summary>
    public CancellationToken Lost { get; }

    /// <summary>
    /// Makes sure, in the current transaction of <paramref name="db"/>, that the lease is still held, and that nobody takes it before the transaction ends.
    /// </summary>
    /// <exception cref="LeaseLostException">Somebody else has it; roll back.</exception>
    public Task EnsureHeldAsync(DbContext db, CancellationToken cancellationToken = default) => EnsureHeldAsync(
        (NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction(), cancellationToken);

    /// <summary>The same for writes without Entity Framework.</summary>
    public async Task EnsureHeldAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken = default)
    {
        if (transaction is null)
            throw new InvalidOperationException("What is written under a lease is written in a transaction; begin one first.");
        await using var command = new NpgsqlCommand(Hold, connection, transaction) { Parameters = { new() { Value = Name }, new() { Value = Fence } } };
        if (await command.ExecuteScalarAsync(cancellationToken) is null)
            throw new LeaseLostException(Name);
    }

    /// <summary>Lets the next one have it at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _heartbeats;
        try
        {
            await ExecuteAsync(Release, null, CancellationToken.None);
        }
        catch (Exception e)
        {
            // The work is done, whatever keeps the database from hearing it.
            _log.LogInformation("Lease {Lease} runs out by itself: {Reason}", Name, e.Message);
        }

        _lost.Dispose();
        _done.Dispose();
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(_terms.Heartbeat);
        try
        {
            while (await timer.WaitForNextTickAsync(_done.Token))
            {
                var sent = TimeProvider.System.GetTimestamp();
                if (await IsRenewedAsync() is not { } renewed)
                    continue;
                if (!renewed)
                {
                    await _lost.CancelAsync();
                    return;
                }

                Prolong(sent);
            }
        }
        catch (Exception) when (_done.IsCancellationRequested)
        {
            // The work is done.
        }
    }

    /// <summary>Work stops by itself a heartbeat before the database lets others in, whether or not the database can be asked.</summary>
    private void Prolong(long sent)
    {
        var left = _terms.Duration - _terms.Heartbeat - TimeProvider.System.GetElapsedTime(sent);
        _lost.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    /// <summary>Null: the database did not say.</summary>
    private async Task<bool?> IsRenewedAsync()
    {
        try
        {
            return await ExecuteAsync(Renew, _terms.Duration, _done.Token) == 1;
        }
        catch (Exception e) when (!_done.IsCancellationRequested)
        {
            _log.LogInformation("Lease {Lease} could not be renewed: {Reason}", Name, e.Message);
            return null;
        }
    }

    private async Task<int> ExecuteAsync(string statement, TimeSpan? duration, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_terms.Duration);
        await using var command = _database.CreateCommand(statement);
        command.Parameters.Add(new() { Value = Name });
        command.Parameters.Add(new() { Value = Fence });
        if (duration is { } length)
            command.Parameters.Add(new() { Value = length });
        return await command.ExecuteNonQueryAsync(limit.Token);
    }
}
