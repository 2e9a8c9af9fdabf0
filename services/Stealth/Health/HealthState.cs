using System.Text.Json.Serialization;
using Son1kVers3.Contracts;

namespace Son1kVers3.Stealth.Health;

/// <summary>How an account or a proxy stands.</summary>
[JsonConverter(typeof(NamedEnumConverter<HealthStatus>))]
internal enum HealthStatus
{
    [JsonStringEnumMemberName("healthy")] Healthy,

    /// <summary>Failed lately, or comes back: still used.</summary>
    [JsonStringEnumMemberName("degraded")] Degraded,

    /// <summary>Not used until its time is over; then one request probes it.</summary>
    [JsonStringEnumMemberName("cooling")] Cooling,

    /// <summary>Refused by the provider; probed at long intervals.</summary>
    [JsonStringEnumMemberName("banned")] Banned,

    /// <summary>Off by an operator's hand, until it is put on again.</summary>
    [JsonStringEnumMemberName("disabled")] Disabled,
}

/// <summary>The health of one account or proxy.</summary>
internal sealed record HealthState
{
    public static readonly HealthState New = new();

    public HealthStatus Status { get; init; } = HealthStatus.Healthy;

    /// <summary>When the status began.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Cooling and banned: until when. After that it is half-open.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Successes in a row since it came back.</summary>
    public int Recoveries { get; init; }

    /// <summary>Cooldowns since it was last healthy: the exponent of the next one.</summary>
    public int Cooldowns { get; init; }

    /// <summary>Why it is as it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Counts the changes.</summary>
    public long Version { get; init; }

    /// <summary>Whether requests may go there: in use, or due for its probe.</summary>
    public bool IsAvailable(DateTimeOffset now) => Status is HealthStatus.Healthy or HealthStatus.Degraded || IsHalfOpen(now);

    /// <summary>Its time is over, and one request at a time finds out whether it works again.</summary>
    public bool IsHalfOpen(DateTimeOffset now) => Status is HealthStatus.Cooling or HealthStatus.Banned && (Until ?? Since) <= now;
}

internal static class HealthStatuses
{
    /// <summary>As it is written in JSON, events and the rotation's state.</summary>
    public static string Name(this HealthStatus status) => status.ToString().ToLowerInvariant();
}
