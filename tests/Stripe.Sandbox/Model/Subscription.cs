namespace Son1kVers3.Stripe.Sandbox.Model;

internal sealed class Subscription : Resource
{
    public required string Customer { get; set; }

    public string? TestClock { get; set; }

    public string Status { get; set; } = SubscriptionStatus.Incomplete;

    public List<SubscriptionItem> Items { get; set; } = [];

    /// <summary>The instant that all period boundaries are counted from.</summary>
    public long Anchor { get; set; }

    public long PeriodStart { get; set; }

    public long PeriodEnd { get; set; }

    public bool CancelAtPeriodEnd { get; set; }

    public long? CancelAt { get; set; }

    public long? CanceledAt { get; set; }

    public long? EndedAt { get; set; }

    public string? CancellationReason { get; set; }

    public string? CancellationComment { get; set; }

    public string? CancellationFeedback { get; set; }

    public string? DefaultPaymentMethod { get; set; }

    public string? Description { get; set; }

    public string? LatestInvoice { get; set; }

    public string? Schedule { get; set; }

    public PendingUpdate? PendingUpdate { get; set; }

    /// <summary>Prorations that wait for the next invoice.</summary>
    public List<InvoiceLine> PendingLines { get; set; } = [];

    public bool IsOver => Status is SubscriptionStatus.Canceled or SubscriptionStatus.IncompleteExpired;

    public bool IsRunning => Status is SubscriptionStatus.Active or SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid;
}

internal static class SubscriptionStatus
{
    public const string Incomplete = "incomplete";
    public const string IncompleteExpired = "incomplete_expired";
    public const string Active = "active";
    public const string PastDue = "past_due";
    public const string Unpaid = "unpaid";
    public const string Canceled = "canceled";
}

internal sealed class SubscriptionItem
{
    public required string Id { get; set; }

    public long Created { get; set; }

    public required string Price { get; set; }

    public long Quantity { get; set; } = 1;

    public Dictionary<string, string> Metadata { get; set; } = [];

    public SubscriptionItem Copy() => new() { Id = Id, Created = Created, Price = Price, Quantity = Quantity, Metadata = new(Metadata) };
}

/// <summary>A change that waits for its invoice to be paid.</summary>
internal sealed record PendingUpdate(long ExpiresAt, List<SubscriptionItem> Items, string Invoice);
