using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Reports;

/// <summary>What members do with reports: make them, see where their own stand, appeal. Writes go into the caller's transaction.</summary>
internal sealed class ReportBook(ProfileDb db, IEnumerable<IReportSubject> subjects, TimeProvider clock)
{
    private const int MostADay = 20;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Adds a member's reason to the open report of a thing, or opens one. False: the member had reported it before, and that stays as it is.</summary>
    /// <exception cref="ProblemException">404, 403 <c>own-content</c>, 429 <c>too-many-reports</c>.</exception>
    public async Task<(Guid Report, bool IsNew)> AddAsync(Guid id, Guid reporter, ReportKind kind, Guid subject, string reason, CancellationToken cancellationToken)
    {
        var thing = await subjects.Single(s => s.Kind == kind).FindAsync(subject, reporter, cancellationToken) ?? throw Problem.NotFound(kind.ToString().ToLowerInvariant());
        // One report of a member at a time: else several at once would each find room under the daily limit.
        _ = await db.LockAccountAsync(reporter, cancellationToken) ?? throw AccountQueries.Gone();
        if (thing.OwnerId == reporter)
            throw Problem.Of(403, "own-content", "This is your own: change or delete it.");
        var now = clock.GetUtcNow();
        // The row is locked from here on: whoever decides about it waits, or was before us and this opens the next report.
        var report = (await db.Database.SqlQuery<Guid>(
            $"""
            INSERT INTO reports AS r (id, kind, subject_id, creation_id, owner_id, excerpt, status, complaints, opened_at)
            VALUES ({id}, {kind.ToString()}, {subject}, {thing.CreationId}, {thing.OwnerId}, {thing.Excerpt}, 'Open', 0, {now})
            ON CONFLICT (kind, subject_id) WHERE status = 'Open' DO UPDATE SET complaints = r.complaints RETURNING id AS "Value"
            """).ToListAsync(cancellationToken)).Single();
        if (await db.Set<Complaint>().AnyAsync(c => c.ReportId == report && c.ReporterId == reporter, cancellationToken))
            return (report, false);
        await RequireRoomAsync(reporter, now, cancellationToken);
        db.Add(new Complaint { Id = id, ReportId = report, ReporterId = reporter, Reason = reason, At = now });
        await db.SaveChangesAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"UPDATE reports SET complaints = complaints + 1 WHERE id = {report}", cancellationToken);
        return (report, true);
    }

    /// <summary>A report as the caller may see it: who made it, and, once something was done about it, the owner of what was reported.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public async Task<ReportView> RequireAsync(Guid id, Guid viewer, CancellationToken cancellationToken)
    {
        var found = await db.Set<Report>().AsNoTracking().Where(r => r.Id == id).Select(r => new
        {
            Report = r,
            Reason = db.Set<Complaint>().Where(c => c.ReportId == r.Id && c.ReporterId == viewer).Select(c => c.Reason).FirstOrDefault(),
            Decision = db.Set<Decision>().Where(d => d.ReportId == r.Id).OrderByDescending(d => d.Id).FirstOrDefault(),
        }).FirstOrDefaultAsync(cancellationToken);
        return found switch
        {
            { Report: { } report, Reason: { } reason, Decision: var decision } => new ReportView(
                id, report.Kind, report.SubjectId, report.Excerpt, true, reason, ReportRules.ForReporter(report.Status),
                decision is null ? null : new DecisionView(decision.Action is ReportAction.Uphold ? ReportAction.Hide : decision.Action, null, decision.At), null),
            { Report: { } report, Decision: { } decision } when report.OwnerId == viewer && ReportRules.IsToldToOwner(report.Status) => new ReportView(
                id, report.Kind, report.SubjectId, report.Excerpt, false, null, report.Status, new DecisionView(decision.Action, decision.Reason, decision.At),
                report is { AppealText: { } text, AppealedAt: { } at } ? new AppealView(text, at) : null),
            _ => throw Problem.NotFound("report"),
        };
    }

    /// <summary>The owner of what was hidden disagrees, once.</summary>
    /// <exception cref="ProblemException">409 <c>already-appealed</c>, <c>nothing-to-appeal</c>.</exception>
    public async Task AppealAsync(Guid id, Guid owner, string text, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var appealed = await db.Set<Report>().Where(r => r.Id == id && r.OwnerId == owner && r.Status == ReportStatus.Hidden && r.AppealedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.Status, ReportStatus.Appealed).SetProperty(r => r.AppealText, text).SetProperty(r => r.AppealedAt, now), cancellationToken);
        if (appealed == 1)
            return;
        throw await db.Set<Report>().AnyAsync(r => r.Id == id && r.AppealedAt != null && r.Status != ReportStatus.Restored, cancellationToken)
            ? Problem.Of(409, "already-appealed", "You have appealed; this can be done once.")
            : Problem.Of(409, "nothing-to-appeal", "It is no longer hidden.");
    }

    private async Task RequireRoomAsync(Guid reporter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - Day;
        var times = await db.Set<Complaint>().Where(c => c.ReporterId == reporter && c.At > since).OrderByDescending(c => c.At).Take(MostADay).Select(c => c.At).ToListAsync(cancellationToken);
        if (times.Count == MostADay)
            throw Problem.Of(429, "too-many-reports", $"At most {MostADay} reports a day.", times[^1] + Day - now);
    }
}
