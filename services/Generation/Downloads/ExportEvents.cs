using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Downloads;

/// <summary>A member wants everything: the zip is queued, and written when the other services' parts are there.</summary>
internal sealed class OnExportRequested(GenerationDb db, TimeProvider clock) : IHandle<ExportRequested>
{
    /// <summary>An export can be fetched for this long.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public async Task<Event[]> HandleAsync(ExportRequested message, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO downloads (id, user_id, kind, track_ids, format, status, progress, bytes, attempts, created_at, expires_at)
            SELECT {message.ExportId}, {message.UserId}, 'export', ARRAY[]::uuid[], 'mp3', 'queued', 0, 0, 0, {now}, {now + Lifetime}
            WHERE NOT EXISTS (SELECT FROM deleted_accounts WHERE user_id = {message.UserId}) ON CONFLICT DO NOTHING;
            SELECT pg_notify({DatabaseSignals.DownloadsWanted}, '')
            """,
            cancellationToken);
        return [];
    }
}

/// <summary>Keeps a part until the zip is written; it may come before the request itself.</summary>
internal sealed class OnExportPart(GenerationDb db, TimeProvider clock) : IHandle<ExportPart>
{
    public async Task<Event[]> HandleAsync(ExportPart message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO export_parts (export_id, user_id, service, index, last, json, received_at)
            SELECT {message.ExportId}, {message.UserId}, {message.Service}, {message.Index}, {message.Last}, {message.Json},
                {clock.GetUtcNow()}
            WHERE NOT EXISTS (SELECT FROM downloads WHERE id = {message.ExportId} AND status IN ('ready', 'failed'))
                AND NOT EXISTS (SELECT FROM deleted_accounts WHERE user_id = {message.UserId}) ON CONFLICT DO NOTHING;
            SELECT pg_notify({DatabaseSignals.DownloadsWanted}, '')
            """,
            cancellationToken);
        return [];
    }
}
