using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Son1kVers3.Billing.Data;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Members;

/// <summary>Billing's part of what a member may take along: entitlement, subscriptions, invoices, the ledger, and what operators
/// did.</summary>
internal sealed class Export(BillingDb db, Outbox outbox) : IHandle<ExportRequested>
{
    /// <summary>A message has 256 kB, its envelope included.</summary>
    private const int MostBytes = 240_000;

    private const string Items =
        """
        SELECT item::text FROM (
            SELECT 1 AS part, 0 AS place, jsonb_build_object('kind', 'account', 'tier', tier_at(a, now()), 'paidUntil', paid_until,
                'periodStart', period_start,
                'periodEnd', period_end, 'storageBytes', storage_bytes) AS item FROM accounts a WHERE user_id = $1
            UNION ALL
            SELECT 2, row_number() OVER (ORDER BY created_at), jsonb_build_object('kind', 'subscription', 'id', id, 'status', status,
                'tier', tier, 'periodStart', period_start,
                'periodEnd', period_end, 'createdAt', created_at, 'cancelAt', cancel_at) FROM subscriptions WHERE user_id = $1
            UNION ALL
            SELECT 3, row_number() OVER (ORDER BY created_at), jsonb_build_object('kind', 'invoice', 'id', id, 'number', number, 'status',
                status, 'reason', billing_reason,
                'amountCents', amount_due, 'paidCents', amount_paid, 'refundedCents', refunded_cents, 'currency', currency, 'createdAt',
                    created_at, 'paidAt', paid_at)
                FROM invoices WHERE user_id = $1
            UNION ALL
            SELECT 4, id, jsonb_build_object('kind', 'ledger', 'what', kind, 'cause', cause, 'generationId', reservation_id, 'reserved',
                reserved, 'used', used,
                'granted', granted, 'at', at) FROM ledger WHERE user_id = $1
            UNION ALL
            SELECT 5, id, jsonb_build_object('kind', 'care', 'action', action, 'reason', reason, 'detail', detail, 'at', at)
                FROM audit WHERE user_id = $1
        ) AS all_of_it ORDER BY part, place
        """;

    public async Task<Event[]> HandleAsync(ExportRequested message, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var command = new NpgsqlCommand(
            Items, connection, (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction())
        {
            Parameters = { new() { Value = message.UserId } },
        };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var (piece, bytes, index) = (new List<string>(), 0, 0);
        while (await row.ReadAsync(cancellationToken))
        {
            var item = row.GetString(0);
            // As a string within the message each quote takes six bytes.
            var size = JsonEncodedText.Encode(item).EncodedUtf8Bytes.Length + 1;
            if (bytes + size > MostBytes)
            {
                Publish(message, index++, piece, last: false);
                (piece, bytes) = ([], 0);
            }

            piece.Add(item);
            bytes += size;
        }

        Publish(message, index, piece, last: true);
        return [];
    }

    private void Publish(ExportRequested message, int index, List<string> items, bool last) => outbox.Publish(new ExportPart
    {
        ExportId = message.ExportId,
        UserId = message.UserId,
        Service = "billing",
        Index = index,
        Last = last,
        Json = $"[{string.Join(',', items)}]",
    });
}
