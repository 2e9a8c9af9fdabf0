using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Members;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Reports;

/// <summary>Which reports an operator looks for.</summary>
/// <param name="Statuses">Any of these.</param>
/// <param name="Kind">Or of every kind.</param>
/// <param name="Owner">Whose what was reported is, by username; or of anybody.</param>
internal sealed record ReportFilter(IReadOnlyList<ReportStatus> Statuses, ReportKind? Kind, string? Owner)
{
    private static readonly ReportStatus[] Waiting = [ReportStatus.Open, ReportStatus.Appealed];
    private static readonly string[] Names = ["waiting", "all", .. EnumNames<ReportStatus>.Values.Keys];

    /// <summary>From the query; 400 for what there is not.</summary>
    public static ReportFilter Of(string? status, string? kind, string? owner)
    {
        return new ReportFilter(
            Words.Read("status", status, Names) switch { null or "waiting" => Waiting, "all" => Enum.GetValues<ReportStatus>(), var one => [EnumNames<ReportStatus>.Values[one]] },
            Words.Read<ReportKind>("kind", kind), owner);
    }
}

/// <summary>Reads reports for operators.</summary>
internal sealed class ReportQueue(ProfileDb db)
{
    private const int MostReasons = 20;
    private const int MostDecisions = 20;

    /// <summary>A page of reports, newest first.</summary>
    public async Task<Page<ReportCase>> ListAsync(ReportFilter filter, PageQuery page, CancellationToken cancellationToken)
    {
        var (after, statuses) = (page.After<Guid>(), filter.Statuses.ToArray());
        var reports = db.Set<Report>().Where(r => statuses.Contains(r.Status) && (after == null || r.Id.CompareTo(after.Value) < 0));
        if (filter.Kind is { } kind)
            reports = reports.Where(r => r.Kind == kind);
        if (filter.Owner is { } name)
        {
            var owner = (await db.FindAccountAsync(name, cancellationToken))?.Id ?? Guid.Empty;
            reports = reports.Where(r => r.OwnerId == owner);
        }

        var cases = await ReadAsync(reports.OrderByDescending(r => r.Id).Take(page.Limit + 1), cancellationToken);
        return Page<ReportCase>.Of(cases, page, c => c.Id);
    }

    /// <exception cref="ProblemException">404.</exception>
    public async Task<ReportCase> RequireAsync(Guid id, CancellationToken cancellationToken) =>
        (await ReadAsync(db.Set<Report>().Where(r => r.Id == id), cancellationToken)).SingleOrDefault() ?? throw Problem.NotFound("report");

    private async Task<List<ReportCase>> ReadAsync(IQueryable<Report> query, CancellationToken cancellationToken)
    {
        var reports = await query.AsNoTracking().ToListAsync(cancellationToken);
        var ids = reports.Select(r => r.Id).ToArray();
        var those = db.Set<Report>().Where(r => ids.Contains(r.Id));
        var complaints = await those.SelectMany(r => db.Set<Complaint>().Where(c => c.ReportId == r.Id).OrderByDescending(c => c.Id).Take(MostReasons))
            .AsNoTracking().ToListAsync(cancellationToken);
        var decisions = await those.SelectMany(r => db.Set<Report>().Where(o => o.Kind == r.Kind && o.SubjectId == r.SubjectId)
                .SelectMany(o => db.Set<Decision>().Where(d => d.ReportId == o.Id)).OrderByDescending(d => d.Id).Take(MostDecisions)
                .Select(d => new { r.Id, Decision = d })).AsNoTracking().ToListAsync(cancellationToken);
        var members = await db.MembersAsync(
            [.. reports.Select(r => r.OwnerId).Concat(complaints.Select(c => c.ReporterId)).OfType<Guid>(), .. decisions.Select(d => d.Decision.OperatorId)], cancellationToken);
        var (reasons, history) = (complaints.ToLookup(c => c.ReportId), decisions.ToLookup(d => d.Id, d => d.Decision));
        return [.. reports.Select(r => new ReportCase(
            r.Id, r.Kind, r.SubjectId, r.CreationId, r.Excerpt, members.Of(r.OwnerId ?? default), r.Status, r.Complaints,
            [.. reasons[r.Id].OrderByDescending(c => c.Id).Select(c => new ComplaintView(members.Of(c.ReporterId ?? default), c.Reason, c.At))],
            r is { AppealText: { } text, AppealedAt: { } at } ? new AppealView(text, at) : null,
            [.. history[r.Id].OrderByDescending(d => d.Id).Select(d => new PastDecision(d.ReportId, d.Action, d.Reason, members.Of(d.OperatorId), d.At))], r.OpenedAt))];
    }
}
