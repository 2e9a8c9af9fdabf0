using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Profile.Export;

/// <summary>Hands over what this service holds of a member.</summary>
internal sealed class OnExportRequested(ExportParts parts, IEnumerable<PersonalTable> tables) : IHandle<ExportRequested>
{
    public async Task<Event[]> HandleAsync(ExportRequested message, CancellationToken cancellationToken)
    {
        var queries = tables.Where(table => table.Export is not null).OrderBy(table => table.Name, StringComparer.Ordinal).Select(table =>
            $$"""SELECT '{"kind":"{{table.Name}}","data":' || item || '}' FROM ({{table.Export}}) AS items (item)""");
        await parts.PublishAsync(message, queries, cancellationToken);
        return [];
    }
}

/// <summary>Follows which services have published their part.</summary>
internal sealed class OnExportPart(ProfileDb db) : IHandle<ExportPart>
{
    public async Task<Event[]> HandleAsync(ExportPart message, CancellationToken cancellationToken)
    {
        if (message.Last)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE exports SET gathered = gathered || {message.Service}
                WHERE id = {message.ExportId} AND account_id = {message.UserId} AND NOT gathered @> ARRAY[{message.Service}]
                """,
                cancellationToken);
        }

        return [];
    }
}

/// <summary>The file is written.</summary>
internal sealed class OnExportReady(ProfileDb db, Notifier notifier, TimeProvider clock) : IHandle<ExportReady>
{
    public async Task<Event[]> HandleAsync(ExportReady message, CancellationToken cancellationToken)
    {
        var isNew = await db.Database.ExecuteSqlAsync(
            $"UPDATE exports SET ready_at = {clock.GetUtcNow()}, bytes = {message.Bytes} WHERE id = {message.ExportId} AND account_id = {message.UserId} AND ready_at IS NULL",
            cancellationToken) == 1;
        if (isNew)
            await notifier.TellAsync(message.UserId, NotificationKind.ExportReady, new(message.ExportId), message.OccurredAt, cancellationToken);
        return [];
    }
}
