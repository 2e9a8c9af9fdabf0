using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Storage;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Quotas;

/// <summary>Moves units on as their generations go: requested confirms, completed commits, failed and cancelled release.</summary>
internal sealed class Settlement(BillingDb db, StorageUse storage, TimeProvider clock, ILogger<Settlement> log)
    : IHandle<GenerationRequested>, IHandle<GenerationCompleted>, IHandle<GenerationFailed>,
        IHandle<GenerationCancelled>, IHandle<ReleaseQuota>
{
    private const int LongestCause = 200;

    public async Task<Event[]> HandleAsync(GenerationRequested message, CancellationToken cancellationToken)
    {
        await SettleAsync(message.GenerationId, message.UserId, UnitMove.Confirm, "generation requested", cancellationToken);
        return [];
    }

    public async Task<Event[]> HandleAsync(GenerationCompleted message, CancellationToken cancellationToken)
    {
        await SettleAsync(message.GenerationId, message.UserId, UnitMove.Commit, "generation completed", cancellationToken);
        await storage.StoreAsync(message.GenerationId, message.UserId, message.Bytes, message.Sequence, cancellationToken);
        return [];
    }

    public async Task<Event[]> HandleAsync(GenerationFailed message, CancellationToken cancellationToken)
    {
        await SettleAsync(
            message.GenerationId, message.UserId, UnitMove.Release, $"generation failed: {message.Reason}", cancellationToken);
        return [];
    }

    public async Task<Event[]> HandleAsync(GenerationCancelled message, CancellationToken cancellationToken)
    {
        await SettleAsync(message.GenerationId, message.UserId, UnitMove.Release, "generation cancelled", cancellationToken);
        return [];
    }

    public async Task<Event[]> HandleAsync(ReleaseQuota message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"SELECT release_asked({message.ReservationId}, {message.UserId}, {Shorten(message.Reason)}, {clock.GetUtcNow()})",
            cancellationToken);
        return [];
    }

    /// <summary>Moves one unit on in the current transaction.</summary>
    public async Task SettleAsync(Guid id, Guid userId, UnitMove move, string cause, CancellationToken cancellationToken)
    {
        var states = await db.Database
            .SqlQuery<string>($"SELECT settle_quota({id}, {userId}, {move.ToWord()}, {Shorten(cause)}, {clock.GetUtcNow()}) AS \"Value\"")
            .ToListAsync(cancellationToken);
        if (states is ["unknown"] or ["tombstone"] && move != UnitMove.Release)
            log.LogError("Generation {GenerationId} wants to {Move} a unit that was never taken", id, move);
    }

    private static string Shorten(string cause) => cause.Length <= LongestCause ? cause : cause[..LongestCause];
}
