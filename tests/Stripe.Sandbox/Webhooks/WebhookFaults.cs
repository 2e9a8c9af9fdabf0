using System.Text.Json.Serialization;
using Son1kVers3.Stripe.Sandbox.Events;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Webhooks;

/// <summary>What goes wrong with a delivery.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WebhookFaultKind>))]
internal enum WebhookFaultKind
{
    /// <summary>Sent later.</summary>
    Delay,

    /// <summary>Sent twice.</summary>
    Duplicate,

    /// <summary>Sent at a random moment within the delay, so that later events overtake it.</summary>
    Shuffle,

    /// <summary>Never sent; only the list of events shows it.</summary>
    Drop,
}

/// <param name="Types">Event types it meets, with <c>invoice.*</c> as prefix; all when null.</param>
/// <param name="Times">How many events it meets.</param>
/// <param name="Seed">Makes a shuffle repeatable.</param>
internal sealed record WebhookFault(WebhookFaultKind Kind, string[]? Types = null, int Times = 1, int DelayMs = 500, int Seed = 1);

/// <summary>The faults that wait for their events. Used with the world's lock held.</summary>
internal sealed class WebhookFaults
{
    private sealed class Rule(WebhookFault fault)
    {
        public WebhookFault Fault => fault;

        public int Left { get; set; } = fault.Times;

        public Random Random { get; } = new(fault.Seed);
    }

    private readonly List<Rule> _rules = [];

    public bool IsHeld { get; set; }

    public void Add(WebhookFault fault) => _rules.Add(new Rule(fault));

    public void Clear() => _rules.Clear();

    /// <summary>Lets every waiting fault that fits act on a new event's deliveries.</summary>
    public void Apply(StripeEvent happened)
    {
        foreach (var rule in _rules.Where(r => r.Fault.Types is null || r.Fault.Types.Any(type => EventApi.Matches(type, happened.Type))).ToArray())
        {
            if (--rule.Left <= 0)
            {
                _rules.Remove(rule);
            }

            foreach (var delivery in happened.Deliveries)
            {
                Apply(rule, delivery);
            }
        }
    }

    private static void Apply(Rule rule, Delivery delivery)
    {
        switch (rule.Fault.Kind)
        {
            case WebhookFaultKind.Delay:
                delivery.NotBefore += TimeSpan.FromMilliseconds(rule.Fault.DelayMs);
                break;
            case WebhookFaultKind.Shuffle:
                delivery.NotBefore += TimeSpan.FromMilliseconds(rule.Random.Next(rule.Fault.DelayMs));
                break;
            case WebhookFaultKind.Duplicate:
                delivery.Repeats++;
                break;
            case WebhookFaultKind.Drop:
                delivery.State = DeliveryState.Failed;
                break;
        }
    }
}
