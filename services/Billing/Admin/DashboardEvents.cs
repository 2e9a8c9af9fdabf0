using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.Data;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Admin;

/// <summary>Keeps what the dashboard shows of other services.</summary>
internal sealed class DashboardEvents(BillingDb db) : IHandle<AccountHealthChanged>, IHandle<TrackContributed>, IHandle<TrackClaimed>
{
    public async Task<Event[]> HandleAsync(AccountHealthChanged message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO provider_accounts (account_id, provider, status, at)
                VALUES ({message.AccountId}, {message.Provider}, {message.Status}, {message.OccurredAt})
            ON CONFLICT (account_id) DO UPDATE SET provider = excluded.provider, status = excluded.status, at = excluded.at
            """,
            cancellationToken);
        return [];
    }

    public async Task<Event[]> HandleAsync(TrackContributed message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO pool_tracks (track_id, claimed) VALUES ({message.GenerationId}, false) ON CONFLICT DO NOTHING",
            cancellationToken);
        return [];
    }

    /// <summary>May come before the contribution.</summary>
    public async Task<Event[]> HandleAsync(TrackClaimed message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO pool_tracks (track_id, claimed) VALUES ({message.GenerationId}, true)
            ON CONFLICT (track_id) DO UPDATE SET claimed = true
            """,
            cancellationToken);
        return [];
    }
}
