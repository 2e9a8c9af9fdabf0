using Son1kVers3.ServiceDefaults.Leases;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Puts in order what one member asks of Stripe at the same time, in whatever tabs and at whatever replicas.</summary>
internal sealed class MemberTurns(LeaseStore leases)
{
    /// <summary>Waits for the member's turn; it ends when disposed.</summary>
    public Task<Lease> TakeAsync(Guid userId, CancellationToken cancellationToken) =>
        leases.TakeAsync($"member/{userId:N}", cancellationToken: cancellationToken);
}
