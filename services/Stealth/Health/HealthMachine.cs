namespace Son1kVers3.Stealth.Health;

/// <summary>Something that was seen of an account or proxy, or done to it.</summary>
internal abstract record Observation
{
    /// <summary>A request that began at <paramref name="Begun"/> succeeded.</summary>
    internal sealed record Succeeded(DateTimeOffset Begun) : Observation;

    /// <summary>A request failed.</summary>
    /// <param name="RetryAt">When the provider said to come back.</param>
    /// <param name="Reason">For operators; without secrets.</param>
    internal sealed record Failed(ErrorClass Class, DateTimeOffset? RetryAt, string Reason) : Observation;

    /// <summary>It is worse than its peers.</summary>
    internal sealed record Ejected(string Reason) : Observation;

    /// <summary>Too few are left to keep outliers away.</summary>
    internal sealed record Readmitted(string Reason) : Observation;

    /// <summary>An operator decided.</summary>
    internal sealed record Overridden(HealthStatus Status, string Reason, DateTimeOffset? Until) : Observation;
}

/// <summary>healthy → degraded → cooling → banned, and back: what an observation makes of a state.</summary>
/// <remarks>
/// <para>A cooldown that runs is never shortened by what is seen, only by an operator; failures of requests that were under way when it began do not
/// raise its exponent. What a provider says (<c>Retry-After</c>) wins over what we would have chosen, unless a longer one runs.</para>
/// <para>When its time is over the account is half-open: one request at a time. A success makes it degraded, some more make it healthy and forget the
/// exponent; a failure cools it for longer. Nothing but an operator's hand keeps an account away for ever.</para>
/// </remarks>
internal static class HealthMachine
{
    /// <summary>The prefix of the reason of an ejection.</summary>
    public const string Outlier = "outlier";

    /// <summary>The next state; the same instance when nothing changes.</summary>
    /// <param name="jitter">0–1, drawn by the caller.</param>
    public static HealthState Next(HealthState state, Observation seen, HealthPolicy policy, DateTimeOffset now, double jitter) => seen switch
    {
        Observation.Overridden by => Override(state, by, now),
        _ when state.Status == HealthStatus.Disabled => state,
        Observation.Succeeded success => Succeed(state, success.Begun, policy, now),
        Observation.Failed failure when failure.Class.BlamesAccount() => Fail(state, failure, policy, now, jitter),
        Observation.Ejected ejected => Eject(state, ejected.Reason, policy, now, jitter),
        Observation.Readmitted readmitted => Readmit(state, readmitted.Reason, now),
        _ => state,
    };

    private static HealthState Override(HealthState state, Observation.Overridden by, DateTimeOffset now)
    {
        var timed = by.Status is HealthStatus.Cooling or HealthStatus.Banned;
        return Change(state with { Failures = 0, Recoveries = 0, Cooldowns = 0 }, by.Status, by.Reason, timed ? by.Until ?? now : null, now);
    }

    private static HealthState Succeed(HealthState state, DateTimeOffset begun, HealthPolicy policy, DateTimeOffset now)
    {
        switch (state.Status)
        {
            case HealthStatus.Degraded when state.Recoveries + 1 >= policy.SuccessesToHeal:
                return Change(state with { Failures = 0, Recoveries = 0, Cooldowns = 0 }, HealthStatus.Healthy, "recovered", null, now);
            case HealthStatus.Degraded:
                return state with { Failures = 0, Recoveries = state.Recoveries + 1, Version = state.Version + 1 };
            // Only a request that was sent after its time was over is a probe.
            case HealthStatus.Cooling or HealthStatus.Banned when state.IsHalfOpen(begun):
                return Change(state with { Failures = 0, Recoveries = 1 }, HealthStatus.Degraded, "its probe succeeded", null, now);
            default:
                return state;
        }
    }

    private static HealthState Fail(HealthState state, Observation.Failed failure, HealthPolicy policy, DateTimeOffset now, double jitter)
    {
        var failures = state.Failures + 1;
        var away = state.Status is HealthStatus.Cooling or HealthStatus.Banned;
        if (failure.Class == ErrorClass.Transient && failure.RetryAt is null && !away && failures < policy.FailuresToCool)
            return Change(state with { Failures = failures, Recoveries = 0 }, HealthStatus.Degraded, failure.Reason, null, now);

        var running = away && !state.IsHalfOpen(now);
        var exponent = running ? Math.Max(0, state.Cooldowns - 1) : state.Cooldowns;
        var own = failure.Class switch
        {
            ErrorClass.ConcurrencyLimited => policy.ConcurrencyCooldown,
            ErrorClass.QuotaExhausted or ErrorClass.Unauthorized => policy.Backoff(policy.Ban, policy.LongestBan, exponent, jitter),
            _ => policy.Backoff(policy.Cooldown, policy.LongestCooldown, exponent, jitter),
        };
        var told = failure.RetryAt is { } at && at > now ? Earlier(at, now + policy.LongestRetryAfter) : (DateTimeOffset?)null;
        var status = failure.Class == ErrorClass.Unauthorized || state.Status == HealthStatus.Banned ? HealthStatus.Banned : HealthStatus.Cooling;
        // While it is away, only what the provider itself says, or a harder refusal, keeps it away for longer.
        var until = told ?? (running && status == state.Status ? now : now + own);
        if (state.Until is { } longer && away && longer > until)
            until = longer;
        if (running && status == state.Status && until == state.Until)
            return state;
        var cooldowns = running || failure.Class == ErrorClass.ConcurrencyLimited ? state.Cooldowns : state.Cooldowns + 1;
        return Change(state with { Failures = failures, Recoveries = 0, Cooldowns = cooldowns }, status, failure.Reason, until, now);
    }

    private static HealthState Eject(HealthState state, string reason, HealthPolicy policy, DateTimeOffset now, double jitter) =>
        state.Status is HealthStatus.Healthy or HealthStatus.Degraded
            ? Change(
                state with { Recoveries = 0, Cooldowns = state.Cooldowns + 1 }, HealthStatus.Cooling, $"{Outlier}: {reason}",
                now + policy.Backoff(policy.Cooldown, policy.LongestCooldown, state.Cooldowns, jitter), now)
            : state;

    private static HealthState Readmit(HealthState state, string reason, DateTimeOffset now) =>
        state.Status == HealthStatus.Cooling && state.Reason?.StartsWith(Outlier, StringComparison.Ordinal) == true
            ? Change(state with { Recoveries = 0 }, HealthStatus.Degraded, reason, null, now)
            : state;

    private static HealthState Change(HealthState state, HealthStatus status, string reason, DateTimeOffset? until, DateTimeOffset now) => state with
    {
        Status = status,
        Since = status == state.Status ? state.Since : now,
        Until = until,
        Reason = reason,
        Version = state.Version + 1,
    };

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
