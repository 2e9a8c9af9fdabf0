using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Analytics;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Entitlements;
using Son1kVers3.Profile.Keys;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Profile.Profiles;

/// <summary>Keeps a member's tier as billing tells it, shows it on the profile, and has the gateway forget the member's API keys.</summary>
internal sealed class OnEntitlementChanged(ProfileDb db, ProfileAnnouncer announcer, AnalyticsLog analytics) : IHandle<EntitlementChanged>
{
    public async Task<Event[]> HandleAsync(EntitlementChanged message, CancellationToken cancellationToken)
    {
        // An account is there before any event of it, so this one is gone: billing tells what a member who left is no longer entitled to.
        if (await db.LockAccountAsync(message.UserId, cancellationToken) is not { } account)
            return [];
        var before = await db.TierOfAsync(message.UserId, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO entitlements (account_id, tier, alvae, api_keys)
            VALUES ({message.UserId}, {message.Tier.ToString()}, {message.Alvae?.ToString()}, {message.ApiKeys})
            ON CONFLICT (account_id) DO UPDATE SET tier = excluded.tier, alvae = excluded.alvae, api_keys = excluded.api_keys
            """,
            cancellationToken);
        await ApiKeyRevocationPublisher.AnnounceAsync(db, message.UserId, cancellationToken);
        if (message.Tier > before)
            await analytics.RecordAsync(message.UserId, Activity.Upgraded, message, new ActivityProperties { Tier = message.Tier }, cancellationToken);
        return before == message.Tier ? [] : [await announcer.EventAsync(account, cancellationToken)];
    }
}
