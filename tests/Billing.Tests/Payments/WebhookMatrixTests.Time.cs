using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Payments;

/// <summary>The cases of the matrix in which time goes by.</summary>
public partial class WebhookMatrixTests
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(32);

    [Fact]
    public async Task Case08_WhenRenewalFailsAndRecoversInGrace_RefillsOnce()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.GenerateAsync(user, 4);
        var (customer, _) = await stripe.AtStripeAsync(user);
        await stripe.ControlAsync("cards", new { customer, outcome = "Declines" });
        await stripe.TravelAsync(Month);
        await StatusBecomesAsync(user, "past_due");
        var overdue = await stripe.LimitsAsync(user);
        Assert.Equal(("CREATOR", 4), (overdue.GetProperty("tier").GetString(), Int(overdue, "used")));

        await stripe.ControlAsync("cards", new { customer, outcome = "Succeeds" });
        await stripe.TravelAsync(TimeSpan.FromDays(2));
        await StatusBecomesAsync(user, "active");
        await stripe.QuietAsync();
        await stripe.GenerateAsync(user, 2);
        await stripe.ReconcileAsync();
        await stripe.QuietAsync();

        var paid = await stripe.LimitsAsync(user);
        Assert.Equal((50, 2), (Int(paid, "limit"), Int(paid, "used")));
        Assert.Equal(2, await stripe.CountAsync("SELECT count(*) FROM buckets WHERE user_id = $1 AND allowance = 1", user));
    }

    [Fact]
    public async Task Case08b_WhenGraceRunsOut_IsFreeByTheClockAlone_AndReturnsWithThePayment()
    {
        var user = await stripe.SubscribeAsync(Tier.Pro);
        var (customer, _) = await stripe.AtStripeAsync(user);
        await stripe.ControlAsync("cards", new { customer, outcome = "Declines" });
        await stripe.TravelAsync(Month);
        await StatusBecomesAsync(user, "past_due");
        var grace = (await stripe.SubscriptionAsync(user)).GetProperty("graceUntil").GetDateTimeOffset();

        await stripe.TravelAsync(grace - stripe.Clock.GetUtcNow() - TimeSpan.FromMinutes(5));
        Assert.Equal("PRO", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
        await stripe.TravelAsync(TimeSpan.FromMinutes(6));
        Assert.Equal("FREE", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
        Assert.Equal(
            Tier.Free,
            (await stripe.App.AskAsync(
                new ReserveQuota { ReservationId = Guid.CreateVersion7(), UserId = user, Quality = Quality.Standard })).Tier);

        await stripe.ControlAsync("cards", new { customer, outcome = "Succeeds" });
        await stripe.TravelAsync(TimeSpan.FromDays(15));
        await stripe.TierBecomesAsync(user, Tier.Pro);
    }

    [Fact]
    public async Task Case09_WhenDowngradedMidPeriod_KeepsThePaidAllowanceToItsEnd()
    {
        var user = await stripe.SubscribeAsync(Tier.Pro);
        await stripe.GenerateAsync(user, 3);

        var pending = (await stripe.SwitchAsync(user, new { tier = "CREATOR" })).GetProperty("pending");

        Assert.Equal(("CREATOR", "downgrade"), (pending.GetProperty("tier").GetString(), pending.GetProperty("reason").GetString()));
        await stripe.QuietAsync();
        var limits = await stripe.LimitsAsync(user);
        Assert.Equal(("PRO", 197), (limits.GetProperty("tier").GetString(), Int(limits, "remaining")));
        await stripe.TravelAsync(Month);
        await stripe.TierBecomesAsync(user, Tier.Creator);
        await Eventually.PassesAsync(async () => Assert.Equal(50, Int(await stripe.LimitsAsync(user), "remaining")));
    }

    [Fact]
    public async Task Case14_WhenWebhooksAreDownForTwoDays_TheReconcilerHeals()
    {
        var leaving = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.QuietAsync();
        await stripe.ReconcileAsync();
        await stripe.ControlAsync("webhooks/faults", new { kind = "Drop", times = 1000 });
        var joining = Guid.CreateVersion7();
        await stripe.PayAsync(await stripe.CheckoutAsync(joining, Tier.Studio));
        var (_, subscriptions) = await stripe.AtStripeAsync(leaving);
        await stripe.Stripe.DeleteAsync($"/v1/subscriptions/{subscriptions[0].GetProperty("id").GetString()}");
        await stripe.TravelAsync(TimeSpan.FromDays(2));
        Assert.Equal("CREATOR", (await stripe.LimitsAsync(leaving)).GetProperty("tier").GetString());

        await stripe.ReconcileAsync();
        await stripe.ClearFaultsAsync();

        await stripe.TierBecomesAsync(joining, Tier.Studio);
        await stripe.TierBecomesAsync(leaving, Tier.Free);
    }
}
