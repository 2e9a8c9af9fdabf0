using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tests.Subscriptions;

[Trait("Category", "Unit")]
public class SubscriptionRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 10, 0, 0, TimeSpan.Zero);
    private static readonly BucketPeriod First = new(Start, Start.AddMonths(1));
    private static readonly BucketPeriod Second = new(Start.AddMonths(1), Start.AddMonths(2));

    [Theory]
    [InlineData("incomplete")]
    [InlineData("incomplete_expired")]
    [InlineData("unpaid")]
    [InlineData("canceled")]
    [InlineData("paused")]
    public void Of_WhenStatusEntitlesToNothing_IsFree(string status) =>
        Assert.Equal(Tier.Free, SubscriptionRules.Of(State(Subscription(First) with { Status = status }, Paid("in_1", First))).Tier);

    [Fact]
    public void Of_WhenNothingWasPaid_IsFree() => Assert.Equal(Tier.Free, SubscriptionRules.Of(State(Subscription(First))).Tier);

    [Fact]
    public void Of_WhenRenewalIsNotPaidYet_KeepsTheLastPaidBucket()
    {
        var bought = SubscriptionRules.Of(State(Subscription(Second), Paid("in_1", First), Paid("in_2", Second) with { Status = "draft" }));

        Assert.Equal((Tier.Pro, First.Start, Second.End), (bought.Tier, bought.Period!.Value.Start, bought.Period.Value.End));
        Assert.Null(bought.Until);
    }

    [Fact]
    public void Of_WhenPastDue_EndsSevenDaysAfterTheFirstFailure()
    {
        var failed = Second.Start.AddHours(1);
        var bought = SubscriptionRules.Of(State(
            Subscription(Second) with { Status = "past_due" },
            Paid("in_1", First),
            Paid("in_2", Second) with { Status = "open", Attempted = true, FinalizedAt = failed }));

        Assert.Equal((Tier.Pro, First.Start, failed.AddDays(7)), (bought.Tier, bought.Period!.Value.Start, bought.Until!.Value));
    }

    [Fact]
    public void Of_WhenProrationIsPaid_TheBucketStays()
    {
        var proration = Paid("in_2", First with { Start = Start.AddDays(9) }) with { BillingReason = "subscription_update" };

        Assert.Equal(First.Start, SubscriptionRules.Of(State(Subscription(First), Paid("in_1", First), proration)).Period!.Value.Start);
    }

    [Theory]
    [InlineData(2999, null, Tier.Free)]
    [InlineData(1000, null, Tier.Pro)]
    [InlineData(0, "needs_response", Tier.Free)]
    [InlineData(0, "under_review", Tier.Free)]
    [InlineData(0, "lost", Tier.Free)]
    [InlineData(0, "won", Tier.Pro)]
    [InlineData(0, "warning_needs_response", Tier.Pro)]
    public void Of_WhenMoneyWentBack_TheTierFollowsIt(long refunded, string? dispute, Tier tier) =>
        Assert.Equal(tier, SubscriptionRules.Of(State(Subscription(First), Paid("in_1", First) with { RefundedCents = refunded, Dispute = dispute })).Tier);

    [Fact]
    public void Of_WhenTheNewestPeriodIsRefunded_AnOlderOneDoesNotCount() =>
        Assert.Equal(Tier.Free, SubscriptionRules.Of(State(Subscription(Second), Paid("in_1", First), Paid("in_2", Second) with { RefundedCents = 2999 })).Tier);

    [Fact]
    public void Of_WhenTwoAreLive_TheEarlierCountsAndTheOtherIsSurplus()
    {
        var later = Subscription(First) with { Id = "sub_2", CreatedAt = Start.AddDays(1) };
        var bought = SubscriptionRules.Of(new CustomerState("cus", [later, Subscription(First)], [Paid("in_1", First)]));

        Assert.Equal("sub_1", bought.Subscription!.Id);
        Assert.Equal(["sub_2"], bought.Extra.Select(s => s.Id));
    }

    [Fact]
    public void Of_WhenCancelledAtPeriodEnd_EndsByTheClock() =>
        Assert.Equal(First.End, SubscriptionRules.Of(State(Subscription(First) with { CancelAtPeriodEnd = true, CancelAt = First.End }, Paid("in_1", First))).Until);

    private static CustomerState State(SubscriptionState subscription, params InvoiceState[] invoices) => new("cus", [subscription], invoices);

    private static SubscriptionState Subscription(BucketPeriod period) => new()
    {
        Id = "sub_1",
        Status = "active",
        Tier = Tier.Pro,
        ItemId = "si_1",
        PriceId = "price_1",
        Period = period,
        CreatedAt = Start,
    };

    private static InvoiceState Paid(string id, BucketPeriod period) => new()
    {
        Id = id,
        SubscriptionId = "sub_1",
        Status = "paid",
        BillingReason = period == First ? "subscription_create" : "subscription_cycle",
        AmountDue = 2999,
        AmountPaid = 2999,
        Currency = "usd",
        CreatedAt = period.Start,
        FinalizedAt = period.Start,
        PaidAt = period.Start,
        Attempted = true,
        Period = period,
    };
}
