using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Generation.VoiceMemos;

/// <summary>Brings the hummed melody of a memo into a request.</summary>
internal sealed class MemoMelodies(GenerationDb db)
{
    /// <summary>The request with the melody of its memo; the memo's tempo, too, if none was asked for.</summary>
    /// <exception cref="ProblemException">400: the caller has no such memo.</exception>
    public async Task<TrackRequest> AddMelodyAsync(TrackRequest request, Guid user)
    {
        if (request.VoiceMemoId is not { } id)
            return request;
        var memo = await db.Set<VoiceMemo>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == id && m.UserId == user)
            ?? throw Problem.Invalid("voiceMemoId", "You have no such voice memo.", new(FieldReasons.UnknownChoice));
        return request with { Melody = memo.Notes };
    }
}
