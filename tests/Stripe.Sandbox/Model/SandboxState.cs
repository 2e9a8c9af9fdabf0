using System.Text.Json.Nodes;

namespace Son1kVers3.Stripe.Sandbox.Model;

/// <summary>Everything the sandbox knows, by id. Serialised as it is into the data file.</summary>
internal sealed class SandboxState
{
    public long Ordinal { get; set; }

    /// <summary>Seconds by which the sandbox runs ahead of the real clock, for objects without a test clock.</summary>
    public long ClockOffset { get; set; }

    public Dictionary<string, Product> Products { get; set; } = [];

    public Dictionary<string, Price> Prices { get; set; } = [];

    public Dictionary<string, Customer> Customers { get; set; } = [];

    public Dictionary<string, PaymentMethod> PaymentMethods { get; set; } = [];

    public Dictionary<string, CheckoutSession> Sessions { get; set; } = [];

    public Dictionary<string, Subscription> Subscriptions { get; set; } = [];

    public Dictionary<string, SubscriptionSchedule> Schedules { get; set; } = [];

    public Dictionary<string, Invoice> Invoices { get; set; } = [];

    public Dictionary<string, InvoicePayment> InvoicePayments { get; set; } = [];

    public Dictionary<string, PaymentIntent> PaymentIntents { get; set; } = [];

    public Dictionary<string, Charge> Charges { get; set; } = [];

    public Dictionary<string, Refund> Refunds { get; set; } = [];

    public Dictionary<string, Dispute> Disputes { get; set; } = [];

    public Dictionary<string, TestClock> TestClocks { get; set; } = [];

    public Dictionary<string, WebhookEndpoint> Endpoints { get; set; } = [];

    public Dictionary<string, StripeEvent> Events { get; set; } = [];

    public Dictionary<string, PortalConfiguration> PortalConfigurations { get; set; } = [];

    public Dictionary<string, PortalSession> PortalSessions { get; set; } = [];

    public Dictionary<string, SavedAnswer> Answers { get; set; } = [];

    /// <summary>The last snapshot told in an event, by object id: what <c>previous_attributes</c> compares with.</summary>
    public Dictionary<string, JsonObject> Snapshots { get; set; } = [];
}
