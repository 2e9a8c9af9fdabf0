using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Tracks;

namespace Son1kVers3.Profile.Reports;

/// <summary>Comments. A hidden one is there for nobody, and not counted.</summary>
internal sealed class CommentSubject(ProfileDb db, TimeProvider clock) : IReportSubject
{
    public ReportKind Kind => ReportKind.Comment;

    public async Task<ReportedThing?> FindAsync(Guid id, Guid viewer, CancellationToken cancellationToken) =>
        await db.Set<Comment>().AsNoTracking().FirstOrDefaultAsync(
            c => c.Id == id && c.HiddenAt == null && db.Set<Account>().Any(a => a.Id == c.AuthorId)
                && db.Set<Track>().Any(t => t.GenerationId == c.GenerationId && (t.Audible || (t.OwnerId == viewer && t.CompletedAt != null && !t.Deleted && !t.Hidden))),
            cancellationToken) is { } comment
            ? new ReportedThing(comment.AuthorId, comment.GenerationId, IReportSubject.Excerpt(comment.Text)) : null;

    public async Task<bool> HideAsync(Report report, string reason, CancellationToken cancellationToken) => await db.Database.ExecuteSqlAsync(
        $"""
        WITH gone AS (UPDATE comments SET hidden_at = {clock.GetUtcNow()} WHERE id = {report.SubjectId} AND hidden_at IS NULL RETURNING generation_id)
        UPDATE tracks t SET comments = greatest(0, t.comments - 1) FROM gone WHERE t.generation_id = gone.generation_id
        """,
        cancellationToken) == 1;

    public Task RestoreAsync(Report report, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        WITH back AS (UPDATE comments SET hidden_at = NULL WHERE id = {report.SubjectId} AND hidden_at IS NOT NULL RETURNING generation_id)
        UPDATE tracks t SET comments = t.comments + 1 FROM back WHERE t.generation_id = back.generation_id
        """,
        cancellationToken);
}
