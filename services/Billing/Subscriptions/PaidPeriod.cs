using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>One period of a subscription, and the tier that the money kept for it pays for.</summary>
internal sealed record PaidPeriod(BucketPeriod Period, Tier Tier)
{
    /// <summary>A tier that was sold within the period, and what was paid for it.</summary>
    private sealed record Step(InvoiceState Invoice, Tier Tier, DateTimeOffset End);

    /// <summary>The newest period that was paid; null when nothing was.</summary>
    /// <param name="invoices">Of one subscription.</param>
    /// <param name="current">The period that the subscription is in.</param>
    public static PaidPeriod? Last(IReadOnlyList<InvoiceState> invoices, BucketPeriod current)
    {
        var periods = invoices.Where(i => i.Status == InvoiceStatus.Paid).Select(StepOf).OfType<Step>().GroupBy(s => s.End)
            .OrderByDescending(g => g.Key);
        // An upgrade alone, sold before the period itself was due, counts for as long as it is not taken back.
        var last = periods.FirstOrDefault(steps => steps.Any(s => s.Invoice.PeriodLine is not null || !s.Invoice.IsReversed));
        return last is null ? null : new PaidPeriod(new BucketPeriod(StartOf(invoices, last, current), last.Key), TierOf(last));
    }

    private static Step? StepOf(InvoiceState invoice)
    {
        if (invoice.PeriodLine is { } line)
            return new Step(invoice, line.Tier!.Value, line.Period.End);
        var to = invoice.Lines.Where(l => l is { IsProration: true, AmountCents: >= 0, Tier: not null })
            .MaxBy(l => (l.Period.Start, l.Tier));
        return to is null ? null : new Step(invoice, to.Tier!.Value, to.Period.End);
    }

    /// <summary>The kept money buys the steps in the order in which they were sold.</summary>
    private static Tier TierOf(IEnumerable<Step> steps)
    {
        var inOrder = steps.OrderBy(s => s.Invoice.PeriodLine is null).ThenBy(s => s.Invoice.CreatedAt).ThenBy(s => s.Tier).ToList();
        var left = inOrder.Where(s => !s.Invoice.IsReversed).Sum(s => s.Invoice.AmountPaid);
        var tier = Tier.Free;
        foreach (var step in inOrder)
        {
            left -= step.Invoice.AmountPaid;
            if (left < 0)
                break;
            tier = step.Tier;
        }

        return tier;
    }

    /// <summary>As its own invoice says, which may be a draft still.</summary>
    private static DateTimeOffset StartOf(IReadOnlyList<InvoiceState> invoices, IGrouping<DateTimeOffset, Step> steps, BucketPeriod current)
    {
        var own = invoices.Select(i => i.PeriodLine).FirstOrDefault(l => l?.Period.End == steps.Key);
        return own?.Period.Start
            ?? (current.End == steps.Key ? current.Start : steps.SelectMany(s => s.Invoice.Lines).Min(l => l.Period.Start));
    }
}
