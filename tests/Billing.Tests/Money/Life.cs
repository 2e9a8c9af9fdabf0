using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tests.Money;

/// <summary>A subscription in a life.</summary>
internal sealed class LifeSubscription(string id, DateTimeOffset created)
{
    public string Id { get; } = id;
    public DateTimeOffset Created { get; } = created;
    public SubscriptionStatus Status { get; set; } = SubscriptionStatus.Active;
    public Tier Tier { get; set; }
    public DateTimeOffset Start { get; set; } = created;
    public DateTimeOffset End { get; set; } = created.AddMonths(1);
    public DateTimeOffset? CancelAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The bill that an upgrade waits for.</summary>
    public LifeBill? Pending { get; set; }

    public bool IsLive => Status is SubscriptionStatus.Active or SubscriptionStatus.PastDue;
}

/// <summary>A bill in a life. What it was for is written down when it is made, not found out from its lines.</summary>
internal sealed class LifeBill(string id, LifeSubscription subscription, Tier from, Tier to, DateTimeOffset created)
{
    public string Id { get; } = id;
    public LifeSubscription Subscription { get; } = subscription;

    /// <summary>FREE for the bill of a whole period.</summary>
    public Tier From { get; } = from;
    public Tier To { get; } = to;
    public DateTimeOffset Created { get; } = created;
    public DateTimeOffset PeriodStart { get; } = subscription.Start;
    public DateTimeOffset PeriodEnd { get; } = subscription.End;
    public bool IsFirst { get; init; }
    public long Amount { get; init; }
    public InvoiceStatus Status { get; set; } = InvoiceStatus.Open;
    public DateTimeOffset? Finalized { get; set; }
    public DateTimeOffset? PaidAt { get; set; }
    public bool Attempted { get; set; }
    public long Refunded { get; set; }
    public List<(long Amount, DisputeStatus Status)> Disputes { get; } = [];

    public bool IsUpgrade => From != Tier.Free;

    /// <summary>Refunds and what banks hold leave nothing of it.</summary>
    public bool IsGone =>
        Refunded + Disputes.Where(d => d.Status is DisputeStatus.NeedsResponse or DisputeStatus.Lost).Sum(d => d.Amount) >= Amount;
}

/// <summary>What happens next; the numbers choose among few possibilities, so that things meet.</summary>
public sealed record LifeStep(int Kind, int Which);

/// <summary>The life of one customer at Stripe: subscribes, renews, switches, fails to pay, pays late, disputes, is refunded, leaves, is
/// deleted.</summary>
internal sealed class Life(string customer)
{
    /// <summary>Kinds of steps.</summary>
    public const int Kinds = 22;

    private static readonly DateTimeOffset Birth = new(2026, 1, 31, 10, 0, 0, TimeSpan.Zero);
    private static readonly long[] Prices = [0, 999, 2999, 9999];
    private int _ids;

    public string Customer => customer;
    public DateTimeOffset Now { get; private set; } = Birth;
    public bool IsGone { get; private set; }
    public List<LifeSubscription> Subscriptions { get; } = [];
    public List<LifeBill> Bills { get; } = [];

    /// <summary>One thing happens; false when it cannot, now.</summary>
    public bool Do(LifeStep step)
    {
        Now = Now.AddMinutes(7);
        var live = Subscriptions.Where(s => s.IsLive).ToList();
        var subscription = live.Count > 0 ? live[step.Which % live.Count] : null;
        return step.Kind switch
        {
            0 => Begin(step.Which, live.Count == 0 || (step.Which == 0 && live.Count < 2)),
            1 or 2 => Renew(subscription),
            3 or 4 => Charge(subscription, works: true),
            5 => Charge(subscription, works: false),
            6 => Upgrade(subscription, step.Which, works: true),
            7 => Upgrade(subscription, step.Which, works: false),
            8 => PayPending(subscription),
            9 => UndoPending(subscription),
            10 => EndDunning(subscription),
            11 => PayLate(step.Which),
            12 => Give(step.Which, bill => bill.Refunded = bill.Amount),
            13 => Give(step.Which, bill => bill.Refunded = Math.Max(bill.Refunded, bill.Amount / 3)),
            14 => Give(
                step.Which, bill => bill.Disputes.Add((bill.Amount - bill.Refunded, DisputeStatus.NeedsResponse)),
                bill => bill.Disputes.TrueForAll(d => d.Status == DisputeStatus.Won)),
            15 => Give(
                step.Which, bill => bill.Disputes.Add((bill.Amount / 2, DisputeStatus.NeedsResponse)),
                bill => bill.Disputes.TrueForAll(d => d.Status == DisputeStatus.Won)),
            16 => Decide(step.Which),
            17 => ToggleCancel(subscription),
            18 => SwitchDown(subscription),
            19 => Leave(subscription, step.Which),
            20 => Forgive(subscription),
            _ => Pass(),
        };
    }

    private string Id(string prefix) => $"{prefix}_{customer}_{++_ids}";

    private bool Begin(int which, bool possible)
    {
        if (!possible || IsGone)
            return false;
        var subscription = new LifeSubscription(Id("sub"), Now) { Tier = (Tier)(1 + (which % 3)) };
        Subscriptions.Add(subscription);
        Pay(Bill(subscription, Tier.Free, subscription.Tier, isFirst: true));
        return true;
    }

    /// <summary>The period is over: the next one's bill is a draft for an hour.</summary>
    private bool Renew(LifeSubscription? subscription)
    {
        if (subscription is not { Status: SubscriptionStatus.Active, CancelAt: null } || Draft(subscription) is not null)
            return false;
        Now = subscription.End > Now ? subscription.End : Now;
        ExpirePending(subscription);
        (subscription.Start, subscription.End) =
            (subscription.End, subscription.Created.AddMonths(MonthsUntil(subscription.Created, subscription.End) + 1));
        Bill(subscription, Tier.Free, subscription.Tier).Status = InvoiceStatus.Draft;
        return true;
    }

    private static int MonthsUntil(DateTimeOffset from, DateTimeOffset to)
    {
        var months = 0;
        while (from.AddMonths(months) < to)
            months++;
        return months;
    }

    private LifeBill? Draft(LifeSubscription subscription) =>
        Bills.Find(b => b.Subscription == subscription && b.Status == InvoiceStatus.Draft);

    /// <summary>The draft hour ends, or dunning tries again.</summary>
    private bool Charge(LifeSubscription? subscription, bool works)
    {
        if (subscription is null || Bills.Find(
            b => b.Subscription == subscription && !b.IsUpgrade && b.Status is InvoiceStatus.Draft or InvoiceStatus.Open) is not { } bill
                || bill.Subscription != subscription)
            return false;
        bill.Status = InvoiceStatus.Open;
        bill.Finalized ??= Now;
        bill.Attempted = true;
        if (works)
            Pay(bill);
        subscription.Status = works ? SubscriptionStatus.Active : SubscriptionStatus.PastDue;
        return true;
    }

    private bool Upgrade(LifeSubscription? subscription, int which, bool works)
    {
        if (subscription is not { Status: SubscriptionStatus.Active, Tier: < Tier.Studio })
            return false;
        ExpirePending(subscription);
        var to = subscription.Tier + 1 + (which % (Tier.Studio - subscription.Tier));
        var bill = Bill(subscription, subscription.Tier, to);
        bill.Finalized = Now;
        bill.Attempted = true;
        subscription.Pending = works ? null : bill;
        if (!works)
            return true;
        Pay(bill);
        subscription.Tier = to;
        return true;
    }

    private bool PayPending(LifeSubscription? subscription)
    {
        if (subscription?.Pending is not { } bill)
            return false;
        Pay(bill);
        (subscription.Tier, subscription.Pending) = (bill.To, null);
        return true;
    }

    private bool UndoPending(LifeSubscription? subscription)
    {
        if (subscription?.Pending is null)
            return false;
        ExpirePending(subscription);
        return true;
    }

    private static void ExpirePending(LifeSubscription subscription)
    {
        if (subscription.Pending is { } bill)
            bill.Status = InvoiceStatus.Void;
        subscription.Pending = null;
    }

    private bool EndDunning(LifeSubscription? subscription)
    {
        if (subscription?.Status != SubscriptionStatus.PastDue)
            return false;
        return End(subscription);
    }

    private bool End(LifeSubscription subscription)
    {
        (subscription.Status, subscription.EndedAt) = (SubscriptionStatus.Canceled, Now);
        ExpirePending(subscription);
        return true;
    }

    private bool PayLate(int which)
    {
        var open = Bills.Where(b => !IsGone && !b.Subscription.IsLive && b is { Status: InvoiceStatus.Open, IsUpgrade: false }).ToList();
        if (open.Count == 0)
            return false;
        Pay(open[which % open.Count]);
        return true;
    }

    private bool Give(int which, Action<LifeBill> back, Func<LifeBill, bool>? possible = null)
    {
        var paid = Bills.Where(
            b => b.Status == InvoiceStatus.Paid && b.Refunded < b.Amount && (possible?.Invoke(b) ?? b.Disputes.Count == 0)).TakeLast(4)
                .ToList();
        if (paid.Count == 0)
            return false;
        back(paid[which % paid.Count]);
        return true;
    }

    /// <summary>A bank decides a dispute.</summary>
    private bool Decide(int which)
    {
        if (Bills.Find(b => b.Disputes.Exists(d => d.Status == DisputeStatus.NeedsResponse)) is not { } bill)
            return false;
        var at = bill.Disputes.FindIndex(d => d.Status == DisputeStatus.NeedsResponse);
        bill.Disputes[at] = bill.Disputes[at] with { Status = which % 2 == 0 ? DisputeStatus.Won : DisputeStatus.Lost };
        return true;
    }

    private static bool ToggleCancel(LifeSubscription? subscription)
    {
        if (subscription is null)
            return false;
        subscription.CancelAt = subscription.CancelAt is null ? subscription.End : null;
        return true;
    }

    /// <summary>From the portal's side: cheaper at once, the difference is credited to the next bill.</summary>
    private static bool SwitchDown(LifeSubscription? subscription)
    {
        if (subscription is not { Status: SubscriptionStatus.Active, Tier: > Tier.Creator, Pending: null })
            return false;
        subscription.Tier--;
        return true;
    }

    /// <summary>An operator voids the bill of a renewal: the subscription goes on, unpaid.</summary>
    private bool Forgive(LifeSubscription? subscription)
    {
        var bill = Bills.Find(b => b.Subscription == subscription && b is { IsUpgrade: false, Status: InvoiceStatus.Open });
        if (subscription is null || bill is null)
            return false;
        (bill.Status, subscription.Status) = (InvoiceStatus.Void, SubscriptionStatus.Active);
        return true;
    }

    private bool Pass()
    {
        Now = Now.AddDays(20);
        return true;
    }

    private bool Leave(LifeSubscription? subscription, int which)
    {
        if (which == 7 && Subscriptions.Count > 0)
        {
            foreach (var live in Subscriptions.Where(s => s.IsLive))
                End(live);
            return IsGone = true;
        }

        return which > 3 && subscription is not null && End(subscription);
    }

    private LifeBill Bill(LifeSubscription subscription, Tier from, Tier to, bool isFirst = false)
    {
        var bill = new LifeBill(Id("in"), subscription, from, to, Now) { Amount = Prices[(int)to] - Prices[(int)from], IsFirst = isFirst };
        Bills.Add(bill);
        return bill;
    }

    private void Pay(LifeBill bill) =>
        (bill.Status, bill.PaidAt, bill.Finalized, bill.Attempted) = (InvoiceStatus.Paid, Now, bill.Finalized ?? Now, true);
}
