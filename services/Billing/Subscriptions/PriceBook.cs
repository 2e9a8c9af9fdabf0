using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Problems;
using Stripe;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Stripe's prices of the catalogue, found by lookup key.</summary>
/// <remarks>Missing ones are made, idempotently, in test mode; in live mode only once an operator allowed it.</remarks>
public sealed class PriceBook(IStripeClient stripe, StripeKeys keys, IOptions<StripeOptions> options, ILogger<PriceBook> log)
{
    private readonly ConcurrentDictionary<string, Tier?> _tiers = new();
    private readonly ConcurrentDictionary<Tier, string> _prices = new();

    /// <summary>The name by which a tier's price is found: <c>son1k_pro_month</c>.</summary>
    public static string LookupKey(Tier tier) => $"son1k_{Name(tier)}_month";

    /// <summary>Does something with the price of a paid tier; should that price be gone meanwhile, once more with the one that took its
    /// place.</summary>
    public async Task<T> WithPriceAsync<T>(Tier tier, Func<string, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(await PriceOfAsync(tier, cancellationToken));
        }
        catch (StripeException e) when (e.IsAboutPrice)
        {
            log.LogWarning("The price of {Tier} is not for sale any more: {Reason}", tier, e.Message);
            _prices.TryRemove(tier, out _);
            return await call(await PriceOfAsync(tier, cancellationToken));
        }
    }

    /// <summary>The price of a paid tier.</summary>
    public async Task<string> PriceOfAsync(Tier tier, CancellationToken cancellationToken)
    {
        if (!_prices.ContainsKey(tier))
            await BootstrapAsync(options.Value.AllowLiveBootstrap, cancellationToken);
        return _prices.TryGetValue(tier, out var price)
            ? price
            : throw Problem.Of(503, "payments-unavailable", "Payments are not set up completely: an operator has to make the prices.");
    }

    /// <summary>The tier of a price; null when it is none's, and buys nothing.</summary>
    public Tier? TierOf(Price price) => _tiers.GetOrAdd(price.Id, _ =>
    {
        var found = Match(price.Metadata?.GetValueOrDefault("tier"), price.LookupKey);
        if (found is null)
            log.LogError("Price {Price} belongs to no tier; it buys nothing", price.Id);
        return found;
    });

    /// <summary>The tier of a price of which only the id is known.</summary>
    public async Task<Tier?> TierOfAsync(string priceId, CancellationToken cancellationToken)
    {
        if (_tiers.TryGetValue(priceId, out var known))
            return known;
        try
        {
            return TierOf(await new PriceService(stripe).GetAsync(priceId, cancellationToken: cancellationToken));
        }
        catch (StripeException e) when (e.IsMissing)
        {
            log.LogError("Price {Price} is gone; it buys nothing", priceId);
            return null;
        }
    }

    /// <summary>Finds the prices, and makes what is missing where that is allowed. Returns the lookup keys made.</summary>
    public async Task<IReadOnlyList<string>> BootstrapAsync(bool allowLive, CancellationToken cancellationToken)
    {
        var paid = TierCatalogue.Plans.Where(p => p.PriceCents > 0).ToList();
        var query = new PriceListOptions { Limit = 100, LookupKeys = [.. paid.Select(p => LookupKey(p.Tier))] };
        var found = (await new PriceService(stripe).ListAsync(query, cancellationToken: cancellationToken)).ToDictionary(p => p.LookupKey);
        var made = new List<string>();
        foreach (var plan in paid)
        {
            var key = LookupKey(plan.Tier);
            if (found.GetValueOrDefault(key) is { Active: true } price)
            {
                Remember(plan.Tier, price);
            }
            else if (!options.Value.IsLive || allowLive)
            {
                Remember(plan.Tier, await MakeAsync(plan, key, found.GetValueOrDefault(key), cancellationToken));
                made.Add(key);
            }
        }

        return made;
    }

    /// <summary>Another account or mode of Stripe has prices of its own; an archived one gives its lookup key to the new one.</summary>
    private Task<Price> MakeAsync(TierPlan plan, string key, Price? archived, CancellationToken cancellationToken) => keys.CallAsync(
        $"price/{options.Value.AccountMark}/{key}/{plan.PriceCents}/{archived?.Id}",
        request => new PriceService(stripe).CreateAsync(
            new PriceCreateOptions
            {
                Currency = TierCatalogue.Currency,
                UnitAmount = plan.PriceCents,
                Recurring = new PriceRecurringOptions { Interval = "month" },
                LookupKey = key,
                TransferLookupKey = true,
                Nickname = $"{plan.Tier} monthly",
                Metadata = new() { ["tier"] = Name(plan.Tier) },
                ProductData = new PriceProductDataOptions
                {
                    Name = $"Son1kVers3 {plan.Tier.ToString().ToUpperInvariant()}",
                    Metadata = new() { ["tier"] = Name(plan.Tier) },
                },
            },
            request,
            cancellationToken),
        cancellationToken);

    private void Remember(Tier tier, Price price)
    {
        if (price.UnitAmount != TierCatalogue.Of(tier).PriceCents)
            log.LogError(
                "Price {Price} asks {Cents} cents for {Tier}; the catalogue says {Expected}", price.Id, price.UnitAmount, tier,
                TierCatalogue.Of(tier).PriceCents);
        _tiers[price.Id] = tier;
        _prices[tier] = price.Id;
    }

    private static Tier? Match(string? name, string? lookupKey)
    {
        foreach (var plan in TierCatalogue.Plans.Where(p => p.PriceCents > 0))
        {
            if (name == Name(plan.Tier) || lookupKey == LookupKey(plan.Tier))
                return plan.Tier;
        }

        return null;
    }

    private static string Name(Tier tier) => tier.ToString().ToLowerInvariant();
}
