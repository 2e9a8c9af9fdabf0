using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Stealth.Accounts;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Proxies;
using Son1kVers3.Stealth.Rotation;
using StackExchange.Redis;

namespace Son1kVers3.Stealth.Monitoring;

/// <summary>What was done lately, and what can be done now.</summary>
internal sealed record StealthStats(int Hours, IReadOnlyList<ProviderStats> Providers, IReadOnlyList<ProxyStats> Proxies);

internal sealed record ProviderStats(string Name, Strategy Strategy, bool Enabled, long Requests, long Errors, IReadOnlyList<AccountStats> Accounts);

/// <param name="Errors">By class.</param>
/// <param name="P50Ms">Of the time until the provider's answer, to 19%.</param>
internal sealed record AccountStats(AccountView Account, long Requests, IReadOnlyDictionary<string, long> Errors, double? P50Ms, double? P99Ms, long SpendCents);

internal sealed record ProxyStats(ProxyView Proxy, long Requests, IReadOnlyDictionary<string, long> Errors, double? P50Ms, double? P99Ms);

internal static class StatsEndpoint
{
    private const int MostHours = 24;

    public static void MapStats(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/stealth/stats", GetAsync).WithTags("Stealth: health").RequireAuthorization(Roles.Operator).Refuses(400, 503);

    [EndpointName("GetStealthStats"), EndpointSummary("Requests, errors, latency, spend and what is left"),
     EndpointDescription("Per account and proxy, over the last `?hours=` (1–24, default 24), the running one included; with what is left of each limit, and why an account can't take a request now.")]
    private static async Task<Ok<StealthStats>> GetAsync(
        string? hours, FleetCache fleet, StatisticsReader statistics, AccountViews views, TimeProvider clock, CancellationToken cancellationToken)
    {
        var span = MostHours;
        if (hours is not null && (!int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out span) || span is < 1 or > MostHours))
            throw Problem.Invalid("hours", $"A whole number from 1 to {MostHours}.");
        try
        {
            var snapshot = fleet.Current;
            var providers = new List<ProviderStats>();
            foreach (var provider in snapshot.Providers.Values.Where(p => p.Accounts.Count > 0).OrderBy(p => p.Settings.Name, StringComparer.Ordinal))
                providers.Add(await OfAsync(provider, span, statistics, views, cancellationToken));
            return TypedResults.Ok(new StealthStats(span, providers, await ProxiesAsync(snapshot, span, statistics, clock.GetUtcNow())));
        }
        catch (Exception e) when (Rotator.IsAway(e))
        {
            throw Problem.Unavailable("The statistics are away at the moment.", TimeSpan.FromSeconds(5));
        }
    }

    private static async Task<ProviderStats> OfAsync(ProviderFleet provider, int hours, StatisticsReader statistics, AccountViews views, CancellationToken cancellationToken)
    {
        var done = await statistics.HoursAsync(provider.Settings.Name, [.. provider.Accounts.Select(a => a.Id)], hours);
        var accounts = (await views.OfAsync(provider.Accounts, cancellationToken)).Select(view => Of(view, done[view.Id])).ToList();
        return new ProviderStats(
            provider.Settings.Name, provider.Settings.Strategy, provider.Settings.Enabled, accounts.Sum(a => a.Requests), accounts.Sum(a => a.Errors.Values.Sum()), accounts);
    }

    private static AccountStats Of(AccountView view, Statistics done) => new(view, done.Requests, done.Errors, done.Percentile(50), done.Percentile(99), done.Cents);

    /// <summary>A proxy may serve accounts of several providers.</summary>
    private static async Task<IReadOnlyList<ProxyStats>> ProxiesAsync(FleetSnapshot fleet, int hours, StatisticsReader statistics, DateTimeOffset now)
    {
        var proxies = fleet.Proxies.Values.OrderByDescending(p => p.Id).ToList();
        var sums = proxies.ToDictionary(p => p.Id, _ => Statistics.None);
        foreach (var provider in fleet.Providers.Values.Where(p => p.Accounts.Any(a => a.ProxyId is not null)))
        {
            foreach (var (id, done) in await statistics.HoursAsync(provider.Settings.Name, [.. proxies.Select(p => p.Id)], hours))
                sums[id] = sums[id].Plus(done);
        }

        return [.. proxies.Select(p => new ProxyStats(ProxyView.Of(p, now), sums[p.Id].Requests, sums[p.Id].Errors, sums[p.Id].Percentile(50), sums[p.Id].Percentile(99)))];
    }
}
