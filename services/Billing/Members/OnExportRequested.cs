using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Members;

/// <summary>Billing's part of what a member may take along: entitlement, subscriptions, invoices, the ledger, and what operators
/// did.</summary>
internal sealed class OnExportRequested(ExportParts parts) : IHandle<ExportRequested>
{
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
        await parts.PublishAsync(message, [Items], cancellationToken);
        return [];
    }
}
