using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Reports;

/// <summary>Where operators decide about reports. Runs inside the caller's transaction.</summary>
internal sealed class ReportDesk(ProfileDb db, IEnumerable<IReportSubject> subjects, Notifier notifier, TimeProvider clock)
{
    private const int LongestTitle = 100;

    /// <summary>Applies a decision and tells whom it concerns.</summary>
    /// <exception cref="ProblemException">404; 409 <c>not-resolved</c>, <c>not-appealed</c>, <c>already-resolved</c>, <c>subject-gone</c>.</exception>
    public async Task ResolveAsync(Guid id, Guid report, Guid by, ReportAction action, string reason, CancellationToken cancellationToken)
    {
        // Together with all that hide the same thing: of two that are restored at once, the second knows that it is the last.
        var reports = await db.Set<Report>().FromSql(
            $"""
            SELECT r.* FROM reports this JOIN reports r ON r.kind = this.kind AND r.subject_id = this.subject_id
            WHERE this.id = {report} AND (r.id = this.id OR r.status IN ('Hidden', 'Appealed', 'Upheld')) ORDER BY r.id FOR UPDATE OF r
            """).ToListAsync(cancellationToken);
        var subject = reports.SingleOrDefault(r => r.Id == report) ?? throw Problem.NotFound("report");
        var staysHidden = reports.Any(r => r != subject && ReportRules.Hides(r.Status));
        var next = ReportRules.After(subject.Status, action) ?? throw ReportRules.Refusal(subject.Status, action);
        await ApplyAsync(subject, action, reason, staysHidden, cancellationToken);
        subject.Status = next;
        var decision = new Decision { Id = id, ReportId = report, OperatorId = by, Action = action, Reason = reason, At = clock.GetUtcNow() };
        db.Add(decision);
        await db.SaveChangesAsync(cancellationToken);
        await TellAsync(subject, decision, staysHidden, cancellationToken);
    }

    private async Task ApplyAsync(Report report, ReportAction action, string reason, bool staysHidden, CancellationToken cancellationToken)
    {
        var kind = subjects.Single(s => s.Kind == report.Kind);
        if (action == ReportAction.Hide && !await kind.HideAsync(report, reason, cancellationToken))
            throw Problem.Of(409, "subject-gone", "It is no longer there: dismiss the report.");
        if (action == ReportAction.Restore && !staysHidden)
            await kind.RestoreAsync(report, cancellationToken);
    }

    /// <summary>In the order of their ids: two decisions that tell the same members don't wait for each other in a ring.</summary>
    private async Task TellAsync(Report report, Decision decision, bool staysHidden, CancellationToken cancellationToken)
    {
        var title = TextRules.Cut(report.Excerpt.Split('\n')[0], LongestTitle);
        var told = new List<(Guid Account, NotificationKind Kind, string? Detail)>();
        if (KindForReporters(decision.Action) is { } result)
        {
            var reporters = await db.Set<Complaint>().Where(c => c.ReportId == report.Id && c.ReporterId != null).Select(c => c.ReporterId!.Value).ToListAsync(cancellationToken);
            told.AddRange(reporters.Select(reporter => (reporter, result, (string?)null)));
        }

        // That it is back is told when it is.
        if (report.OwnerId is { } owner && !(staysHidden && decision.Action == ReportAction.Restore) && KindForOwner(decision.Action) is { } consequence)
            told.Add((owner, consequence, decision.Reason));
        foreach (var (account, kind, detail) in told.OrderBy(t => t.Account))
            await notifier.TellAsync(account, kind, new(report.Id, title, detail), decision.At, cancellationToken);
    }

    private static NotificationKind? KindForReporters(ReportAction action) => action switch
    {
        ReportAction.Hide => NotificationKind.ReportAccepted,
        ReportAction.Dismiss => NotificationKind.ReportDismissed,
        _ => null,
    };

    /// <summary>Who was reported for nothing does not hear of it.</summary>
    private static NotificationKind? KindForOwner(ReportAction action) => action switch
    {
        ReportAction.Hide => NotificationKind.ContentHidden,
        ReportAction.Restore => NotificationKind.ContentRestored,
        ReportAction.Uphold => NotificationKind.AppealRejected,
        _ => null,
    };
}
