using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Inbox;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Profile.Export;

/// <summary>Publishes what this service holds of a member, in pieces that the broker carries easily.</summary>
internal sealed class ExportOwnPart(ProfileDb db, Outbox outbox, IEnumerable<PersonalTable> tables) : IHandle<ExportRequested>
{
    private const int LargestPiece = 200_000;

    public async Task<Event[]> HandleAsync(ExportRequested message, CancellationToken cancellationToken)
    {
        var (index, piece) = (0, new StringBuilder());
        foreach (var table in tables.Where(t => t.Export is not null).OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            await using var command = new NpgsqlCommand(table.Export, (NpgsqlConnection)db.Database.GetDbConnection()) { Parameters = { new() { Value = message.UserId } } };
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                var item = $$"""{"kind":"{{table.Name}}","data":{{rows.GetString(0)}}}""";
                if (piece.Length > 0 && piece.Length + item.Length > LargestPiece)
                    Publish(last: false);
                piece.Append(piece.Length == 0 ? "" : ",").Append(item);
            }
        }

        Publish(last: true);
        return [];

        void Publish(bool last)
        {
            outbox.Publish(new ExportPart
            {
                ExportId = message.ExportId,
                UserId = message.UserId,
                Service = "profile",
                Index = index++,
                Last = last,
                Json = $"[{piece}]",
            });
            piece.Clear();
        }
    }
}

/// <summary>Follows which services have published their part.</summary>
internal sealed class ExportProgress(ProfileDb db) : IHandle<ExportPart>
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
internal sealed class ExportCompletion(ProfileDb db, MemberInbox inbox, TimeProvider clock) : IHandle<ExportReady>
{
    public async Task<Event[]> HandleAsync(ExportReady message, CancellationToken cancellationToken)
    {
        var isNew = await db.Database.ExecuteSqlAsync(
            $"UPDATE exports SET ready_at = {clock.GetUtcNow()}, bytes = {message.Bytes} WHERE id = {message.ExportId} AND account_id = {message.UserId} AND ready_at IS NULL",
            cancellationToken) == 1;
        if (isNew)
            await inbox.TellAsync(message.UserId, NotificationKind.ExportReady, new(message.ExportId), message.OccurredAt, cancellationToken);
        return [];
    }
}
