using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>Between whoever commits and the relay of the same process.</summary>
internal sealed class OutboxSignal
{
    /// <summary>Rows of the outbox are there to be read.</summary>
    public event Action? Committed;

    public void Raise() => Committed?.Invoke();
}

/// <summary>Wakes the relay of this process once what a context wrote to the outbox is committed.</summary>
/// <remarks>
/// PostgreSQL's <c>NOTIFY</c> would reach every process, but all commits that notify wait for each other on one lock of the whole server, for as long as the
/// write of a commit takes. Here nothing is written for it: the process that committed relays, and what it leaves behind when it dies is found by the next
/// poll of any other process of the service.
/// </remarks>
internal sealed class OutboxCommits(OutboxSignal signal) : DbTransactionInterceptor, ISaveChangesInterceptor
{
    private bool _pending;

    /// <summary>The context is about to write a row.</summary>
    public void Expect() => _pending = true;

    /// <summary>What was written is committed.</summary>
    public void Wake()
    {
        _pending = false;
        signal.Raise();
    }

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => WakeIfPending();

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        WakeIfPending();
        return Task.CompletedTask;
    }

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        WakeIfWithoutTransaction(eventData);
        return result;
    }

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        WakeIfWithoutTransaction(eventData);
        return ValueTask.FromResult(result);
    }

    /// <summary>A single statement is saved without a transaction of Entity Framework's: it is committed by itself.</summary>
    private void WakeIfWithoutTransaction(SaveChangesCompletedEventData saved)
    {
        if (saved.Context?.Database.CurrentTransaction is null)
            WakeIfPending();
    }

    private void WakeIfPending()
    {
        if (_pending)
            Wake();
    }
}
