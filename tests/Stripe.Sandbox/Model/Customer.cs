namespace Son1kVers3.Stripe.Sandbox.Model;

internal sealed class Customer : Resource
{
    public string? Email { get; set; }

    public string? Name { get; set; }

    public string? Description { get; set; }

    public string? Phone { get; set; }

    public string? Currency { get; set; }

    /// <summary>Negative: a credit that the next invoices use up first.</summary>
    public long Balance { get; set; }

    public bool Delinquent { get; set; }

    public string? DefaultPaymentMethod { get; set; }

    public string? TestClock { get; set; }

    public int NextInvoice { get; set; } = 1;

    public bool Deleted { get; set; }
}

/// <summary>What a card does when it is charged.</summary>
internal enum CardOutcome
{
    Succeeds,

    /// <summary>Refused at once, also when it is first entered.</summary>
    Declines,

    /// <summary>Works for the purchase at hand and is refused from the next charge on.</summary>
    DeclinesLater,
}

internal sealed class PaymentMethod : Resource
{
    public string? Customer { get; set; }

    public string Brand { get; set; } = "visa";

    public string Last4 { get; set; } = "4242";

    public int ExpMonth { get; set; } = 12;

    public int ExpYear { get; set; } = 2034;

    public CardOutcome Outcome { get; set; }
}
