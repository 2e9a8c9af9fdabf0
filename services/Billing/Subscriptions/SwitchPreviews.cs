using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;
using Stripe;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>What a switch would cost.</summary>
/// <param name="DueNowCents">Charged at once; 0 for a downgrade or a cancellation, which wait for the end of the period.</param>
/// <param name="At">When the switch takes effect.</param>
/// <param name="NextCents">Charged by the next renewal; 0 when there is none.</param>
/// <param name="NextAt">When that is.</param>
public sealed record SwitchPreview(Tier Tier, long DueNowCents, DateTimeOffset At, long NextCents, DateTimeOffset? NextAt, string Currency);

/// <summary>Asks Stripe what a switch would cost: the same arithmetic that will be charged.</summary>
internal sealed class SwitchPreviews(IStripeClient stripe, PriceBook prices, TimeProvider clock)
{
    /// <summary>The preview of a switch of a subscription.</summary>
    public Task<SwitchPreview> ReadAsync(StoredSubscription subscription, Tier tier, CancellationToken cancellationToken) =>
        StripeProblems.ReachAsync(
        async () =>
        {
            if (tier == Tier.Free)
                return new SwitchPreview(tier, 0, subscription.PeriodEnd, 0, null, TierCatalogue.Currency);
            var upgrades = tier > subscription.Tier;
            var now = upgrades ? await PreviewAsync(subscription, tier, "always_invoice", cancellationToken) : null;
            var next = await PreviewAsync(subscription, tier, "none", cancellationToken);
            return new SwitchPreview(
                tier, now?.AmountDue ?? 0, upgrades ? clock.GetUtcNow() : subscription.PeriodEnd, next.AmountDue, subscription.PeriodEnd,
                next.Currency);
        },
        cancellationToken);

    private Task<Invoice> PreviewAsync(
        StoredSubscription subscription, Tier tier, string prorations, CancellationToken cancellationToken) => prices.WithPriceAsync(
        tier,
        price => new InvoiceService(stripe).CreatePreviewAsync(
            new InvoiceCreatePreviewOptions
            {
                Subscription = subscription.Id,
                SubscriptionDetails = new()
                {
                    Items = [new() { Id = subscription.ItemId, Price = price }],
                    ProrationBehavior = prorations,
                },
            },
            cancellationToken: cancellationToken),
        cancellationToken);
}
