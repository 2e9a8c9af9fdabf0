using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Stripe's prices of the catalogue, found by lookup key.</summary>
/// <remarks>Missing ones are made, idempotently, in test mode; in live mode only once an operator allowed it.</remarks>
public sealed class PriceBook(StripeCalls stripe, IOptions<StripeOptions> options, ILogger<PriceBook> log)
{
    private readonly ConcurrentDictionary<string, Tier> _tiers = new();
    private readonly ConcurrentDictionary<Tier, string> _prices = new();

    /// <summary>The name by which a tier's price is found: <c>son1k_pro_month</c>.</summary>
    public static string LookupKey(Tier tier) => $"son1k_{Name(tier)}_month";

    /// <summary>The price of a paid tier.</summary>
    public async Task<string> PriceOfAsync(Tier tier, CancellationToken cancellationToken)
    {
        if (!_prices.ContainsKey(tier))
            await BootstrapAsync(options.Value.AllowLiveBootstrap, cancellationToken);
        return _prices.TryGetValue(tier, out var price)
            ? price
            : throw Problem.Of(503, "payments-unavailable", "Payments are not set up completely: an operator has to make the prices.");
    }

    /// <summary>The tier of a price as it stands in a subscription's item.</summary>
    public Tier TierOf(JsonElement price)
    {
        var found = Match(price.Text("metadata", "tier"), price.Text("lookup_key"));
        if (found is { } tier && price.Text("id") is { } id)
            _tiers[id] = tier;
        if (found is null)
            log.LogError("Price {Price} belongs to no tier; it buys nothing", price.Text("id"));
        return found ?? Tier.Free;
    }

    /// <summary>The tier of a price of which only the id is known.</summary>
    public async Task<Tier> TierOfAsync(string priceId, CancellationToken cancellationToken) => _tiers.TryGetValue(priceId, out var tier)
        ? tier
        : TierOf(await stripe.GetAsync($"/v1/prices/{priceId}", StripeForm.Empty, cancellationToken));

    /// <summary>Finds the prices, and makes what is missing where that is allowed. Returns the lookup keys made.</summary>
    public async Task<IReadOnlyList<string>> BootstrapAsync(bool allowLive, CancellationToken cancellationToken)
    {
        var paid = TierCatalogue.Plans.Where(p => p.PriceCents > 0).ToList();
        var query = new StripeForm { { "active", "true" }, { "limit", 100 } };
        foreach (var (plan, index) in paid.Select((plan, index) => (plan, index)))
            query.Add($"lookup_keys[{index}]", LookupKey(plan.Tier));
        var found = (await stripe.GetAsync("/v1/prices", query, cancellationToken)).Items().ToDictionary(p => p.Text("lookup_key")!);
        var made = new List<string>();
        foreach (var plan in paid)
        {
            var key = LookupKey(plan.Tier);
            if (found.TryGetValue(key, out var price))
            {
                Remember(plan.Tier, price);
            }
            else if (!options.Value.IsLive || allowLive)
            {
                Remember(plan.Tier, await MakeAsync(plan, key, cancellationToken));
                made.Add(key);
            }
        }

        return made;
    }

    private Task<JsonElement> MakeAsync(TierPlan plan, string key, CancellationToken cancellationToken) => stripe.PostAsync(
        // Another account or mode of Stripe has prices of its own.
        $"price/{options.Value.AccountMark}/{key}/{plan.PriceCents}",
        "/v1/prices",
        new StripeForm
        {
            { "currency", TierCatalogue.Currency },
            { "unit_amount", plan.PriceCents },
            { "recurring[interval]", "month" },
            { "lookup_key", key },
            { "nickname", $"{plan.Tier} monthly" },
            { "metadata[tier]", Name(plan.Tier) },
            { "product_data[name]", $"Son1kVers3 {plan.Tier.ToString().ToUpperInvariant()}" },
            { "product_data[metadata][tier]", Name(plan.Tier) },
        },
        cancellationToken);

    private void Remember(Tier tier, JsonElement price)
    {
        var id = price.Text("id")!;
        if (price.Number("unit_amount") != TierCatalogue.Of(tier).PriceCents)
            log.LogError("Price {Price} asks {Cents} cents for {Tier}; the catalogue says {Expected}", id, price.Number("unit_amount"), tier, TierCatalogue.Of(tier).PriceCents);
        _tiers[id] = tier;
        _prices[tier] = id;
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
