using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Members;

/// <summary>Names and their border, as cards and ranking show them.</summary>
internal sealed class OnProfile(PoolDb db) : IHandle<UserRegistered>, IHandle<ProfileUpdated>
{
    public Task<Event[]> HandleAsync(UserRegistered message, CancellationToken cancellationToken) =>
        StoreAsync(message.UserId, message.Username, message.DisplayName, null, message.Sequence, cancellationToken);

    public Task<Event[]> HandleAsync(ProfileUpdated message, CancellationToken cancellationToken) =>
        StoreAsync(message.UserId, message.Username, message.DisplayName, message.Border, message.Sequence, cancellationToken);

    private async Task<Event[]> StoreAsync(
        Guid userId, string username, string? displayName, string? border, long sequence, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO members AS m (user_id, username, display_name, border, profile_sequence)
            VALUES ({userId}, {username}, {displayName}, {border}, {sequence})
            ON CONFLICT (user_id) DO UPDATE SET username = excluded.username, display_name = excluded.display_name,
                border = excluded.border, profile_sequence = excluded.profile_sequence
            WHERE m.profile_sequence < excluded.profile_sequence AND NOT m.deleted
            """,
            cancellationToken);
        return [];
    }
}

/// <summary>The badge, which cards show, and which keeps a member from claiming.</summary>
internal sealed class OnAlvae(PoolDb db) : IHandle<AlvaeGranted>, IHandle<AlvaeRevoked>
{
    public Task<Event[]> HandleAsync(AlvaeGranted message, CancellationToken cancellationToken) =>
        StoreAsync(message.UserId, message.Level, message.Sequence, cancellationToken);

    public Task<Event[]> HandleAsync(AlvaeRevoked message, CancellationToken cancellationToken) =>
        StoreAsync(message.UserId, null, message.Sequence, cancellationToken);

    private async Task<Event[]> StoreAsync(Guid userId, AlvaeLevel? level, long sequence, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO members AS m (user_id, alvae, alvae_sequence) VALUES ({userId}, {level?.ToString()}, {sequence})
            ON CONFLICT (user_id) DO UPDATE SET alvae = excluded.alvae, alvae_sequence = excluded.alvae_sequence
            WHERE m.alvae_sequence < excluded.alvae_sequence AND NOT m.deleted
            """,
            cancellationToken);
        return [];
    }
}

/// <summary>Tier and allowance: who may claim, and what flows in.</summary>
internal sealed class OnEntitlementChanged(PoolDb db) : IHandle<EntitlementChanged>
{
    public async Task<Event[]> HandleAsync(EntitlementChanged message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO members AS m (user_id, tier, allowance, unit_limit, entitled_alvae, entitlement_sequence)
            VALUES ({message.UserId}, {message.Tier.ToString()}, {message.Allowance.ToString()}, {message.Limit},
                {message.Alvae?.ToString()}, {message.Sequence})
            ON CONFLICT (user_id) DO UPDATE SET tier = excluded.tier, allowance = excluded.allowance, unit_limit = excluded.unit_limit,
                entitled_alvae = excluded.entitled_alvae, entitlement_sequence = excluded.entitlement_sequence
            WHERE m.entitlement_sequence < excluded.entitlement_sequence AND NOT m.deleted
            """,
            cancellationToken);
        return [];
    }
}

/// <summary>Takes the name from what a member leaves behind at once; likes, plays and the like go in batches, by <see
/// cref="ErasureWorker"/>.</summary>
internal sealed class OnUserDeleted(PoolDb db) : IHandle<UserDeleted>
{
    public async Task<Event[]> HandleAsync(UserDeleted message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO members (user_id, deleted) VALUES ({message.UserId}, true)
            ON CONFLICT (user_id) DO UPDATE SET deleted = true, username = NULL, display_name = NULL, border = NULL,
                tier = NULL, allowance = NULL, unit_limit = NULL, entitled_alvae = NULL, alvae = NULL
            """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM idempotency_keys WHERE user_id = {message.UserId}", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO erasures (id, kind) VALUES ({message.UserId}, {Erasure.User}) ON CONFLICT DO NOTHING", cancellationToken);
        await db.Database.ExecuteSqlAsync($"INSERT INTO ranking_changes (user_id) VALUES ({message.UserId})", cancellationToken);
        return [];
    }
}
