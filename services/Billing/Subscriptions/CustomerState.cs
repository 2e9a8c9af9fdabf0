using Son1kVers3.Billing.Quotas;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>All that Stripe holds of one customer and that matters here, read at one instant.</summary>
public sealed record CustomerState(string CustomerId, IReadOnlyList<SubscriptionState> Subscriptions, IReadOnlyList<InvoiceState> Invoices);

/// <summary>A subscription with its one item.</summary>
public sealed record SubscriptionState
{
    public required string Id { get; init; }

    /// <summary>In Stripe's words: <c>active</c>, <c>past_due</c>, <c>canceled</c> …</summary>
    public required string Status { get; init; }
    public required Tier Tier { get; init; }
    public required string ItemId { get; init; }
    public required string PriceId { get; init; }
    public required BucketPeriod Period { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? CancelAt { get; init; }
    public bool CancelAtPeriodEnd { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? ScheduleId { get; init; }
    public PendingChange? Pending { get; init; }

    /// <summary>Whether it bills or tries to.</summary>
    public bool IsLive => Status is "active" or "trialing" or "past_due";
}

/// <summary>What is going to change.</summary>
/// <param name="Tier">To which tier; FREE for a cancellation.</param>
/// <param name="At">When; for a payment that is awaited, until when.</param>
/// <param name="Reason"><c>downgrade</c>, <c>cancel</c> or <c>payment</c>.</param>
public sealed record PendingChange(Tier Tier, DateTimeOffset At, string Reason);

/// <summary>An invoice, with what became of its money.</summary>
public sealed record InvoiceState
{
    public required string Id { get; init; }
    public string? SubscriptionId { get; init; }

    /// <summary><c>draft</c>, <c>open</c>, <c>paid</c>, <c>uncollectible</c> or <c>void</c>.</summary>
    public required string Status { get; init; }
    public required string BillingReason { get; init; }
    public string? Number { get; init; }
    public required long AmountDue { get; init; }
    public required long AmountPaid { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Also when the first charge was tried.</summary>
    public DateTimeOffset? FinalizedAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public bool Attempted { get; init; }

    /// <summary>The period that the subscription's line pays for.</summary>
    public BucketPeriod? Period { get; init; }
    public long RefundedCents { get; init; }

    /// <summary>In Stripe's words: <c>needs_response</c>, <c>won</c>, <c>lost</c> …; null without one.</summary>
    public string? Dispute { get; init; }
    public string? Url { get; init; }

    /// <summary>Pays for a period of its own; a proration does not, and fills no bucket.</summary>
    public bool OpensPeriod => BillingReason is "subscription_create" or "subscription_cycle" && Period is not null;

    /// <summary>The money is gone again, or withheld while a dispute is open.</summary>
    public bool IsTakenBack => Dispute is not (null or "won" or "warning_closed" or "warning_needs_response" or "warning_under_review")
        || (RefundedCents > 0 && RefundedCents >= AmountPaid);
}
