using System.Text.Json;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tests.Stripe;

/// <summary>Stripe's state in memory behind the seam: customers with random lives, the events that tell of them, and the answers to readings.</summary>
internal sealed class FakeStripe : IStripe
{
    private sealed record Sub(string Id, string Customer, DateTimeOffset Created)
    {
        public string Status { get; set; } = "active";
        public Tier Tier { get; set; }
        public DateTimeOffset Start { get; set; }
        public DateTimeOffset? CancelAt { get; set; }
        public DateTimeOffset End => Start.AddMonths(1);
        public bool IsLive => Status is "active" or "past_due";
    }

    private sealed record Bill(string Id, Sub Sub, string Reason, DateTimeOffset Start)
    {
        public bool Paid { get; set; }
        public bool Refunded { get; set; }
    }

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Sub>> _subs = [];
    private readonly Dictionary<string, List<Bill>> _bills = [];
    private readonly List<(string Id, string Type, string Customer, DateTimeOffset At)> _events = [];
    private int _ids;

    /// <summary>One random thing happens to a customer; returns the events that Stripe sends of it.</summary>
    public IReadOnlyList<JsonElement> Live(string customer, Random random, DateTimeOffset now)
    {
        lock (_gate)
        {
            var before = _events.Count;
            var subs = _subs.TryGetValue(customer, out var known) ? known : _subs[customer] = [];
            var bills = _bills.TryGetValue(customer, out var old) ? old : _bills[customer] = [];
            if (subs.Find(s => s.IsLive) is { } sub)
                Change(sub, bills, random.Next(9), random);
            else
                Begin(customer, subs, bills, random, now);
            return [.. _events.Skip(before).Select(e => EventJson(e.Id, e.Type, e.Customer, e.At))];
        }
    }

    /// <summary>What the customer is entitled to, said by Stripe's own books: tier, until when, and the start of the period that is paid.</summary>
    public (Tier Tier, DateTimeOffset? Until, DateTimeOffset? Period) Truth(string customer)
    {
        lock (_gate)
        {
            if (_subs.GetValueOrDefault(customer)?.Find(s => s.IsLive) is not { } sub)
                return (Tier.Free, null, null);
            var paid = _bills[customer].Where(b => b.Sub == sub && b.Reason != "subscription_update" && b.Paid).MaxBy(b => b.Start)!;
            if (paid.Refunded)
                return (Tier.Free, null, null);
            DateTimeOffset? grace = sub.Status == "past_due" ? sub.Start.AddHours(1).AddDays(7) : null;
            var until = grace is null || sub.CancelAt < grace ? sub.CancelAt ?? grace : grace;
            return (sub.Tier, until, paid.Start);
        }
    }

    public Task<JsonElement> SendAsync(HttpMethod method, string path, StripeForm form, string? idempotencyKey, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var asked = form.ToDictionary(f => f.Key, f => f.Value);
            var customer = asked.GetValueOrDefault("customer") ?? "";
            object[] data = path switch
            {
                "/v1/subscriptions" => [.. _subs.GetValueOrDefault(customer, []).Select(SubJson)],
                "/v1/invoices" => [.. _bills.GetValueOrDefault(customer, []).Select(BillJson)],
                "/v1/charges" => [.. _bills.GetValueOrDefault(customer, []).Where(b => b.Paid).Select(b => new
                {
                    id = $"ch_{b.Id}", payment_intent = $"pi_{b.Id}", amount_refunded = b.Refunded ? 999 : 0, disputed = false,
                })],
                "/v1/invoice_payments" => [new { invoice = asked["payment[payment_intent]"][3..] }],
                "/v1/events" => [.. _events.Where(e => e.At.ToUnixTimeSeconds() >= long.Parse(asked["created[gte]"])).Select(e => EventJson(e.Id, e.Type, e.Customer, e.At))],
                _ => throw new InvalidOperationException($"{method} {path} is not part of this."),
            };
            return Task.FromResult(JsonSerializer.SerializeToElement(new { @object = "list", has_more = false, data }));
        }
    }

    private void Begin(string customer, List<Sub> subs, List<Bill> bills, Random random, DateTimeOffset now)
    {
        var sub = new Sub($"sub_{++_ids}", customer, now) { Tier = (Tier)random.Next(1, 4), Start = now };
        subs.Add(sub);
        bills.Add(new Bill($"in_{++_ids}", sub, "subscription_create", sub.Start) { Paid = true });
        Tell(customer, now, "customer.subscription.created", "invoice.paid", "customer.subscription.updated", "checkout.session.completed");
    }

    private void Change(Sub sub, List<Bill> bills, int what, Random random)
    {
        var at = sub.Start;
        switch (what)
        {
            case 0 or 1 when sub.Status == "active":
                sub.Start = sub.End;
                bills.Add(new Bill($"in_{++_ids}", sub, "subscription_cycle", sub.Start) { Paid = what == 0 });
                sub.Status = what == 0 ? "active" : "past_due";
                Tell(sub.Customer, at, "invoice.created", what == 0 ? "invoice.paid" : "invoice.payment_failed", "customer.subscription.updated");
                break;
            case 2 or 3 when sub.Status == "past_due":
                bills.Last(b => b.Sub == sub && !b.Paid).Paid = true;
                sub.Status = "active";
                Tell(sub.Customer, at, "invoice.paid", "customer.subscription.updated");
                break;
            case 4:
                sub.Status = random.Next(2) == 0 ? "canceled" : "unpaid";
                Tell(sub.Customer, at, sub.Status == "canceled" ? "customer.subscription.deleted" : "customer.subscription.updated");
                break;
            case 5 when sub.Status == "active":
                sub.Tier = (Tier)random.Next(1, 4);
                bills.Add(new Bill($"in_{++_ids}", sub, "subscription_update", sub.Start.AddDays(3)) { Paid = true });
                Tell(sub.Customer, at, "invoice.paid", "customer.subscription.updated");
                break;
            case 6:
                bills.Last(b => b.Sub == sub && b.Paid && b.Reason != "subscription_update").Refunded = true;
                Tell(sub.Customer, at, "charge.refunded");
                break;
            case 7:
                sub.CancelAt = sub.CancelAt is null ? sub.End : null;
                Tell(sub.Customer, at, "customer.subscription.updated");
                break;
        }
    }

    private void Tell(string customer, DateTimeOffset at, params string[] types) => _events.AddRange(types.Select(type => ($"evt_{++_ids}", type, customer, at)));

    private static JsonElement EventJson(string id, string type, string customer, DateTimeOffset at) => JsonSerializer.SerializeToElement(
        new { id, @object = "event", type, created = at.ToUnixTimeSeconds(), livemode = false, data = new { @object = new { @object = "subscription", customer } } });

    private static object SubJson(Sub sub) => new
    {
        id = sub.Id,
        status = sub.Status,
        created = sub.Created.ToUnixTimeSeconds(),
        cancel_at = sub.CancelAt?.ToUnixTimeSeconds(),
        cancel_at_period_end = sub.CancelAt is not null,
        items = new
        {
            data = new[]
            {
                new
                {
                    id = $"si_{sub.Id}",
                    current_period_start = sub.Start.ToUnixTimeSeconds(),
                    current_period_end = sub.End.ToUnixTimeSeconds(),
                    price = new { id = $"price_{sub.Tier}", lookup_key = PriceBook.LookupKey(sub.Tier) },
                },
            },
        },
    };

    private static object BillJson(Bill bill) => new
    {
        id = bill.Id,
        status = bill.Paid ? "paid" : "open",
        attempted = true,
        billing_reason = bill.Reason,
        amount_due = 999,
        amount_paid = bill.Paid ? 999 : 0,
        currency = "usd",
        created = bill.Start.ToUnixTimeSeconds(),
        parent = new { subscription_details = new { subscription = bill.Sub.Id } },
        status_transitions = new { finalized_at = bill.Start.AddHours(1).ToUnixTimeSeconds() },
        lines = new
        {
            data = new[]
            {
                new
                {
                    period = new { start = bill.Start.ToUnixTimeSeconds(), end = bill.Start.AddMonths(1).ToUnixTimeSeconds() },
                    parent = new { subscription_item_details = new { proration = bill.Reason == "subscription_update" } },
                },
            },
        },
    };
}
