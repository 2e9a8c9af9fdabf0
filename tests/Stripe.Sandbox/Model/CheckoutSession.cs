namespace Son1kVers3.Stripe.Sandbox.Model;

internal sealed class CheckoutSession : Resource
{
    public string? Customer { get; set; }

    public string? CustomerEmail { get; set; }

    public string? ClientReferenceId { get; set; }

    public Dictionary<string, string> SubscriptionMetadata { get; set; } = [];

    public string? SubscriptionDescription { get; set; }

    public List<PricedItem> Items { get; set; } = [];

    public string SuccessUrl { get; set; } = "";

    public string? CancelUrl { get; set; }

    public string? Locale { get; set; }

    public string Url { get; set; } = "";

    public long ExpiresAt { get; set; }

    public string Status { get; set; } = "open";

    public string? Subscription { get; set; }

    public string? Invoice { get; set; }

    public string? TestClock { get; set; }

    /// <summary>The redirect target with the template replaced.</summary>
    public string ReturnUrl => SuccessUrl.Replace("{CHECKOUT_SESSION_ID}", Id, StringComparison.Ordinal);
}

/// <summary>A price and how many of it.</summary>
internal sealed record PricedItem(string Id, string Price, long Quantity);
