using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Media;

/// <summary>When a track was last played. Archiving goes by whole days: one write a day and track is enough.</summary>
internal sealed class Plays(GenerationDb db, CompletedTracks completed, TimeProvider clock)
{
    private static readonly TimeSpan Precision = TimeSpan.FromDays(1);

    public async Task NoteAsync(Track track)
    {
        var now = clock.GetUtcNow();
        if (now - track.PlayedAt <= Precision)
            return;
        await db.Tracks.Where(t => t.Id == track.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.PlayedAt, now));
        completed.Drop(track.Id);
    }
}
