using System.Security.Claims;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Auth;

namespace Son1kVers3.Generation.Tracks;

/// <summary>Who asks.</summary>
/// <param name="UserId">Null: anybody.</param>
/// <param name="IsOperator">Sees what moderators hid.</param>
internal readonly record struct Viewer(Guid? UserId, bool IsOperator = false)
{
    public static Viewer Of(ClaimsPrincipal user) => new(user.IdOrNull(), user.IsOperator());
}

/// <summary>Who may hear and see which track. Pure: the facts are arguments.</summary>
/// <remarks>
/// A hidden track is there for operators alone, and for those who claimed it unless it is illegal; its owner hears why, finds it in the own
/// list, and may delete it.
/// Of all others: the owner hears everything, everybody what is public, unlisted or in the pool.
/// </remarks>
internal static class TrackAccess
{
    /// <summary>May be heard, with everything that belongs to the sound: cover, waveform, score, words.</summary>
    /// <param name="claimed">The viewer holds a licensed copy.</param>
    public static bool MayBeHeardBy(this Track track, Viewer viewer, bool claimed = false)
    {
        if (track.HiddenAt is not null)
            return viewer.IsOperator || (claimed && track.HiddenReason != ModerateTrack.Illegal);
        return track.IsOwnedBy(viewer) || track.Contributed || track.Visibility != Visibility.Private;
    }

    /// <summary>May be looked at: owners see their jobs and failures, others finished tracks that they may hear; what is hidden who may hear it.</summary>
    public static bool MayBeSeenBy(this Track track, Viewer viewer, bool claimed = false) =>
        (track.HiddenAt is null && track.IsOwnedBy(viewer)) || (track.Status == TrackStatus.Completed && track.MayBeHeardBy(viewer, claimed));

    /// <summary>Whether everybody hears it: its plain addresses work without sign-in.</summary>
    public static bool IsOpen(this Track track) => track.MayBeHeardBy(default);

    private static bool IsOwnedBy(this Track track, Viewer viewer) => viewer.UserId == track.UserId;
}
