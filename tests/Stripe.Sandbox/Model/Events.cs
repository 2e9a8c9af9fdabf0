using System.Text.Json.Nodes;

namespace Son1kVers3.Stripe.Sandbox.Model;

internal sealed class StripeEvent : Resource
{
    public required string Type { get; set; }

    /// <summary>The object as it was when the event happened.</summary>
    public required JsonObject Object { get; set; }

    public JsonObject? Previous { get; set; }

    public string? RequestId { get; set; }

    public string? IdempotencyKey { get; set; }

    public List<Delivery> Deliveries { get; set; } = [];

    public int PendingWebhooks => Deliveries.Count(delivery => delivery.State != DeliveryState.Delivered);
}

internal enum DeliveryState
{
    Pending,
    Held,
    Delivered,

    /// <summary>Given up: dropped by an injected fault, or refused for longer than Stripe retries.</summary>
    Failed,
}

/// <summary>The way of one event to one endpoint.</summary>
internal sealed class Delivery
{
    public required string Endpoint { get; set; }

    public DeliveryState State { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset NotBefore { get; set; }

    public DateTimeOffset FirstDue { get; set; }

    /// <summary>How many more times it is sent although it was already accepted.</summary>
    public int Repeats { get; set; }
}

internal sealed class WebhookEndpoint : Resource
{
    public required string Url { get; set; }

    public required string Secret { get; set; }

    public List<string> EnabledEvents { get; set; } = ["*"];

    public string? Description { get; set; }

    public bool Disabled { get; set; }
}

internal sealed class TestClock : Resource
{
    public long FrozenTime { get; set; }

    public string? Name { get; set; }

    public string Status { get; set; } = "ready";
}
