using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Contributions;

/// <summary>Decides whether a track may be deleted: what the pool holds stays. A yes withdraws it in the same statement, so that it can't be contributed after.</summary>
internal sealed class DecideDeletion(PoolDb db) : IAnswer<MayDelete, DeletionDecision>
{
    public async Task<DeletionDecision> AnswerAsync(MayDelete question, CancellationToken cancellationToken)
    {
        var allowed = await Withdrawal.TryAsync(db, question.GenerationId, question.UserId, cancellationToken);
        return new DeletionDecision { GenerationId = question.GenerationId, Allowed = allowed, Denial = allowed ? null : "owed-to-pool" };
    }
}

/// <summary>A deleted track can't be contributed, also when its completion is heard of later.</summary>
internal sealed class WithdrawDeleted(PoolDb db) : IHandle<GenerationDeleted>
{
    public async Task<Event[]> HandleAsync(GenerationDeleted message, CancellationToken cancellationToken)
    {
        await Withdrawal.TryAsync(db, message.GenerationId, message.UserId, cancellationToken);
        return [];
    }
}

internal static class Withdrawal
{
    /// <summary>False when the track is contributed.</summary>
    public static async Task<bool> TryAsync(PoolDb db, Guid generationId, Guid userId, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO creations AS c (generation_id, user_id, contributed, withdrawn) VALUES ({generationId}, {userId}, false, true)
            ON CONFLICT (generation_id) DO UPDATE SET withdrawn = true WHERE NOT c.contributed
            """,
            cancellationToken) == 1;
}
