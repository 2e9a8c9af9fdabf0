using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.VoiceMemos;

/// <summary>Brings the hummed melody of a memo into an order.</summary>
internal sealed class MemoMelodies(GenerationDb db)
{
    /// <summary>The order with the melody of its memo; the memo's tempo, too, if none was asked for.</summary>
    /// <exception cref="ProblemException">400: the caller has no such memo.</exception>
    public async Task<TrackOrder> AddMelodyAsync(TrackOrder order, Guid user)
    {
        if (order.VoiceMemoId is not { } id)
            return order;
        var memo = await db.Set<VoiceMemo>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == id && m.UserId == user)
            ?? throw Problem.Invalid("voiceMemoId", "You have no such voice memo.");
        return order with { Melody = memo.Notes };
    }
}
