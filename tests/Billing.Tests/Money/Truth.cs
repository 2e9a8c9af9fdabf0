using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tests.Money;

/// <summary>What a member is entitled to, said from a life's own books: a small second writing of the rule.</summary>
internal sealed record Truth(Tier Tier, DateTimeOffset? Until, DateTimeOffset? PeriodStart, int Surplus)
{
    private static readonly Truth Nothing = new(Tier.Free, null, null, 0);

    public static Truth Of(Life life)
    {
        if (life.IsGone)
            return Nothing;
        var live = life.Subscriptions.Where(s => s.IsLive).ToList();
        var counts = live.Find(s => s.Status == SubscriptionStatus.Active) ?? live.FirstOrDefault();
        var running = counts is null ? Nothing : Running(life, counts);
        var best = life.Subscriptions.Where(s => s.EndedAt is not null).Select(s => Late(life, s)).Where(t => t.Until > life.Now)
            .Append(running).OrderByDescending(t => t.Tier).ThenByDescending(t => t == running)
            .ThenByDescending(t => t.Until).First();
        return best with { Surplus = Math.Max(0, live.Count - 1) };
    }

    public static Truth Of(Bought bought) => new(bought.Tier, bought.Until, bought.Period?.Start, bought.Surplus.Count);

    private static Truth Running(Life life, LifeSubscription subscription)
    {
        var standing = Standing(life, subscription);
        if (standing.Tier == Tier.Free)
            return Nothing;
        var tier = standing.Tier > subscription.Tier ? subscription.Tier : standing.Tier;
        var grace = subscription.Status == SubscriptionStatus.PastDue
            ? life.Bills.Where(b => b.Subscription == subscription && b is { Status: InvoiceStatus.Open, IsUpgrade: false })
                .Min(b => b.Finalized)!.Value.AddDays(7)
            : standing.PeriodStart < subscription.Start ? subscription.Start.AddHours(1).AddDays(7) : (DateTimeOffset?)null;
        var until = new[] { grace, subscription.CancelAt }.Where(u => u is not null).Min();
        return standing with { Tier = tier, Until = until };
    }

    /// <summary>Paid after its end: the period that was paid is the member's, until it ends.</summary>
    private static Truth Late(Life life, LifeSubscription subscription)
    {
        var standing = Standing(life, subscription);
        var paid = life.Bills.Find(
            b => b.Subscription == subscription && !b.IsUpgrade && b.PaidAt > subscription.EndedAt
                && b.PeriodStart == standing.PeriodStart);
        return standing.Tier == Tier.Free || paid is null ? Nothing : standing with { Until = paid.PeriodEnd };
    }

    /// <summary>The newest period with money in it, and how far that money reaches: each purchase costs what was paid for it, and what
    /// went back whole is missing.</summary>
    private static Truth Standing(Life life, LifeSubscription subscription)
    {
        var paid = life.Bills.Where(b => b.Subscription == subscription && b.Status == InvoiceStatus.Paid).ToList();
        var period = paid.Where(b => !b.IsUpgrade || !b.IsGone).Select(b => (DateTimeOffset?)b.PeriodStart).Max();
        if (period is null)
            return Nothing;
        var bought = paid.Where(b => b.PeriodStart == period).OrderBy(b => b.IsUpgrade).ToList();
        var purse = bought.Where(b => !b.IsGone).Sum(b => b.Amount);
        var reached = bought.TakeWhile((_, i) => bought.Take(i + 1).Sum(b => b.Amount) <= purse).LastOrDefault();
        return reached is null ? Nothing : new Truth(reached.To, null, period, 0);
    }
}
