using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Son1kVers3.Billing.Tests.Payments;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Money;

/// <summary>What was paid, and not given back, decides what a member has: each case cost somebody real money.</summary>
[Trait("Category", "Integration")]
public partial class MoneyTests(StripeApp stripe) : IClassFixture<StripeApp>
{
    [Fact]
    public async Task Customer_WhenDeletedAtStripe_IsFree_AndCanBuyAgain()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.QuietAsync();
        var (customer, _) = await stripe.AtStripeAsync(user);

        (await stripe.Stripe.DeleteAsync($"/v1/customers/{customer}")).EnsureSuccessStatusCode();

        await stripe.TierBecomesAsync(user, Tier.Free);
        await stripe.PayAsync(await stripe.CheckoutAsync(user, Tier.Pro));
        await stripe.TierBecomesAsync(user, Tier.Pro);
        Assert.NotEqual(customer, (await stripe.AtStripeAsync(user)).Customer);
    }

    [Fact]
    public async Task Checkout_WhenNoEventToldOfTheDeletedCustomer_IsHealed()
    {
        var user = Guid.CreateVersion7();
        await stripe.CheckoutAsync(user, Tier.Creator);
        var (customer, _) = await stripe.AtStripeAsync(user);
        await stripe.ControlAsync("webhooks/faults", new { kind = "Drop", times = 100 });
        (await stripe.Stripe.DeleteAsync($"/v1/customers/{customer}")).EnsureSuccessStatusCode();
        await stripe.ClearFaultsAsync();

        await stripe.PayAsync(await stripe.CheckoutAsync(user, Tier.Creator));

        await stripe.TierBecomesAsync(user, Tier.Creator);
    }

    [Fact]
    public async Task Checkout_WhenThePriceWasArchived_IsHealed()
    {
        var session = await stripe.CheckoutAsync(Guid.CreateVersion7(), Tier.Studio);
        var items = await stripe.GetAsync($"/v1/checkout/sessions/{session}/line_items");
        await stripe.PostAsync(
            $"/v1/prices/{items.GetProperty("data")[0].GetProperty("price").GetProperty("id").GetString()}", ("active", "false"));

        await stripe.SubscribeAsync(Tier.Studio);
    }

    [Theory]
    [InlineData("refund")]
    [InlineData("dispute")]
    public async Task Upgrade_WhenItsMoneyGoesBack_LeavesWhatIsStillPaidFor(string how)
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.SwitchAsync(user, new { tier = "STUDIO" });
        await stripe.TierBecomesAsync(user, Tier.Studio);
        var upgrade = (await ChargesAsync(user))[0];

        if (how == "refund")
            await stripe.PostAsync("/v1/refunds", ("charge", upgrade));
        else
            await stripe.ControlAsync("disputes", new { charge = upgrade });

        await stripe.TierBecomesAsync(user, Tier.Creator);
        Assert.Equal(50, Int(await stripe.LimitsAsync(user), "limit"));
    }

    [Fact]
    public async Task Base_WhenPartOfItIsDisputed_StaysPaidFor()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.SwitchAsync(user, new { tier = "STUDIO" });

        await stripe.ControlAsync("disputes", new { charge = (await ChargesAsync(user))[1], amount = 400 });

        await stripe.QuietAsync();
        Assert.Equal("STUDIO", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
        Assert.Equal(400, await stripe.CountAsync("SELECT sum(disputed_cents) FROM invoices WHERE user_id = $1", user));
    }

    [Fact]
    public async Task Upgrade_WhenInTheDraftHour_DrawsFromThePeriodThatItPaid()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.GenerateAsync(user, 3);
        var first = (await stripe.LimitsAsync(user)).GetProperty("resetAt").GetDateTimeOffset();
        await stripe.TravelAsync(first - stripe.Clock.GetUtcNow() + TimeSpan.FromMinutes(5));
        await stripe.QuietAsync();
        await stripe.GenerateAsync(user, 2);

        await stripe.SwitchAsync(user, new { tier = "STUDIO" });
        await stripe.TierBecomesAsync(user, Tier.Studio);
        await stripe.GenerateAsync(user, 4);
        await stripe.TravelAsync(TimeSpan.FromHours(2));
        await stripe.QuietAsync();

        var limits = await stripe.LimitsAsync(user);
        Assert.Equal((1000, 4), (Int(limits, "limit"), Int(limits, "used")));
        Assert.Equal(2, await stripe.CountAsync("SELECT count(*) FROM buckets WHERE user_id = $1 AND allowance = 1", user));
    }

    [Fact]
    public async Task Invoice_WhenPaidAfterDunningEndedTheSubscription_BuysItsPeriod()
    {
        var (user, invoice, end) = await DunnedAsync();

        await stripe.ControlAsync("cards", new { customer = (await stripe.AtStripeAsync(user)).Customer, outcome = "Succeeds" });
        await stripe.PostAsync($"/v1/invoices/{invoice}/pay");

        await stripe.TierBecomesAsync(user, Tier.Pro);
        Assert.Equal(end, (await stripe.LimitsAsync(user)).GetProperty("resetAt").GetDateTimeOffset());
        await stripe.TravelAsync(end - stripe.Clock.GetUtcNow());
        Assert.Equal("FREE", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
    }

    [Fact]
    public async Task Invoice_WhenItsPeriodIsOverAndItsSubscriptionEnded_CannotBePaidAnyMore()
    {
        var (_, invoice, end) = await DunnedAsync();
        await stripe.TravelAsync(end - stripe.Clock.GetUtcNow() + TimeSpan.FromHours(2));

        await stripe.ReconcileAsync();

        Assert.Equal("void", (await stripe.GetAsync($"/v1/invoices/{invoice}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task PendingUpgrade_WhenUndone_CannotBePaidAnyMore()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        var (customer, _) = await stripe.AtStripeAsync(user);
        await stripe.ControlAsync("cards", new { customer, outcome = "Declines" });
        var switched = await stripe.SwitchAsync(user, new { tier = "STUDIO" });
        Assert.Equal("payment", switched.GetProperty("pending").GetProperty("reason").GetString());
        var open = (await stripe.GetAsync($"/v1/invoices?customer={customer}&status=open")).GetProperty("data")[0].GetProperty("id")
            .GetString();

        var undone = await stripe.SwitchAsync(user, new { tier = "CREATOR" });

        Assert.Equal(JsonValueKind.Null, undone.GetProperty("pending").ValueKind);
        Assert.Equal("void", (await stripe.GetAsync($"/v1/invoices/{open}")).GetProperty("status").GetString());
        await stripe.QuietAsync();
        Assert.Equal(JsonValueKind.Null, (await stripe.SubscriptionAsync(user)).GetProperty("pending").ValueKind);
    }

    [Fact]
    public async Task Renewal_WhenItsInvoiceHasMoreThanTenLines_Refills()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.GenerateAsync(user, 5);
        var (_, subscriptions) = await stripe.AtStripeAsync(user);
        var (subscription, item) =
            (subscriptions[0].GetProperty("id").GetString(), subscriptions[0].GetProperty("items").GetProperty("data")[0]);
        var prices = (await stripe.GetAsync("/v1/prices?active=true&limit=100")).GetProperty("data").EnumerateArray()
            .Where(p => p.GetProperty("unit_amount").GetInt64() is 999 or 2999).Select(p => p.GetProperty("id").GetString()!).ToArray();
        for (var change = 0; change < 6; change++)
        {
            stripe.Clock.Advance(TimeSpan.FromHours(3));
            await stripe.PostAsync(
                $"/v1/subscriptions/{subscription}", ("items[0][id]", item.GetProperty("id").GetString()!),
                ("items[0][price]", prices[change % 2]), ("proration_behavior", "create_prorations"));
        }

        await stripe.PostAsync(
            $"/v1/subscriptions/{subscription}", ("items[0][id]", item.GetProperty("id").GetString()!),
            ("items[0][price]", item.GetProperty("price").GetProperty("id").GetString()!), ("proration_behavior", "none"));
        await stripe.TravelAsync(TimeSpan.FromDays(32));

        await Eventually.PassesAsync(async () =>
        {
            var limits = await stripe.LimitsAsync(user);
            Assert.Equal(("CREATOR", 0), (limits.GetProperty("tier").GetString(), Int(limits, "used")));
        });
        var renewal = (await stripe.GetAsync($"/v1/invoices?subscription={subscription}")).GetProperty("data")[0].GetProperty("lines");
        Assert.Equal((true, 10), (renewal.GetProperty("has_more").GetBoolean(), renewal.GetProperty("data").GetArrayLength()));
    }

    [Fact]
    public async Task SurplusSubscription_WhenEnded_IsRefunded_AndOperatorsAreTold()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        var (customer, first) = await stripe.AtStripeAsync(user);
        var price = first[0].GetProperty("items").GetProperty("data")[0].GetProperty("price").GetProperty("id").GetString()!;
        stripe.Clock.Advance(TimeSpan.FromSeconds(2));

        var second = (await stripe.PostAsync("/v1/subscriptions", ("customer", customer), ("items[0][price]", price))).GetProperty("id")
            .GetString();

        using var operators = stripe.App.ClientOf(Guid.CreateVersion7(), "operator");
        await Eventually.PassesAsync(async () =>
        {
            var notes = (await operators.GetFromJsonAsync<JsonElement>("/api/admin/dashboard")).GetProperty("notes").EnumerateArray()
                .ToArray();
            Assert.Contains(
                notes,
                n => n.GetProperty("userId").GetGuid() == user
                    && n.GetProperty("detail").GetString() == $"{second} ended, 999 cents refunded");
        });
        Assert.Equal([0L, 999L], (await stripe.GetAsync($"/v1/charges?customer={customer}")).GetProperty("data").EnumerateArray()
            .Select(c => c.GetProperty("amount_refunded").GetInt64()).Order());
        Assert.Equal("CREATOR", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
    }

    private async Task<(Guid User, string Invoice, DateTimeOffset PeriodEnd)> DunnedAsync()
    {
        var user = await stripe.SubscribeAsync(Tier.Pro);
        var (customer, _) = await stripe.AtStripeAsync(user);
        await stripe.ControlAsync("cards", new { customer, outcome = "Declines" });
        var end = (await stripe.LimitsAsync(user)).GetProperty("resetAt").GetDateTimeOffset();
        await stripe.TravelAsync(end - stripe.Clock.GetUtcNow() + TimeSpan.FromHours(2));
        await Eventually.PassesAsync(
            async () => Assert.Equal("past_due", (await stripe.SubscriptionAsync(user)).GetProperty("status").GetString()));
        await stripe.TravelAsync(TimeSpan.FromDays(21));
        await Eventually.PassesAsync(
            async () => Assert.Equal("canceled", (await stripe.SubscriptionAsync(user)).GetProperty("status").GetString()));
        Assert.Equal("FREE", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
        var open = (await stripe.GetAsync($"/v1/invoices?customer={customer}&status=open")).GetProperty("data")[0];
        var period = open.GetProperty("lines").GetProperty("data")[0].GetProperty("period").GetProperty("end").GetInt64();
        await stripe.TravelAsync(TimeSpan.FromMinutes(1));
        return (user, open.GetProperty("id").GetString()!, DateTimeOffset.FromUnixTimeSeconds(period));
    }

    /// <summary>Charges of the member, the newest first.</summary>
    private async Task<string[]> ChargesAsync(Guid user)
    {
        var (customer, _) = await stripe.AtStripeAsync(user);
        return [.. (await stripe.GetAsync($"/v1/charges?customer={customer}")).GetProperty("data").EnumerateArray()
            .Select(c => c.GetProperty("id").GetString()!)];
    }

    private static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
