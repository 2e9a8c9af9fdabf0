using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Downloads;

/// <summary>The zips that are to be written, each under a lease.</summary>
internal sealed class DownloadQueue(GenerationDb db, LeaseStore leases, Outbox outbox, TimeProvider clock)
{
    private const int MaxAttempts = 3;
    private const int Candidates = 20;

    /// <summary>Those whose parts an export waits for; generation's own is read when the zip is written.</summary>
    private static readonly string[] ExportingServices = ["billing", "pool", "profile"];

    /// <summary>An export is written without the parts of a service that stays away this long.</summary>
    private static readonly TimeSpan PartsTimeout = TimeSpan.FromMinutes(30);

    /// <summary>Takes the next one with its lease, or null when none can be written now.</summary>
    public async Task<(Download Download, Lease Lease)?> TakeAsync(CancellationToken cancellationToken)
    {
        var waiting = await db.Set<Download>().AsNoTracking()
            .Where(d => d.Status == DownloadStatus.Queued || d.Status == DownloadStatus.Running)
            .OrderBy(d => d.CreatedAt).Take(Candidates).ToListAsync(cancellationToken);
        foreach (var download in waiting)
        {
            if (download.Kind == DownloadKind.Export && (await MissingPartsAsync(download, cancellationToken)).Count > 0
                && clock.GetUtcNow() - download.CreatedAt < PartsTimeout)
                continue;
            if (await leases.TryTakeAsync($"download/{download.Id}", cancellationToken: cancellationToken) is not { } lease)
                continue;
            if (await BeginAsync(download.Id) is { } begun)
                return (begun, lease);
            await lease.DisposeAsync();
        }

        return null;
    }

    /// <summary>The services whose part is not complete.</summary>
    public async Task<IReadOnlyList<string>> MissingPartsAsync(Download download, CancellationToken cancellationToken)
    {
        var parts = await db.Set<StoredExportPart>().AsNoTracking().Where(p => p.ExportId == download.Id)
            .GroupBy(p => p.Service).Select(g => new { Service = g.Key, Count = g.Count(), End = g.Max(p => p.Last ? p.Index : -1) })
                .ToListAsync(cancellationToken);
        return [.. ExportingServices.Except(parts.Where(p => p.End >= 0 && p.Count > p.End).Select(p => p.Service))];
    }

    /// <summary>How far it is; for those who look on.</summary>
    public Task ReportAsync(Guid id, int percent) =>
        db.Database.ExecuteSqlAsync($"UPDATE downloads SET progress = {percent} WHERE id = {id} AND status = 'running'");

    /// <summary>It can be fetched. Others hear of an export.</summary>
    /// <returns>False: it was cancelled meanwhile; keep nothing.</returns>
    public async Task<bool> CompleteAsync(Download download, Lease lease, string key, long bytes)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await lease.EnsureHeldAsync(db);
        var done = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE downloads SET status = 'ready', progress = 100, key = {key}, bytes = {bytes}
            WHERE id = {download.Id} AND status = 'running'
            """) == 1;
        if (done && download.Kind == DownloadKind.Export)
        {
            outbox.Publish(new ExportReady { Sequence = 1, ExportId = download.Id, UserId = download.UserId, Bytes = bytes });
            await db.Set<StoredExportPart>().Where(p => p.ExportId == download.Id).ExecuteDeleteAsync();
            await db.SaveChangesAsync();
        }

        await transaction.CommitAsync();
        return done;
    }

    /// <summary>It cannot be written.</summary>
    public Task FailAsync(Guid id, DownloadFailure reason) => db.Database.ExecuteSqlAsync(
        $"UPDATE downloads SET status = 'failed', reason = {EnumNames<DownloadFailure>.Of(reason)} WHERE id = {id} AND status IN ('queued', 'running')");

    private async Task<Download?> BeginAsync(Guid id)
    {
        var begun = await db.Set<Download>().FromSql(
            $"""
            UPDATE downloads SET status = 'running', attempts = attempts + 1
            WHERE id = {id} AND status IN ('queued', 'running') AND attempts < {MaxAttempts} RETURNING *
            """).AsNoTracking().ToListAsync();
        if (begun is [var download])
            return download;
        await FailAsync(id, DownloadFailure.Interrupted);
        return null;
    }
}
