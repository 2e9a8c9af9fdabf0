using Son1kVers3.Contracts;

namespace Son1kVers3.Generation.Tracks;

/// <summary>What other services hear of a finished track.</summary>
internal static class TrackAnnouncement
{
    /// <param name="track">As it stands.</param>
    /// <param name="sequence">Of its completion.</param>
    public static GenerationCompleted Completed(this Track track, long sequence)
    {
        var plan = TrackPlan.Of(track);
        return new GenerationCompleted
        {
            Sequence = sequence,
            GenerationId = track.Id,
            UserId = track.UserId,
            Tier = track.Tier,
            Allowance = track.Allowance,
            Quality = track.Quality,
            Title = track.Title,
            Genre = plan.Genre,
            Mood = plan.Mood,
            Tempo = plan.Tempo,
            Key = plan.Key,
            DurationSeconds = track.DurationSeconds ?? 0,
            Bytes = track.Bytes,
            Visibility = track.Visibility,
            ParentId = track.ParentId,
            Palette = track.Palette,
            Peaks = track.Peaks,
            Features = track.Features,
            Provider = track.Provider ?? "studio",
        };
    }
}
