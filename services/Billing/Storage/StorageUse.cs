using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.Data;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Storage;

/// <summary>Keeps count of what each member's tracks occupy.</summary>
internal sealed class StorageUse(BillingDb db) : IHandle<GenerationUpdated>, IHandle<GenerationDeleted>
{
    public async Task<Event[]> HandleAsync(GenerationUpdated message, CancellationToken cancellationToken)
    {
        await StoreAsync(message.GenerationId, message.UserId, message.Bytes, message.Sequence, cancellationToken);
        return [];
    }

    public async Task<Event[]> HandleAsync(GenerationDeleted message, CancellationToken cancellationToken)
    {
        await StoreAsync(message.GenerationId, message.UserId, 0, message.Sequence, cancellationToken);
        return [];
    }

    /// <summary>The track occupies <paramref name="bytes"/> from now on, unless a newer event said otherwise.</summary>
    public Task StoreAsync(Guid generationId, Guid userId, long bytes, long sequence, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT store_track({generationId}, {userId}, {bytes}, {sequence})", cancellationToken);
}
