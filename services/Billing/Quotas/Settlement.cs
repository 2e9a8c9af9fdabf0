using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Storage;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Quotas;

/// <summary>Moves units on as their generations go: requested confirms, completed commits, failed and cancelled release.</summary>
internal sealed class Settlement(BillingDb db, StorageUse storage, TimeProvider clock, ILogger<Settlement> log)
    : IHandle<GenerationRequested>, IHandle<GenerationCompleted>, IHandle<GenerationFailed>, IHandle<GenerationCancelled>, IHandle<ReleaseQuota>
{
    private const int LongestCause = 200;

    public async Task<Event[]> HandleAsync(GenerationRequested message, CancellationToken cancellationToken)
    {
        await SettleAsync(message.GenerationId, message.UserId, "confirm", "generation requested", cancellationToken);
        return [];
    }

    public async Task<Event[]> HandleAsync(GenerationCompleted message, CancellationToken cancellationToken)
    {
        await SettleAsync(message.GenerationId, message.UserId, "commit", "generation completed", cancellationToken);
        await storage.StoreAsync(message.GenerationId, message.UserId, message.Bytes, message.Sequence, cancellationToken);
        return [];
    }

    public async Task<Event[]> HandleAsync(GenerationFailed message, CancellationToken cancellationToken)
    {
        await SettleAsync(message.GenerationId, message.UserId, "release", $"generation failed: {message.Reason}", cancellationToken);
        return [];
    }

    public async Task<Event[]> HandleAsync(GenerationCancelled message, CancellationToken cancellationToken)
    {
        await SettleAsync(message.GenerationId, message.UserId, "release", "generation cancelled", cancellationToken);
        return [];
    }

    public async Task<Event[]> HandleAsync(ReleaseQuota message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"SELECT release_asked({message.ReservationId}, {message.UserId}, {Shorten(message.Reason)}, {clock.GetUtcNow()})", cancellationToken);
        return [];
    }

    /// <summary>Moves one unit on in the current transaction.</summary>
    public async Task SettleAsync(Guid id, Guid userId, string action, string cause, CancellationToken cancellationToken)
    {
        var states = await db.Database
            .SqlQuery<string>($"SELECT settle_quota({id}, {userId}, {action}, {Shorten(cause)}, {clock.GetUtcNow()}) AS \"Value\"")
            .ToListAsync(cancellationToken);
        if (states is ["unknown"] or ["tombstone"] && action != "release")
            log.LogError("Generation {GenerationId} wants to {Action} a unit that was never taken", id, action);
    }

    private static string Shorten(string cause) => cause.Length <= LongestCause ? cause : cause[..LongestCause];
}
