using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Profile.Reports;

/// <summary>Tracks. Generation owns whether one is hidden: it is asked, and what it tells has the last word.</summary>
internal sealed class TrackSubject(ProfileDb db, Outbox outbox, TimeProvider clock) : IReportSubject
{
    public ReportKind Kind => ReportKind.Track;

    public async Task<ReportedThing?> FindAsync(Guid id, Guid viewer, CancellationToken cancellationToken) =>
        await db.Set<Track>().Where(t => t.GenerationId == id && t.Audible).Select(t => new { t.OwnerId, t.Title }).FirstOrDefaultAsync(cancellationToken) is { } track
            ? new ReportedThing(track.OwnerId, id, IReportSubject.Excerpt(track.Title ?? "")) : null;

    public async Task<bool> HideAsync(Report report, string reason, CancellationToken cancellationToken)
    {
        outbox.Publish(Decision(report, hidden: true, reason));
        return await db.Set<Track>().AnyAsync(t => t.GenerationId == report.SubjectId && !t.Deleted, cancellationToken);
    }

    public Task RestoreAsync(Report report, CancellationToken cancellationToken)
    {
        outbox.Publish(Decision(report, hidden: false, "restored"));
        return Task.CompletedTask;
    }

    private ModerateTrack Decision(Report report, bool hidden, string reason) => new()
    {
        GenerationId = report.SubjectId,
        Hidden = hidden,
        Reason = reason,
        ReportId = report.Id,
        DecidedAt = clock.GetUtcNow(),
    };
}
