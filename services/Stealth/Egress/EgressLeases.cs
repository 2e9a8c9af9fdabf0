using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Stealth.Rotation;

namespace Son1kVers3.Stealth.Egress;

/// <summary>Leases as callers hold them: a token <c>id.fence</c>, which whoever takes the job over replaces.</summary>
internal sealed class EgressLeases(LeaseBook book, Rotator rotator, TimeProvider clock)
{
    /// <summary>The lease that a call shows; null when it shows none.</summary>
    /// <exception cref="ProblemException">409 when it is over, or somebody else holds it.</exception>
    public async Task<Lease?> UseAsync(EgressCall call, CancellationToken cancellationToken)
    {
        if (call.LeaseToken is null)
            return null;
        var (id, fence) = Parse(call.LeaseToken);
        var (lease, refusal) = await book.UseAsync(id, fence, cancellationToken);
        return lease?.Provider == call.Provider.Settings.Name ? lease : throw (refusal == LeaseRefusal.Fenced
            ? Problem.Of(409, "lease-fenced", "Another holder took this lease over.")
            : Problem.Of(409, "lease-lost", "This lease is over; begin the job anew."));
    }

    /// <summary>Begins one on the slot of this ticket.</summary>
    public async Task<Lease> BeginAsync(string provider, Guid account, Guid key, Guid ticket, int seconds, CancellationToken cancellationToken)
    {
        var lease = new Lease
        {
            Id = ticket,
            Provider = provider,
            AccountId = account,
            KeyId = key,
            Fence = 1,
            ExpiresAt = clock.GetUtcNow().AddSeconds(seconds),
            Seconds = seconds,
        };
        try
        {
            await book.AddAsync(lease, cancellationToken);
            return lease;
        }
        catch
        {
            await rotator.DoneAsync(new Finished(provider, account, ticket.ToString("N"), "cancelled", TimeSpan.Zero));
            throw;
        }
    }

    /// <summary>The job did not begin: nothing is held.</summary>
    public async Task DropAsync(Lease lease)
    {
        await book.EndAsync(lease.Id, lease.Fence, CancellationToken.None);
        await rotator.ReleaseAsync(lease);
    }

    /// <summary>Ends a lease, and frees its slot.</summary>
    public async Task EndAsync(string token, CancellationToken cancellationToken)
    {
        var (id, fence) = Parse(token);
        if (await book.EndAsync(id, fence, cancellationToken) is not { } lease)
            throw Problem.NotFound("lease");
        await rotator.ReleaseAsync(lease);
    }

    /// <summary>Hands a lease over to the caller.</summary>
    public async Task<Lease> TakeOverAsync(string token, CancellationToken cancellationToken) =>
        await book.TakeOverAsync(Parse(token).Id, cancellationToken) ?? throw Problem.NotFound("lease");

    private static (Guid Id, int Fence) Parse(string token) =>
        token.Split('.') is [var id, var fence] && Guid.TryParseExact(id, "N", out var guid) && int.TryParse(fence, out var number)
            ? (guid, number)
            : throw Problem.Of(409, "lease-lost", "This is no lease of ours; begin the job anew.");
}
