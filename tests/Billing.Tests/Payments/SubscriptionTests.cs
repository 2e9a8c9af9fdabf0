using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Tests.Hosting;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Payments;

[Trait("Category", "Integration")]
public class SubscriptionTests(StripeApp stripe) : IClassFixture<StripeApp>
{
    [Fact]
    public async Task Checkout_WhenPaid_TellsOfTierMoneyAndSubscription()
    {
        await using var others = await TestBus.StartAsync(stripe.App.Broker, (bus, endpoint) =>
        {
            bus.Hear<EntitlementChanged>(endpoint);
            bus.Hear<InvoicePaid>(endpoint);
            bus.Hear<SubscriptionChanged>(endpoint);
        });

        var user = await stripe.SubscribeAsync(Tier.Pro);

        await Eventually.PassesAsync(() =>
        {
            Assert.Equal(
                (Tier.Pro, Allowance.Paid, true),
                others.Heard<EntitlementChanged>().Where(e => e.UserId == user).Select(e => (e.Tier, e.Allowance, e.Stems)).Single());
            Assert.Equal(
                (2999, "subscription_create"),
                others.Heard<InvoicePaid>().Where(e => e.UserId == user).Select(e => ((int)e.AmountCents, e.BillingReason)).Single());
            Assert.Contains(others.Heard<SubscriptionChanged>(), e => e.UserId == user && e.Status == "active");
        });
        using var client = stripe.App.ClientOf(user);
        var invoice = (await client.GetFromJsonAsync<JsonElement>("/api/tiers/invoices")).GetProperty("items").EnumerateArray().Single();
        Assert.Equal(("paid", 2999), (invoice.GetProperty("status").GetString(), invoice.GetProperty("paidCents").GetInt32()));
    }

    [Fact]
    public async Task Cancel_UntilThePeriodEnds_IsVisibleAndUndoable()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        using var client = stripe.App.ClientOf(user);

        using var cancelled = await client.DeleteAsync("/api/tiers/subscription");

        var pending = (await cancelled.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("pending");
        Assert.Equal(("FREE", "cancel"), (pending.GetProperty("tier").GetString(), pending.GetProperty("reason").GetString()));
        Assert.Equal("CREATOR", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
        var undone = await stripe.SwitchAsync(user, new { tier = "CREATOR" });
        Assert.Equal(
            (JsonValueKind.Null, false), (undone.GetProperty("pending").ValueKind, undone.GetProperty("cancelAtPeriodEnd").GetBoolean()));

        using var again = await client.DeleteAsync("/api/tiers/subscription");
        await stripe.TravelAsync(TimeSpan.FromDays(32));
        await stripe.TierBecomesAsync(user, Tier.Free);
        await Eventually.PassesAsync(
            async () => Assert.Equal("canceled", (await stripe.SubscriptionAsync(user)).GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Upgrade_WhenADowngradeIsPending_ReleasesItFirst_AndTheDifferenceIsThereAtOnce()
    {
        var user = await stripe.SubscribeAsync(Tier.Pro);
        await stripe.GenerateAsync(user, 2);
        await stripe.SwitchAsync(user, new { tier = "CREATOR" });

        var upgraded = await stripe.SwitchAsync(user, new { tier = "STUDIO" });

        Assert.Equal(("STUDIO", JsonValueKind.Null), (upgraded.GetProperty("tier").GetString(), upgraded.GetProperty("pending").ValueKind));
        Assert.Equal(998, (await stripe.LimitsAsync(user)).GetProperty("remaining").GetInt32());
    }

    [Fact]
    public async Task Downgrade_WhenTakenBack_LeavesNothingPending()
    {
        var user = await stripe.SubscribeAsync(Tier.Studio);
        await stripe.SwitchAsync(user, new { tier = "CREATOR" });
        var changed = await stripe.SwitchAsync(user, new { tier = "PRO" });
        Assert.Equal("PRO", changed.GetProperty("pending").GetProperty("tier").GetString());

        var undone = await stripe.SwitchAsync(user, new { tier = "STUDIO" });

        Assert.Equal(JsonValueKind.Null, undone.GetProperty("pending").ValueKind);
        var down = await stripe.SwitchAsync(user, new { tier = "CREATOR" });
        using var client = stripe.App.ClientOf(user);
        using var cancelled = await client.DeleteAsync("/api/tiers/subscription");
        Assert.Equal(
            "cancel", (await cancelled.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("pending").GetProperty("reason").GetString());
        Assert.Equal("downgrade", down.GetProperty("pending").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Upgrade_WhenTheCardIsDeclined_WaitsForThePayment()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        var (customer, _) = await stripe.AtStripeAsync(user);
        await stripe.ControlAsync("cards", new { customer, outcome = "Declines" });

        var switched = await stripe.SwitchAsync(user, new { tier = "PRO" });

        Assert.Equal(
            ("CREATOR", "payment"),
            (switched.GetProperty("tier").GetString(), switched.GetProperty("pending").GetProperty("reason").GetString()));
        Assert.Equal(50, (await stripe.LimitsAsync(user)).GetProperty("limit").GetInt32());
    }

    [Fact]
    public async Task Switch_WhenBackAndForth_RefundsNothing()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.GenerateAsync(user, 6);

        await stripe.SwitchAsync(user, new { tier = "PRO" });
        await stripe.SwitchAsync(user, new { tier = "CREATOR" });
        await stripe.SwitchAsync(user, new { tier = "STUDIO" });

        var limits = await stripe.LimitsAsync(user);
        Assert.Equal((1000, 6), (limits.GetProperty("limit").GetInt32(), limits.GetProperty("used").GetInt32()));
    }

    [Fact]
    public async Task Portal_AndSubscription_AnswerAsTheyShould()
    {
        using var client = stripe.App.ClientOf(Guid.CreateVersion7());
        using var missing = await client.PatchAsJsonAsync("/api/tiers/subscription", new { tier = "nonsense" });
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var portal = await client.PostAsJsonAsync("/api/tiers/portal", new { returnUrl = "http://localhost:8080/account" });
        Assert.Equal(HttpStatusCode.Created, portal.StatusCode);
        using var foreign = await client.PostAsJsonAsync("/api/tiers/portal", new { returnUrl = "https://evil.example" });
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
    }

    [Fact]
    public async Task Session_WhenPaidTwice_IsRefusedByStripe_AndOursStays()
    {
        var user = Guid.CreateVersion7();
        var session = await stripe.CheckoutAsync(user, Tier.Creator);
        await stripe.PayAsync(session);
        await stripe.TierBecomesAsync(user, Tier.Creator);

        Assert.Equal("NotOpen", (await stripe.PayAsync(session)).GetProperty("result").GetString());
        Assert.Single((await stripe.AtStripeAsync(user)).Subscriptions);
    }

    [Fact]
    public async Task Account_WhenDeleted_EndsTheSubscription()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.App.PublishAsync(new UserDeleted { EventId = Guid.CreateVersion7(), UserId = user, Sequence = 2 });
        await Eventually.PassesAsync(
            async () =>
                Assert.Equal(
                    1, await stripe.CountAsync("SELECT count(*) FROM accounts WHERE user_id = $1 AND deleted_at IS NOT NULL", user)));

        await stripe.ReconcileAsync();

        Assert.Equal("canceled", (await stripe.AtStripeAsync(user)).Subscriptions.Single().GetProperty("status").GetString());
    }
}
