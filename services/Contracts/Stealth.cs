using System.Text.Json.Serialization;

namespace Son1kVers3.Contracts;

/// <summary>The health of an account at a provider changed. Never carries a secret. Published by stealth; consumed by billing.</summary>
public sealed record AccountHealthChanged : Event
{
    public required Guid AccountId { get; init; }
    public required string Provider { get; init; }
    public required string Status { get; init; }
    public required string Reason { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => AccountId;
}

/// <summary>No account of a configured provider is available. Published by stealth; consumed by nobody.</summary>
public sealed record ProviderDown : Event
{
    public required Guid ProviderId { get; init; }
    public required string Provider { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => ProviderId;
}

/// <summary>A provider has an available account again. Published by stealth; consumed by nobody.</summary>
public sealed record ProviderUp : Event
{
    public required Guid ProviderId { get; init; }
    public required string Provider { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => ProviderId;
}
