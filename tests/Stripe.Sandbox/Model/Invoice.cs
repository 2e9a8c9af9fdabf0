namespace Son1kVers3.Stripe.Sandbox.Model;

internal sealed class Invoice : Resource
{
    public required string Customer { get; set; }

    public string? TestClock { get; set; }

    public string? Subscription { get; set; }

    /// <summary>The subscription's metadata when the invoice was made.</summary>
    public Dictionary<string, string> SubscriptionMetadata { get; set; } = [];

    public string Status { get; set; } = "draft";

    public string BillingReason { get; set; } = "";

    public string Currency { get; set; } = "usd";

    public List<InvoiceLine> Lines { get; set; } = [];

    public long StartingBalance { get; set; }

    public long? EndingBalance { get; set; }

    public long AmountDue { get; set; }

    public long AmountPaid { get; set; }

    public int AttemptCount { get; set; }

    public bool AutoAdvance { get; set; } = true;

    /// <summary>When a draft is finalized and charged by itself.</summary>
    public long? FinalizesAt { get; set; }

    public long? NextAttempt { get; set; }

    public long? FirstFailure { get; set; }

    public long PeriodStart { get; set; }

    public long PeriodEnd { get; set; }

    public string? Number { get; set; }

    public string? PaymentIntent { get; set; }

    public long? FinalizedAt { get; set; }

    public long? PaidAt { get; set; }

    public long? VoidedAt { get; set; }

    public long? UncollectibleAt { get; set; }

    public long Total => Lines.Sum(line => line.Amount);
}

internal sealed record InvoiceLine(
    string Id,
    long Amount,
    string Description,
    string Price,
    long Quantity,
    LinePeriod Period,
    bool IsProration,
    string SubscriptionItem);

internal sealed record LinePeriod(long Start, long End);

internal sealed class InvoicePayment : Resource
{
    public required string Invoice { get; set; }

    public required string PaymentIntent { get; set; }

    public string Currency { get; set; } = "usd";

    public long Requested { get; set; }

    public long? Paid { get; set; }

    public string Status { get; set; } = "open";

    public long? PaidAt { get; set; }

    public long? CanceledAt { get; set; }
}
