namespace Son1kVers3.Stealth.Health;

/// <summary>How long an account rests after what; the configuration section <c>Health</c>.</summary>
internal sealed record HealthPolicy
{
    /// <summary>Transient failures in a row that begin a cooldown.</summary>
    public int FailuresToCool { get; init; } = 3;

    /// <summary>Successes after a probe until it counts as healthy.</summary>
    public int SuccessesToHeal { get; init; } = 3;

    /// <summary>First cooldown after transient failures and after a 429 that names no time; doubled each time.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan LongestCooldown { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The provider's own queue was full: no reason to stay away long.</summary>
    public TimeSpan ConcurrencyCooldown { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>First look again after spent money or a refused key; doubled each time.</summary>
    public TimeSpan Ban { get; init; } = TimeSpan.FromMinutes(15);
    public TimeSpan LongestBan { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The longest time that a provider can send an account away for; more is taken for a mistake.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromDays(31);

    /// <summary>A cooldown is longer by up to this share, so that accounts don't all come back at one instant.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary><paramref name="first"/> doubled <paramref name="times"/> times, at most <paramref name="longest"/>, and longer by <paramref name="jitter"/> (0–1) of the jitter's share.</summary>
    public TimeSpan Backoff(TimeSpan first, TimeSpan longest, int times, double jitter)
    {
        var seconds = Math.Min(first.TotalSeconds * Math.Pow(2, times), longest.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (1 + (Jitter * jitter)));
    }
}
