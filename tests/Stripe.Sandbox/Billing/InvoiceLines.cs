using System.Globalization;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Billing;

/// <summary>Composes the lines of invoices.</summary>
internal static class InvoiceLines
{
    /// <summary>The charge for a whole period.</summary>
    public static IEnumerable<InvoiceLine> ForPeriod(World world, IEnumerable<SubscriptionItem> items, long start, long end) =>
        items.Select(item =>
        {
            var price = world.State.Prices[item.Price];
            var description = $"{item.Quantity} × {ProductName(world, price)} (at {Money(price)} / {price.Interval})";
            return new InvoiceLine(
                Resource.NewId("il_"), price.UnitAmount * item.Quantity, description, price.Id, item.Quantity, new LinePeriod(start, end), false, item.Id);
        });

    /// <summary>The unused time of what goes, and the remaining time of what comes.</summary>
    public static IEnumerable<InvoiceLine> ForChange(
        World world, Subscription subscription, IReadOnlyList<SubscriptionItem> next, long at)
    {
        foreach (var before in subscription.Items)
        {
            var after = next.FirstOrDefault(item => item.Id == before.Id);
            if (after is null || after.Price != before.Price || after.Quantity != before.Quantity)
            {
                yield return Prorated(world, subscription, before, at, -1, "Unused time on");
            }
        }

        foreach (var after in next)
        {
            var before = subscription.Items.FirstOrDefault(item => item.Id == after.Id);
            if (before is null || after.Price != before.Price || after.Quantity != before.Quantity)
            {
                yield return Prorated(world, subscription, after, at, 1, "Remaining time on");
            }
        }
    }

    private static InvoiceLine Prorated(World world, Subscription subscription, SubscriptionItem item, long at, int sign, string what)
    {
        var price = world.State.Prices[item.Price];
        var amount = sign * Proration.Share(price.UnitAmount * item.Quantity, subscription.PeriodStart, subscription.PeriodEnd, at);
        var day = DateTimeOffset.FromUnixTimeSeconds(at).ToString("dd MMM yyyy", CultureInfo.InvariantCulture);
        var quantity = item.Quantity == 1 ? "" : $"{item.Quantity} × ";
        return new InvoiceLine(
            Resource.NewId("il_"), amount, $"{what} {quantity}{ProductName(world, price)} after {day}", price.Id, item.Quantity,
            new LinePeriod(at, subscription.PeriodEnd), true, item.Id);
    }

    private static string ProductName(World world, Price price) => world.State.Products[price.Product].Name;

    private static string Money(Price price) =>
        string.Create(CultureInfo.InvariantCulture, $"{(price.Currency == "usd" ? "$" : "")}{price.UnitAmount / 100m:0.00}");
}
