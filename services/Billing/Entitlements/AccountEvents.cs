using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Entitlements;

/// <summary>What other services tell of members: who there is, and who wears a badge.</summary>
internal sealed class AccountEvents(AccountStore accounts, TimeProvider clock)
    : IHandle<UserRegistered>, IHandle<UserDeleted>, IHandle<AlvaeGranted>, IHandle<AlvaeRevoked>
{
    /// <summary>The row makes the member count on the operators' dashboard; entitlements don't need it.</summary>
    public async Task<Event[]> HandleAsync(UserRegistered message, CancellationToken cancellationToken)
    {
        await accounts.LockAsync(message.UserId, cancellationToken);
        return [];
    }

    /// <summary>The ledger stays and is anonymised; a subscription is ended by the reconciler.</summary>
    public async Task<Event[]> HandleAsync(UserDeleted message, CancellationToken cancellationToken)
    {
        var account = await accounts.LockAsync(message.UserId, cancellationToken);
        await accounts.SaveAsync(
            account with { DeletedAt = account.DeletedAt ?? clock.GetUtcNow(), CompTier = Tier.Free, Alvae = null }, cancellationToken);
        await accounts.EraseAnswersAsync(message.UserId, cancellationToken);
        return [];
    }

    public Task<Event[]> HandleAsync(AlvaeGranted message, CancellationToken cancellationToken) =>
        SetBadgeAsync(message.UserId, message.Level, cancellationToken);

    public Task<Event[]> HandleAsync(AlvaeRevoked message, CancellationToken cancellationToken) =>
        SetBadgeAsync(message.UserId, null, cancellationToken);

    private async Task<Event[]> SetBadgeAsync(Guid userId, AlvaeLevel? level, CancellationToken cancellationToken)
    {
        var account = await accounts.LockAsync(userId, cancellationToken);
        await accounts.SaveAsync(account with { Alvae = level }, cancellationToken);
        return [];
    }
}
