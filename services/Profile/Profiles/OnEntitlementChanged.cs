using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Entitlements;
using Son1kVers3.Profile.Keys;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Profile.Profiles;

/// <summary>Keeps a member's tier as billing tells it, shows it on the profile, and has the gateway forget the member's API keys.</summary>
internal sealed class OnEntitlementChanged(ProfileDb db, ProfileAnnouncer announcer) : IHandle<EntitlementChanged>
{
    public async Task<Event[]> HandleAsync(EntitlementChanged message, CancellationToken cancellationToken)
    {
        // There may be an entitlement before the account; then there is no public side yet.
        var account = await db.LockAccountAsync(message.UserId, cancellationToken);
        var before = await db.TierOfAsync(message.UserId, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO entitlements (account_id, tier, alvae, api_keys)
            VALUES ({message.UserId}, {message.Tier.ToString()}, {message.Alvae?.ToString()}, {message.ApiKeys})
            ON CONFLICT (account_id) DO UPDATE SET tier = excluded.tier, alvae = excluded.alvae, api_keys = excluded.api_keys
            """,
            cancellationToken);
        await ApiKeyEviction.AnnounceAsync(db, message.UserId, cancellationToken);
        return account is null || before == message.Tier ? [] : [await announcer.EventAsync(account, cancellationToken)];
    }
}
