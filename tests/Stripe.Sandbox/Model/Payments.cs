namespace Son1kVers3.Stripe.Sandbox.Model;

internal sealed class PaymentIntent : Resource
{
    public long Amount { get; set; }

    public string Currency { get; set; } = "usd";

    public string? Customer { get; set; }

    public string? PaymentMethod { get; set; }

    public string? LatestCharge { get; set; }

    public string Status { get; set; } = "requires_payment_method";

    public string? LastDecline { get; set; }

    public string? TestClock { get; set; }
}

internal sealed class Charge : Resource
{
    public long Amount { get; set; }

    public long Refunded { get; set; }

    public string Currency { get; set; } = "usd";

    public string? Customer { get; set; }

    public string? PaymentIntent { get; set; }

    public string? PaymentMethod { get; set; }

    public bool Paid { get; set; }

    public bool Disputed { get; set; }

    public string? TestClock { get; set; }
}

internal sealed class Refund : Resource
{
    public long Amount { get; set; }

    public string Currency { get; set; } = "usd";

    public required string Charge { get; set; }

    public string? PaymentIntent { get; set; }

    public string? Reason { get; set; }
}

internal sealed class Dispute : Resource
{
    public long Amount { get; set; }

    public string Currency { get; set; } = "usd";

    public required string Charge { get; set; }

    public string? PaymentIntent { get; set; }

    public string Reason { get; set; } = "fraudulent";

    public string Status { get; set; } = "needs_response";

    public string? TestClock { get; set; }
}
