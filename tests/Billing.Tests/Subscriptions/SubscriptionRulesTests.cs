using Son1kVers3.Billing.CustomerStates;
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
    [InlineData(SubscriptionStatus.Incomplete)]
    [InlineData(SubscriptionStatus.IncompleteExpired)]
    [InlineData(SubscriptionStatus.Unpaid)]
    [InlineData(SubscriptionStatus.Canceled)]
    [InlineData(SubscriptionStatus.Paused)]
    public void Of_WhenStatusEntitlesToNothing_IsFree(SubscriptionStatus status) =>
        Assert.Equal(Tier.Free, Of(State(Subscription(First) with { Status = status }, Paid("in_1", First))).Tier);

    [Fact]
    public void Of_WhenNothingWasPaid_IsFree() => Assert.Equal(Tier.Free, Of(State(Subscription(First))).Tier);

    [Fact]
    public void Of_WhenRenewalIsNotPaidYet_KeepsTheLastPaidBucket()
    {
        var bought = Of(
            State(
                Subscription(Second), Paid("in_1", First),
                Paid("in_2", Second) with { Status = InvoiceStatus.Draft, PaidAt = null, AmountPaid = 0 }));

        Assert.Equal((Tier.Pro, First), (bought.Tier, bought.Period!.Value));
        Assert.Equal((Second.Start.AddHours(1).AddDays(7), Second.Start.AddHours(1)), (bought.Until, bought.RefillAt));
    }

    [Fact]
    public void Of_WhenPastDue_EndsSevenDaysAfterTheFirstFailure()
    {
        var failed = Second.Start.AddHours(1);
        var bought = Of(State(
            Subscription(Second) with { Status = SubscriptionStatus.PastDue },
            Paid("in_1", First),
            Paid("in_2", Second) with
            {
                Status = InvoiceStatus.Open,
                PaidAt = null,
                AmountPaid = 0,
                Attempted = true,
                FinalizedAt = failed,
            }));

        Assert.Equal((Tier.Pro, First.Start, failed.AddDays(7)), (bought.Tier, bought.Period!.Value.Start, bought.Until!.Value));
    }

    [Fact]
    public void Of_WhenProrationIsPaid_TheBucketStays()
    {
        var proration = Paid("in_2", First with { Start = Start.AddDays(9) }) with
        {
            BillingReason = BillingReason.SubscriptionUpdate,
            Lines = [new InvoiceLineState(Tier.Pro, 2999, First with { Start = Start.AddDays(9) }, true)],
        };

        Assert.Equal(First.Start, Of(State(Subscription(First), Paid("in_1", First), proration)).Period!.Value.Start);
    }

    [Theory]
    [InlineData(2999, null, Tier.Free)]
    [InlineData(1000, null, Tier.Pro)]
    [InlineData(0, DisputeStatus.NeedsResponse, Tier.Free)]
    [InlineData(0, DisputeStatus.UnderReview, Tier.Free)]
    [InlineData(0, DisputeStatus.Lost, Tier.Free)]
    [InlineData(0, DisputeStatus.Won, Tier.Pro)]
    [InlineData(0, DisputeStatus.WarningNeedsResponse, Tier.Pro)]
    [InlineData(1000, DisputeStatus.NeedsResponse, Tier.Free)]
    public void Of_WhenMoneyWentBack_TheTierFollowsIt(long refunded, DisputeStatus? dispute, Tier tier) => Assert.Equal(
        tier,
        Of(State(
            Subscription(First),
            Paid("in_1", First) with
            {
                RefundedCents = refunded,
                Disputes = dispute is { } status ? [new DisputeState(2999 - refunded, status)] : [],
            })).Tier);

    [Fact]
    public void Of_WhenAWonDisputeComesAgain_TheMoneyIsWithheldAgain() => Assert.Equal(
        Tier.Free,
        Of(State(
            Subscription(First),
            Paid("in_1", First) with
            {
                Disputes = [new DisputeState(2999, DisputeStatus.Won), new DisputeState(2999, DisputeStatus.UnderReview)],
            })).Tier);

    [Fact]
    public void Of_WhenTheNewestPeriodIsRefunded_AnOlderOneDoesNotCount() =>
        Assert.Equal(
            Tier.Free, Of(State(Subscription(Second), Paid("in_1", First), Paid("in_2", Second) with { RefundedCents = 2999 })).Tier);

    [Fact]
    public void Of_WhenTwoAreLive_TheEarlierCountsAndTheOtherIsSurplus()
    {
        var later = Subscription(First) with { Id = "sub_2", CreatedAt = Start.AddDays(1) };
        var bought = Of(new CustomerState("cus", [later, Subscription(First)], [Paid("in_1", First)]));

        Assert.Equal("sub_1", bought.Subscription!.Id);
        Assert.Equal(["sub_2"], bought.Surplus.Select(s => s.Id));
    }

    [Fact]
    public void Of_WhenCancelledAtPeriodEnd_EndsByTheClock() =>
        Assert.Equal(
            First.End, Of(State(Subscription(First) with { CancelAtPeriodEnd = true, CancelAt = First.End }, Paid("in_1", First))).Until);

    [Fact]
    public void Of_WhenNothingHadToBePaid_IsTheTierAllTheSame() =>
        Assert.Equal(Tier.Pro, Of(State(Subscription(First), Paid("in_1", First) with { AmountDue = 0, AmountPaid = 0 })).Tier);

    [Fact]
    public void Of_WhenTheCycleBeginsAnewWithinAPeriod_IsThePeriodThatWasPaidThen()
    {
        var anew = new BucketPeriod(Start.AddDays(9), Start.AddDays(9).AddMonths(1));
        var update = Paid("in_2", anew) with
        {
            BillingReason = BillingReason.SubscriptionUpdate,
            Lines =
            [
                new InvoiceLineState(Tier.Pro, -2000, First with { Start = anew.Start }, true),
                new InvoiceLineState(Tier.Pro, 2999, anew, false),
            ],
        };

        var bought = Of(State(Subscription(anew), Paid("in_1", First), update));
        Assert.Equal((Tier.Pro, anew), (bought.Tier, bought.Period!.Value));
    }

    [Fact]
    public void Of_WhenOperatorsBillProrationsByHand_TheUpgradeIsPaid()
    {
        var byHand = Paid("in_2", First) with
        {
            BillingReason = BillingReason.Manual,
            Lines = [new InvoiceLineState(Tier.Studio, 9000, First with { Start = Start.AddDays(9) }, true)],
        };

        Assert.Equal(Tier.Studio, Of(State(Subscription(First) with { Tier = Tier.Studio }, Paid("in_1", First), byHand)).Tier);
    }

    [Fact]
    public void Of_WhenSomethingElseForLongerIsOnTheBill_TheTiersLineIsThePeriod()
    {
        var extra = new InvoiceLineState(null, 5000, First with { End = Start.AddYears(1) }, false);
        var bought = Of(State(Subscription(First), Paid("in_1", First) with { Lines = [extra, .. Paid("in_1", First).Lines] }));

        Assert.Equal((Tier.Pro, First), (bought.Tier, bought.Period!.Value));
    }

    [Theory]
    [InlineData(InvoiceStatus.Void)]
    [InlineData(InvoiceStatus.Uncollectible)]
    [InlineData(InvoiceStatus.Draft)]
    public void Of_WhenNobodyWillPayTheRunningPeriod_EndsSevenDaysAfterItsDraft(InvoiceStatus status) => Assert.Equal(
        Second.Start.AddHours(1).AddDays(7),
        Of(State(
            Subscription(Second), Paid("in_1", First),
            Paid("in_2", Second) with { Status = status, PaidAt = null, AmountPaid = 0 })).Until);

    [Fact]
    public void Of_WhenALatePeriodIsOver_TheRunningSubscriptionCounts()
    {
        var ended = Subscription(First) with { Id = "sub_0", Status = SubscriptionStatus.Canceled, EndedAt = Start.AddDays(9) };
        var late = Paid("in_0", First) with { SubscriptionId = "sub_0", PaidAt = Start.AddDays(10) };
        var running = Subscription(Second) with { Tier = Tier.Creator };
        var own = Paid("in_1", Second) with { Lines = [new InvoiceLineState(Tier.Creator, 999, Second, false)] };
        var customer = new CustomerState("cus", [ended, running], [late, own]);

        Assert.Equal(
            (Tier.Pro, First.End),
            (SubscriptionRules.Of(customer, First.End.AddTicks(-1)).Tier, SubscriptionRules.Of(customer, Start).Until));
        Assert.Equal(
            (Tier.Creator, null), (SubscriptionRules.Of(customer, First.End).Tier, SubscriptionRules.Of(customer, First.End).Until));
    }

    private static Bought Of(CustomerState customer) => SubscriptionRules.Of(customer, Start);

    private static CustomerState State(SubscriptionState subscription, params InvoiceState[] invoices) =>
        new("cus", [subscription], invoices);

    private static SubscriptionState Subscription(BucketPeriod period) => new()
    {
        Id = "sub_1",
        Status = SubscriptionStatus.Active,
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
        Status = InvoiceStatus.Paid,
        BillingReason = period == First ? BillingReason.SubscriptionCreate : BillingReason.SubscriptionCycle,
        AmountDue = 2999,
        AmountPaid = 2999,
        Currency = "usd",
        CreatedAt = period.Start,
        FinalizedAt = period.Start,
        PaidAt = period.Start,
        Attempted = true,
        Lines = [new InvoiceLineState(Tier.Pro, 2999, period, false)],
    };
}
