using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Billing.Tests.Payments;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Money;

/// <summary>Where two things happen to the same money.</summary>
public partial class MoneyTests
{
    [Fact]
    public async Task LatePeriod_WhenACheaperSubscriptionRunsBesideIt_HandsOverToItAtItsEnd()
    {
        var (user, invoice, end) = await DunnedAsync();
        await stripe.ControlAsync("cards", new { customer = await CustomerAsync(user), outcome = "Succeeds" });
        await stripe.PostAsync($"/v1/invoices/{invoice}/pay");
        await stripe.TierBecomesAsync(user, Tier.Pro);
        await stripe.PayAsync(await stripe.CheckoutAsync(user, Tier.Creator));
        await stripe.QuietAsync();
        Assert.Equal("PRO", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());

        await stripe.TravelAsync(end - stripe.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        await stripe.ReconcileAsync();

        var limits = await stripe.LimitsAsync(user);
        Assert.Equal(("CREATOR", 50), (limits.GetProperty("tier").GetString(), Int(limits, "remaining")));
        Assert.Equal("active", (await stripe.SubscriptionAsync(user)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task SurplusSubscription_WhenItIsAnOldOneThatFails_KeepsTheMoneyOfItsPast()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        var (customer, first) = await stripe.AtStripeAsync(user);
        await stripe.TravelAsync(TimeSpan.FromDays(32));
        await stripe.QuietAsync();
        await stripe.ControlAsync("cards", new { customer, outcome = "Declines" });
        await stripe.TravelAsync(TimeSpan.FromDays(32));
        await Eventually.PassesAsync(
            async () => Assert.Equal("past_due", (await stripe.SubscriptionAsync(user)).GetProperty("status").GetString()));
        await stripe.ControlAsync("cards", new { customer, outcome = "Succeeds" });

        var price = first[0].GetProperty("items").GetProperty("data")[0].GetProperty("price").GetProperty("id").GetString()!;
        await stripe.PostAsync("/v1/subscriptions", ("customer", customer), ("items[0][price]", price));

        await Eventually.PassesAsync(async () => Assert.Equal(
            ["active", "canceled"], (await stripe.AtStripeAsync(user)).Subscriptions.Select(s => s.GetProperty("status").GetString())));
        await stripe.QuietAsync();
        var charges = (await stripe.GetAsync($"/v1/charges?customer={customer}")).GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(
            (3, 0L),
            (charges.Count(c => c.GetProperty("paid").GetBoolean()), charges.Sum(c => c.GetProperty("amount_refunded").GetInt64())));
        Assert.Equal("CREATOR", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
    }

    [Fact]
    public async Task Checkout_WhenPaidByAMemberWhoLeft_EndsAndIsRefunded()
    {
        var user = Guid.CreateVersion7();
        var session = await stripe.CheckoutAsync(user, Tier.Creator);
        await stripe.App.PublishAsync(new UserDeleted { EventId = Guid.CreateVersion7(), UserId = user, Sequence = 2 });
        await Eventually.PassesAsync(
            async () =>
                Assert.Equal(
                    1, await stripe.CountAsync("SELECT count(*) FROM accounts WHERE user_id = $1 AND deleted_at IS NOT NULL", user)));
        stripe.Clock.Advance(TimeSpan.FromMinutes(1));

        await stripe.PayAsync(session);
        await stripe.QuietAsync();
        await stripe.ReconcileAsync();

        var (customer, subscriptions) = await stripe.AtStripeAsync(user);
        Assert.Equal("canceled", subscriptions[0].GetProperty("status").GetString());
        Assert.Equal(
            999, (await stripe.GetAsync($"/v1/charges?customer={customer}")).GetProperty("data")[0].GetProperty("amount_refunded")
                .GetInt64());
        await stripe.QuietAsync();
        Assert.Equal(999, await stripe.CountAsync("SELECT sum(refunded_cents_published) FROM invoices WHERE user_id = $1", user));
    }

    [Fact]
    public async Task Customer_WhenDeletedBetweenCheckoutAndItsWebhook_IsFree_AndCanBuyAgain()
    {
        var user = Guid.CreateVersion7();
        var session = await stripe.CheckoutAsync(user, Tier.Creator);
        await stripe.ControlAsync("webhooks/hold");
        await stripe.PayAsync(session);
        var (customer, _) = await stripe.AtStripeAsync(user);
        (await stripe.Stripe.DeleteAsync($"/v1/customers/{customer}")).EnsureSuccessStatusCode();

        await stripe.ControlAsync("webhooks/release?order=shuffled&seed=7");

        await stripe.QuietAsync();
        Assert.Equal("FREE", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
        await stripe.PayAsync(await stripe.CheckoutAsync(user, Tier.Creator));
        await stripe.TierBecomesAsync(user, Tier.Creator);
    }

    [Fact]
    public async Task Undo_WhenThePortalSwitchedUpUnheard_SwitchesNothingBack()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        var (_, subscriptions) = await stripe.AtStripeAsync(user);
        var (id, item) = (subscriptions[0].GetProperty("id").GetString(), subscriptions[0].GetProperty("items").GetProperty("data")[0]);
        await stripe.SubscribeAsync(Tier.Pro);
        await stripe.QuietAsync();
        await stripe.ControlAsync("webhooks/faults", new { kind = "Drop", times = 100 });
        await stripe.PostAsync(
            $"/v1/subscriptions/{id}", ("items[0][id]", item.GetProperty("id").GetString()!), ("items[0][price]", await PriceAsync(2999)),
            ("proration_behavior", "always_invoice"));
        await stripe.ClearFaultsAsync();

        var view = await stripe.SwitchAsync(user, new { cancelAtPeriodEnd = false });

        Assert.Equal(("PRO", JsonValueKind.Null), (view.GetProperty("tier").GetString(), view.GetProperty("pending").ValueKind));
        Assert.Equal("PRO", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
    }

    [Fact]
    public async Task Renewal_WhenItsBillIsWrittenOff_KeepsTheTierSevenDays()
    {
        var user = await stripe.SubscribeAsync(Tier.Pro);
        var customer = await CustomerAsync(user);
        await stripe.ControlAsync("cards", new { customer, outcome = "Declines" });
        var end = (await stripe.LimitsAsync(user)).GetProperty("resetAt").GetDateTimeOffset();
        await stripe.TravelAsync(end - stripe.Clock.GetUtcNow() + TimeSpan.FromHours(2));
        await Eventually.PassesAsync(
            async () => Assert.Equal("past_due", (await stripe.SubscriptionAsync(user)).GetProperty("status").GetString()));
        var open = (await stripe.GetAsync($"/v1/invoices?customer={customer}&status=open")).GetProperty("data")[0].GetProperty("id")
            .GetString();

        await stripe.PostAsync($"/v1/invoices/{open}/mark_uncollectible");

        await Eventually.PassesAsync(
            async () => Assert.Equal("active", (await stripe.SubscriptionAsync(user)).GetProperty("status").GetString()));
        await stripe.QuietAsync();
        Assert.Equal("PRO", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
        await stripe.TravelAsync(TimeSpan.FromDays(7));
        Assert.Equal("FREE", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
    }

    [Fact]
    public async Task Upgrade_InTheDraftHour_ThenRefunded_Dunned_AndPaidLate_LeavesWhatWasKept()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        var customer = await CustomerAsync(user);
        await stripe.GenerateAsync(user, 3);
        var end = (await stripe.LimitsAsync(user)).GetProperty("resetAt").GetDateTimeOffset();
        await stripe.TravelAsync(end - stripe.Clock.GetUtcNow() + TimeSpan.FromMinutes(5));
        await stripe.SwitchAsync(user, new { tier = "STUDIO" });
        await stripe.TierBecomesAsync(user, Tier.Studio);
        await stripe.GenerateAsync(user, 4);

        await stripe.PostAsync("/v1/refunds", ("charge", (await ChargesAsync(user))[0]));
        await stripe.TierBecomesAsync(user, Tier.Creator);
        Assert.Equal(3, Int(await stripe.LimitsAsync(user), "used"));
        await stripe.ControlAsync("cards", new { customer, outcome = "Declines" });
        await stripe.TravelAsync(TimeSpan.FromHours(2));
        await stripe.TravelAsync(TimeSpan.FromDays(21));
        await stripe.TierBecomesAsync(user, Tier.Free);
        var open = (await stripe.GetAsync($"/v1/invoices?customer={customer}&status=open")).GetProperty("data")[0].GetProperty("id")
            .GetString();
        await stripe.ControlAsync("cards", new { customer, outcome = "Succeeds" });
        await stripe.TravelAsync(TimeSpan.FromMinutes(1));
        await stripe.PostAsync($"/v1/invoices/{open}/pay");
        using var again = await stripe.Stripe.PostAsync($"/v1/invoices/{open}/pay", null);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, again.StatusCode);
        await stripe.TierBecomesAsync(user, Tier.Creator);
        await stripe.QuietAsync();
        var limits = await stripe.LimitsAsync(user);
        Assert.Equal((50, 4), (Int(limits, "limit"), Int(limits, "used")));
        var returned = await stripe.CountAsync("SELECT sum(refunded_cents_published) FROM invoices WHERE user_id = $1", user);
        Assert.Equal(1998, await stripe.CountAsync("SELECT sum(amount_paid) FROM invoices WHERE user_id = $1", user) - returned);
    }

    [Fact]
    public async Task Money_WhenPartlyRefundedThenDisputedThenWon_ComesAndGoesWithIt()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        var charge = (await ChargesAsync(user))[0];
        await stripe.PostAsync("/v1/refunds", ("charge", charge), ("amount", "400"));
        await stripe.QuietAsync();
        Assert.Equal("CREATOR", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());

        var dispute = await stripe.ControlAsync("disputes", new { charge, amount = 599 });
        await stripe.TierBecomesAsync(user, Tier.Free);
        await stripe.ControlAsync($"disputes/{dispute.GetProperty("id").GetString()}/close", new { status = "won" });
        await stripe.TierBecomesAsync(user, Tier.Creator);

        await stripe.QuietAsync();
        Assert.Equal(400, await stripe.CountAsync("SELECT refunded_cents_published FROM invoices WHERE user_id = $1", user));
    }

    [Fact]
    public async Task Endpoints_WhenTwoAtStripeLeadHere_EachEventCountsOnce()
    {
        var failed = (await stripe.GetAsync("/_sandbox/webhooks")).GetProperty("failed").GetInt32();
        var url = new Uri(stripe.App.Address, "/api/tiers/webhook").ToString();
        var second = await stripe.ControlAsync("webhooks/endpoints", new { url, secret = StripeApp.SecondSecret });
        await using var others = await TestBus.StartAsync(stripe.App.Broker, (bus, endpoint) => bus.Hear<InvoicePaid>(endpoint));

        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.QuietAsync();
        (await stripe.Stripe.DeleteAsync($"/v1/webhook_endpoints/{second.GetProperty("id").GetString()}")).EnsureSuccessStatusCode();

        await Eventually.PassesAsync(() => Assert.Single(others.Heard<InvoicePaid>(), e => e.UserId == user));
        Assert.Equal(failed, (await stripe.GetAsync("/_sandbox/webhooks")).GetProperty("failed").GetInt32());
        Assert.Equal(999, await stripe.CountAsync("SELECT sum(amount_paid) FROM invoices WHERE user_id = $1", user));
    }

    [Fact]
    public async Task Reconciler_WhenTheClockRanAheadAndCameBack_StillSees()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.QuietAsync();
        await using (var ahead = stripe.App.Database.CreateCommand(
            "WITH c AS (UPDATE stripe_cursors SET seen_until = $1) UPDATE stripe_customers SET synced_at = $1 WHERE user_id = $2"))
        {
            ahead.Parameters.AddWithValue(stripe.Clock.GetUtcNow().AddDays(3));
            ahead.Parameters.AddWithValue(user);
            await ahead.ExecuteNonQueryAsync();
        }

        await stripe.ControlAsync("webhooks/faults", new { kind = "Drop", times = 100 });
        var (_, subscriptions) = await stripe.AtStripeAsync(user);
        await stripe.Stripe.DeleteAsync($"/v1/subscriptions/{subscriptions[0].GetProperty("id").GetString()}");
        await stripe.ClearFaultsAsync();

        await stripe.ReconcileAsync();

        Assert.Equal("FREE", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
    }

    private async Task<string> PriceAsync(long cents) =>
        (await stripe.GetAsync("/v1/prices?active=true&limit=100")).GetProperty("data").EnumerateArray()
        .First(p => p.GetProperty("unit_amount").GetInt64() == cents).GetProperty("id").GetString()!;
}
