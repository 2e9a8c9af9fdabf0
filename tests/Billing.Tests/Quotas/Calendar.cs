using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tests.Quotas;

/// <summary>What <c>QuotaFunctions.sql</c> decides about tiers and periods, written a second time to compare with.</summary>
internal static class Calendar
{
    public static BucketPeriod UtcDay(DateTimeOffset now)
    {
        var start = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        return new BucketPeriod(start, start.AddDays(1));
    }

    public static BucketPeriod CalendarMonth(DateTimeOffset now)
    {
        var start = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        return new BucketPeriod(start, start.AddMonths(1));
    }

    public static BucketPeriod Anniversary(DateTimeOffset anchor, DateTimeOffset now)
    {
        var month = 0;
        while (anchor.AddMonths(month + 1) <= now)
            month++;
        return new BucketPeriod(anchor.AddMonths(month), anchor.AddMonths(month + 1));
    }

    public static Tier PaidTierAt(this Account account, DateTimeOffset now) =>
        account.PaidUntil is { } until && now >= until ? Tier.Free : account.PaidTier;

    public static Tier CompTierAt(this Account account, DateTimeOffset now) =>
        account.CompUntil is { } until && now >= until ? Tier.Free : account.CompTier;

    public static Entitlement EntitlementAt(this Account account, DateTimeOffset now) =>
        Entitlement.Of((Tier)Math.Max((int)account.PaidTierAt(now), (int)account.CompTierAt(now)), account.Alvae);

    public static BucketPeriod BucketAt(this Account account, DateTimeOffset now) => account.EntitlementAt(now).Allowance switch
    {
        Allowance.Free => UtcDay(now),
        Allowance.Alvae => CalendarMonth(now),
        _ => account.PaidTierAt(now) >= account.CompTierAt(now)
            ? new BucketPeriod(account.PeriodStart!.Value, account.PeriodEnd!.Value)
            : Anniversary(account.CompFrom!.Value, now),
    };
}
