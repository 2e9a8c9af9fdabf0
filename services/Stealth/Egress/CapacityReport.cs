using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Rotation;

namespace Son1kVers3.Stealth.Egress;

/// <summary>Says why nothing is free: for each account the reason, and when it will be.</summary>
internal sealed class CapacityReport(RotationStore rotation, TimeProvider clock)
{
    private static readonly TimeSpan AnyMoment = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NotByItself = TimeSpan.FromMinutes(1);

    /// <summary>503 with <c>Retry-After</c> and the accounts' reasons.</summary>
    /// <param name="only">The lease's account, if it is that which is waited for.</param>
    public async Task<ProblemException> RefuseAsync(ProviderFleet provider, Take.Busy busy, Guid? only, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var wait = busy.Never ? NotByItself : busy.At is { } at && at > now ? at - now : AnyMoment;
        var name = provider.Settings.Name;
        if (provider.Accounts.Count == 0)
            return Problem.Of(503, "no-accounts", $"{name} has no account.", NotByItself);
        if (busy.Reason == "redis")
            return Problem.Of(503, "no-capacity", "The state of the accounts is away; nothing is sent without knowing their limits.", wait);

        var accounts = provider.Accounts.Where(a => only is null || a.Id == only).ToDictionary(a => a.Id);
        var standings = await InspectAsync(provider, accounts.Keys, cancellationToken);
        var reasons = standings.GroupBy(s => s.Ineligible ?? "free by now").Select(g => $"{g.Count()} {g.Key}");
        return Problem.Of(
            503, "no-capacity", $"No account of {name} is free before the deadline: {string.Join(", ", reasons)}.", wait,
            ("accounts", standings.Select(s => new
            {
                id = s.Account,
                accounts[s.Account].Name,
                s.Ineligible,
                availableInSeconds = s.AvailableAt is { } free ? Math.Max(0, Math.Ceiling((free - now).TotalSeconds)) : (double?)null,
            }).ToArray()));
    }

    private async Task<IReadOnlyList<Standing>> InspectAsync(ProviderFleet provider, ICollection<Guid> accounts, CancellationToken cancellationToken)
    {
        try
        {
            return await rotation.InspectAsync(provider.Settings.Name, [.. accounts], cancellationToken);
        }
        catch (Exception e) when (Rotator.IsAway(e))
        {
            return [];
        }
    }
}
