using System.Net;
using System.Text;
using System.Text.Json;
using System.Web;
using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Billing.Tests.Money;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tests.Payments;

/// <summary>Stripe in memory behind Stripe.net: customers with random lives, the events that tell of them, and the answers to
/// readings.</summary>
internal sealed class FakeStripe : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Life> _lives = [];
    private readonly List<(string Id, string Customer, DateTimeOffset At)> _events = [];

    /// <summary>One random thing happens to a customer; returns the events that Stripe sends of it: their words don't matter.</summary>
    public IReadOnlyList<string> Live(string customer, Random random, DateTimeOffset now)
    {
        lock (_gate)
        {
            var life = _lives.TryGetValue(customer, out var known) ? known : _lives[customer] = new Life(customer);
            for (var tries = 0; tries < 10; tries++)
            {
                if (life.Do(new LifeStep(random.Next(Life.Kinds), random.Next(8))))
                    break;
            }

            var sent = Enumerable.Range(0, random.Next(1, 4)).Select(_ => ($"evt_{Guid.NewGuid():N}", customer, now)).ToList();
            _events.AddRange(sent);
            return [.. sent.Select(e => JsonSerializer.Serialize(EventJson(e.Item1, customer, now)))];
        }
    }

    /// <summary>What the customer is entitled to, said by the life's own books.</summary>
    public Truth Truth(string customer)
    {
        lock (_gate)
            return _lives.TryGetValue(customer, out var life) ? Money.Truth.Of(life) : new Truth(Tier.Free, null, null, 0);
    }

    /// <summary>The instant that the customer has come to.</summary>
    public DateTimeOffset NowOf(string customer)
    {
        lock (_gate)
            return _lives.TryGetValue(customer, out var life) ? life.Now : default;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        var path = request.RequestUri.AbsolutePath;
        lock (_gate)
        {
            if (Of(asked) is { IsGone: true })
                return Answer(
                    HttpStatusCode.BadRequest,
                    new
                    {
                        error = new
                        {
                            type = "invalid_request_error",
                            code = "resource_missing",
                            param = "customer",
                            message = "No such customer"
                        }
                    });
            object answer = path switch
            {
                "/v1/subscriptions" => List(Of(asked)?.Subscriptions.Select(Json)),
                "/v1/invoices" => List(Of(asked)?.Bills.Select(Json)),
                "/v1/charges" => List(Of(asked)?.Bills.Where(b => b.Status == InvoiceStatus.Paid).Select(ChargeJson)),
                "/v1/invoice_payments" =>
                    List([new { id = "inpay_1", @object = "invoice_payment", invoice = asked["payment[payment_intent]"]![3..] }]),
                "/v1/disputes" =>
                    List(_lives.Values.SelectMany(l => l.Bills).First(b => $"ch_{b.Id}" == asked["charge"]).Disputes.Select(DisputeJson)),
                "/v1/events" =>
                    List(_events.Where(e => e.At.ToUnixTimeSeconds() >= long.Parse(asked["created[gte]"]!))
                        .Select(e => EventJson(e.Id, e.Customer, e.At))),
                _ when path.StartsWith("/v1/prices/", StringComparison.Ordinal) =>
                    PriceJson(Enum.Parse<Tier>(path["/v1/prices/price_".Length..])),
                _ when request.Method != HttpMethod.Get => new { id = path, @object = "subscription" },
                _ => throw new InvalidOperationException($"{request.Method} {path} is not part of this."),
            };
            return Answer(HttpStatusCode.OK, answer);
        }
    }

    private static Task<HttpResponseMessage> Answer(HttpStatusCode status, object answer) => Task.FromResult(new HttpResponseMessage(status)
    {
        Content = new StringContent(JsonSerializer.Serialize(answer), Encoding.UTF8, "application/json"),
    });

    private Life? Of(System.Collections.Specialized.NameValueCollection asked) => _lives.GetValueOrDefault(asked["customer"] ?? "");

    private static object List(IEnumerable<object>? data) => new { @object = "list", has_more = false, data = data ?? [] };

    private static object EventJson(string id, string customer, DateTimeOffset at) => new
    {
        id,
        @object = "event",
        api_version = global::Stripe.StripeConfiguration.ApiVersion,
        type = "customer.subscription.updated",
        created = at.ToUnixTimeSeconds(),
        livemode = false,
        data = new { @object = new { id = "sub_of_the_event", @object = "subscription", customer } },
    };

    private static object PriceJson(Tier tier) => new { id = $"price_{tier}", @object = "price", lookup_key = PriceBook.LookupKey(tier) };

    private static object Json(LifeSubscription subscription) => new
    {
        id = subscription.Id,
        @object = "subscription",
        status = subscription.Status.ToWord(),
        created = subscription.Created.ToUnixTimeSeconds(),
        cancel_at = subscription.CancelAt?.ToUnixTimeSeconds(),
        cancel_at_period_end = subscription.CancelAt is not null,
        ended_at = subscription.EndedAt?.ToUnixTimeSeconds(),
        items = List([ItemJson(subscription, subscription.Tier)]),
        pending_update = subscription.Pending is { } bill
            ? new
            {
                expires_at = bill.Created.AddHours(23)
                .ToUnixTimeSeconds(),
                subscription_items = new[] { ItemJson(subscription, bill.To) }
            }
            : null,
    };

    private static object ItemJson(LifeSubscription subscription, Tier tier) => new
    {
        id = $"si_{subscription.Id}",
        @object = "subscription_item",
        current_period_start = subscription.Start.ToUnixTimeSeconds(),
        current_period_end = subscription.End.ToUnixTimeSeconds(),
        price = PriceJson(tier),
    };

    private static object Json(LifeBill bill) => new
    {
        id = bill.Id,
        @object = "invoice",
        status = bill.Status.ToWord(),
        attempted = bill.Attempted,
        billing_reason = LifeStates.Reason(bill).ToWord(),
        amount_due = bill.Amount,
        amount_paid = bill.PaidAt is null ? 0 : bill.Amount,
        currency = "usd",
        created = bill.Created.ToUnixTimeSeconds(),
        parent = new { subscription_details = new { subscription = bill.Subscription.Id } },
        status_transitions = new { finalized_at = bill.Finalized?.ToUnixTimeSeconds(), paid_at = bill.PaidAt?.ToUnixTimeSeconds() },
        lines = List(LifeStates.Lines(bill).Select(line => new
        {
            id = "il_1",
            @object = "line_item",
            amount = line.AmountCents,
            period = new { start = line.Period.Start.ToUnixTimeSeconds(), end = line.Period.End.ToUnixTimeSeconds() },
            parent = new { subscription_item_details = new { proration = line.IsProration } },
            pricing = new { price_details = new { price = $"price_{line.Tier}" } },
        })),
    };

    private static object ChargeJson(LifeBill bill) => new
    {
        id = $"ch_{bill.Id}",
        @object = "charge",
        payment_intent = $"pi_{bill.Id}",
        amount_refunded = bill.Refunded,
        disputed = bill.Disputes.Count > 0,
    };

    private static object DisputeJson((long Amount, DisputeStatus Status) dispute) =>
        new { id = "dp_1", @object = "dispute", amount = dispute.Amount, status = dispute.Status.ToWord() };
}
