using Son1kVers3.Stealth.Dialects;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;
using Son1kVers3.Stealth.Rotation;
using Son1kVers3.Stealth.Watch;

namespace Son1kVers3.Stealth.Egress;

/// <summary>Brings the outcome of an attempt to the rotation (at once) and to the health of account, key and proxy.</summary>
internal sealed class OutcomeRecorder(Rotator rotator, HealthRecorder health, KeyBook keys, HealthPolicy policy, TimeProvider clock)
{
    private const string Cancelled = "cancelled";

    /// <summary>Gives the slot back with what was learned. A result of null means that the attempt itself failed, which is ours.</summary>
    public async Task<AttemptResult> RecordAsync(EgressCall call, Slot slot, AttemptResult? result, DateTimeOffset begun)
    {
        result ??= new AttemptResult(false, null, "", null, TimeSpan.Zero) { IsCallersDoing = true };
        var now = clock.GetUtcNow();
        var blamed = result is { Error: { } error, IsRefused: false } && error.BlamesAccount();
        if (blamed && result.Error == ErrorClass.Unauthorized && await keys.RefuseAsync(slot.Account, slot.Key, CancellationToken.None))
            (blamed, result) = (false, result with { RetrySameAccount = true });

        DateTimeOffset? cool = null;
        if (blamed)
        {
            var failure = new Observation.Failed(result.Error!.Value, result.Answer is { } answer ? RetryAfter.Read(answer, now) : null, result.Reason);
            cool = Blame(slot, result, failure, now);
        }
        else if (result.Error is null && !result.IsCallersDoing)
        {
            await PraiseAsync(slot, begun);
        }

        await rotator.DoneAsync(new Finished(
            call.Provider.Settings.Name, slot.Account.Id, slot.Lease is null ? slot.Ticket : null, result.Error?.Name() ?? (result.IsCallersDoing ? Cancelled : Finished.Ok),
            result.Duration, call.CostCents, slot.Proxy?.Id, cool, result.Answer is { } seen ? RateLimitWindow.Read(seen, now) : null));
        return result;
    }

    /// <summary>The account can't be used for want of a key, or is gone.</summary>
    public async Task WithoutKeyAsync(string provider, Guid account, string? ticket, bool isKnown)
    {
        var now = clock.GetUtcNow();
        if (isKnown)
            health.Tell(new Sighting(account, false, new Observation.Failed(ErrorClass.Unauthorized, null, "it has no key that may be used")));
        await rotator.DoneAsync(new Finished(provider, account, ticket, ErrorClass.Unauthorized.Name(), TimeSpan.Zero, CoolUntil: now + policy.Cooldown));
    }

    /// <summary>Until when it must not be used from this moment on; the recorder will find the same, and keep it.</summary>
    private DateTimeOffset? Blame(Slot slot, AttemptResult result, Observation.Failed failure, DateTimeOffset now)
    {
        if (result.ByProxy && slot.Proxy is { } proxy)
        {
            health.Tell(new Sighting(proxy.Id, true, failure));
            return null;
        }

        health.Tell(new Sighting(slot.Account.Id, false, failure));
        var next = HealthMachine.Next(slot.Account.Health, failure, policy, now, Random.Shared.NextDouble());
        return next.Status is HealthStatus.Cooling or HealthStatus.Banned ? next.Until : null;
    }

    private async Task PraiseAsync(Slot slot, DateTimeOffset begun)
    {
        if (slot.Account.Health.Status != HealthStatus.Healthy)
            health.Tell(new Sighting(slot.Account.Id, false, new Observation.Succeeded(begun)));
        if (slot.Proxy is { Health.Status: not HealthStatus.Healthy } proxy)
            health.Tell(new Sighting(proxy.Id, true, new Observation.Succeeded(begun)));
        if (slot.Key.RefusedAt is not null)
            await keys.AcceptAsync(slot.Key, CancellationToken.None);
    }
}
