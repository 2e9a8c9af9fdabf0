namespace Son1kVers3.Stripe.Sandbox.Model;

internal sealed class Product : Resource
{
    public string Name { get; set; } = "";

    public string? Description { get; set; }

    public bool Active { get; set; } = true;

    public long Updated { get; set; }
}

internal sealed class Price : Resource
{
    public required string Product { get; set; }

    public string Currency { get; set; } = "usd";

    public long UnitAmount { get; set; }

    /// <summary><c>month</c> and the like; null for a one-time price.</summary>
    public string? Interval { get; set; }

    public int IntervalCount { get; set; } = 1;

    public string? LookupKey { get; set; }

    public string? Nickname { get; set; }

    public bool Active { get; set; } = true;
}
