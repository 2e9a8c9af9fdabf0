using System.Text.Json.Serialization;

namespace Son1kVers3.Contracts;

/// <summary>Asks billing for one unit. <see cref="ReservationId"/> is the generation's id: asking twice is asking once.</summary>
public sealed record ReserveQuota
{
    public required Guid ReservationId { get; init; }
    public required Guid UserId { get; init; }
    public required Quality Quality { get; init; }

    /// <summary>Stems need a tier of their own.</summary>
    public bool Stems { get; init; }

    /// <summary>Units to take together or not at all; the ids of the further units stand in <see cref="FurtherIds"/>.</summary>
    public IReadOnlyList<Guid> FurtherIds { get; init; } = [];

    /// <summary>0 for the first attempt; a generation that failed and is tried again under its id counts up, and its released unit is taken anew.</summary>
    public int Attempt { get; init; }
}

/// <summary>Billing's answer: granted, or denied and why.</summary>
public sealed record QuotaDecision
{
    public required Guid ReservationId { get; init; }
    public required bool Granted { get; init; }
    public required Tier Tier { get; init; }
    public required Allowance Allowance { get; init; }

    /// <summary>0 for most, higher for tiers with a priority queue.</summary>
    public int Priority { get; init; }

    /// <summary>Units left in the allowance's period; null when unlimited.</summary>
    public int? Remaining { get; init; }

    /// <summary>When the period ends; null when unlimited.</summary>
    public DateTimeOffset? ResetAt { get; init; }

    /// <summary>The slug of the problem when denied: <c>quota-exceeded</c>, <c>quality-not-in-tier</c>, <c>storage-full</c>, <c>stems-not-in-tier</c>, <c>reservation-conflict</c>, <c>reservation-released</c>.</summary>
    public string? Denial { get; init; }

    /// <summary>One sentence for the member: what to do about the denial.</summary>
    public string? Detail { get; init; }

    /// <summary>The cheapest tier that would have granted it.</summary>
    public Tier? UpgradeTo { get; init; }
}

/// <summary>
/// Gives a unit back that may or may not have been taken: the asker does not know, its question timed out.
/// Published by generation; consumed by billing.
/// </summary>
public sealed record ReleaseQuota
{
    public required Guid ReservationId { get; init; }
    public required Guid UserId { get; init; }
    public required string Reason { get; init; }
}

/// <summary>
/// A member's tier, level or their combination changed. <c>Sequence</c> counts per user.
/// Published by billing; consumed by generation, pool, profile.
/// </summary>
public sealed record EntitlementChanged : Event
{
    public required Guid UserId { get; init; }
    public required Tier Tier { get; init; }
    public AlvaeLevel? Alvae { get; init; }
    public required Allowance Allowance { get; init; }

    /// <summary>Units a period; null when unlimited.</summary>
    public int? Limit { get; init; }
    public required IReadOnlyList<Quality> Qualities { get; init; }
    public required bool Stems { get; init; }
    public required bool ApiKeys { get; init; }

    /// <summary>Null when unlimited.</summary>
    public long? StorageLimitBytes { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>A subscription's state as Stripe holds it changed. Published by billing; consumed by nobody.</summary>
public sealed record SubscriptionChanged : Event
{
    public required Guid UserId { get; init; }
    public required string SubscriptionId { get; init; }
    public required Tier Tier { get; init; }
    public required string Status { get; init; }
    public DateTimeOffset? CurrentPeriodStart { get; init; }
    public DateTimeOffset? CurrentPeriodEnd { get; init; }
    public bool CancelAtPeriodEnd { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>Money arrived. Published by billing; consumed by profile.</summary>
public sealed record InvoicePaid : Event
{
    public required Guid UserId { get; init; }
    public required string InvoiceId { get; init; }
    public required long AmountCents { get; init; }
    public required string Currency { get; init; }
    public required string BillingReason { get; init; }

    /// <summary>Tax within <see cref="AmountCents"/>.</summary>
    public long TaxCents { get; init; }

    /// <summary>When it was paid, by Stripe's clock; the event may come later.</summary>
    public DateTimeOffset? PaidAt { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>Money went back (refund, or a dispute that was lost). Published by billing; consumed by profile.</summary>
public sealed record InvoiceRefunded : Event
{
    public required Guid UserId { get; init; }
    public required string InvoiceId { get; init; }
    public required long AmountCents { get; init; }
    public required string Currency { get; init; }

    /// <summary>Tax within <see cref="AmountCents"/>.</summary>
    public long TaxCents { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>A member asked for more than the allowance holds. Published by billing; consumed by profile.</summary>
public sealed record QuotaExhausted : Event
{
    public required Guid UserId { get; init; }
    public required Tier Tier { get; init; }
    public required Allowance Allowance { get; init; }
    public required DateTimeOffset ResetAt { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}
