using System.Text.Json.Serialization;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.CustomerStates;

/// <summary>All that Stripe holds of one customer and that matters here, read at one instant.</summary>
public sealed record CustomerState(string CustomerId, IReadOnlyList<SubscriptionState> Subscriptions, IReadOnlyList<InvoiceState> Invoices)
{
    /// <summary>The customer was deleted at Stripe.</summary>
    public bool IsGone { get; init; }
}

/// <summary>Stripe's states of a subscription.</summary>
public enum SubscriptionStatus
{
    /// <summary>A word that Stripe did not have when this was written: entitles to nothing.</summary>
    Unknown,
    Incomplete,
    IncompleteExpired,
    Trialing,
    Active,
    PastDue,
    Unpaid,
    Paused,
    Canceled,
}

/// <summary>A subscription with its one item.</summary>
public sealed record SubscriptionState
{
    public required string Id { get; init; }
    public required SubscriptionStatus Status { get; init; }

    /// <summary>Of its price now: what the next renewal will be for.</summary>
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
    public bool IsLive => Status is SubscriptionStatus.Active or SubscriptionStatus.Trialing or SubscriptionStatus.PastDue;

    /// <summary>Whether paying for it brings it back: a second one beside it must not be sold.</summary>
    public bool CanReturn => IsLive || Status is SubscriptionStatus.Unpaid or SubscriptionStatus.Paused;
}

/// <summary>What is going to change.</summary>
/// <param name="Tier">To which tier; FREE for a cancellation.</param>
/// <param name="At">When; for a payment that is awaited, until when.</param>
/// <param name="Reason">Why.</param>
public sealed record PendingChange(Tier Tier, DateTimeOffset At, PendingReason Reason);

/// <summary>Why a subscription is going to change.</summary>
[JsonConverter(typeof(NamedEnumConverter<PendingReason>))]
public enum PendingReason
{
    /// <summary>To a cheaper tier at the end of the period.</summary>
    [JsonStringEnumMemberName("downgrade")] Downgrade,

    /// <summary>Ends.</summary>
    [JsonStringEnumMemberName("cancel")] Cancel,

    /// <summary>To a better tier as soon as its invoice is paid.</summary>
    [JsonStringEnumMemberName("payment")] Payment,
}

/// <summary>Stripe's states of an invoice.</summary>
public enum InvoiceStatus
{
    Draft,
    Open,
    Paid,
    Uncollectible,
    Void,
}

/// <summary>Why an invoice was made, in Stripe's words.</summary>
public enum BillingReason
{
    /// <summary>Anything that does not concern us.</summary>
    Manual,
    SubscriptionCreate,
    SubscriptionCycle,
    SubscriptionUpdate,
}

/// <summary>An invoice, with what became of its money.</summary>
public sealed record InvoiceState
{
    public required string Id { get; init; }
    public string? SubscriptionId { get; init; }
    public required InvoiceStatus Status { get; init; }
    public required BillingReason BillingReason { get; init; }
    public string? Number { get; init; }
    public required long AmountDue { get; init; }
    public required long AmountPaid { get; init; }

    /// <summary>Tax within what is due.</summary>
    public long TaxCents { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Also when the first charge was tried.</summary>
    public DateTimeOffset? FinalizedAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public bool Attempted { get; init; }

    /// <summary>When Stripe charges it next by itself.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
    public string? Url { get; init; }
    public IReadOnlyList<InvoiceLineState> Lines { get; init; } = [];
    public long RefundedCents { get; init; }
    public IReadOnlyList<DisputeState> Disputes { get; init; } = [];

    /// <summary>The line that pays for a whole period; a proration does not, nor does what is no tier's beside it. Who begins the cycle
    /// anew in the middle of a period pays for a whole one by an invoice of an update.</summary>
    public InvoiceLineState? PeriodLine => Lines.Where(l => l is { IsProration: false, Tier: not null }).MaxBy(l => l.Period.End);

    /// <summary>Gone for good: refunds, and disputes that were lost.</summary>
    public long ReturnedCents =>
        Math.Min(AmountPaid, RefundedCents + Disputes.Where(d => d.Status == DisputeStatus.Lost).Sum(d => d.AmountCents));

    /// <summary>What is ours as things stand: paid, not refunded, and not withheld by a bank.</summary>
    public long KeptCents => Math.Max(0, AmountPaid - RefundedCents - Disputes.Where(d => d.IsWithheld).Sum(d => d.AmountCents));

    /// <summary>Nothing is left of what was paid. A part that went back is a courtesy, not an end.</summary>
    public bool IsReversed => AmountPaid > 0 && KeptCents == 0;
}

/// <summary>One line of an invoice.</summary>
/// <param name="Tier">Of its price; null for what is no tier's.</param>
/// <param name="AmountCents">Negative for what is credited.</param>
public sealed record InvoiceLineState(Tier? Tier, long AmountCents, BucketPeriod Period, bool IsProration);

/// <summary>Stripe's states of a dispute.</summary>
public enum DisputeStatus
{
    NeedsResponse,
    UnderReview,
    Won,
    Lost,

    /// <summary>Inquiries and what was prevented: the money was not touched.</summary>
    WarningNeedsResponse,
    WarningUnderReview,
    WarningClosed,
    Prevented,
}

/// <summary>A cardholder's dispute of a charge; a charge can have several, one after another.</summary>
public sealed record DisputeState(long AmountCents, DisputeStatus Status)
{
    /// <summary>The bank has the money, for now or for good.</summary>
    public bool IsWithheld => Status is DisputeStatus.NeedsResponse or DisputeStatus.UnderReview or DisputeStatus.Lost;
}
