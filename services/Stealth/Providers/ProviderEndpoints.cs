using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Watch;

namespace Son1kVers3.Stealth.Providers;

/// <summary>How a provider's accounts are to be used. Replaces all of it: what is absent gets its default, <c>rest: null</c> is no rest.</summary>
internal sealed record ProviderChange
{
    public Strategy? Strategy { get; init; }
    public bool Enabled { get; init; } = true;

    /// <summary>After so many requests an account rests; 50 and 30 minutes unless given.</summary>
    public Rest? Rest { get; init; } = new();

    /// <summary>Accounts may name servers in private networks, and plain http.</summary>
    public bool? AllowPrivateHosts { get; init; }
}

/// <summary>A provider as operators see it.</summary>
/// <param name="SingleKeyPerAccount">The provider asks for one key at a time.</param>
/// <param name="Hosts">Where its requests go, and where its results come from.</param>
internal sealed record ProviderView(
    string Name, Strategy Strategy, bool Enabled, Rest? Rest, bool AllowPrivateHosts, bool SingleKeyPerAccount, IReadOnlyList<string> Hosts, IReadOnlyList<string> Paths, int Accounts,
    int Available)
{
    public static ProviderView Of(ProviderFleet p, FleetSnapshot fleet, DateTimeOffset now) => new(
        p.Settings.Name, p.Settings.Strategy, p.Settings.Enabled, p.Settings.Rest, p.Settings.AllowPrivateHosts, p.Dialect.SingleKeyPerAccount,
        [.. p.Dialect.BaseAddress is { } address ? [address.Host] : Array.Empty<string>(), .. p.Dialect.ResultHosts], p.Dialect.PathPrefixes, p.Accounts.Count,
        p.Accounts.Count(a => ProviderWatch.IsAvailable(a, fleet, now)));
}

/// <summary>All providers that can be configured.</summary>
internal sealed record ProviderList(IReadOnlyList<ProviderView> Items);

internal static class ProviderEndpoints
{
    public static void MapProviders(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/stealth/providers").WithTags("Stealth: providers").RequireAuthorization(Roles.Operator);
        group.MapGet("/", List);
        group.MapGet("/{name}", Get);
        group.MapPut("/{name}", ConfigureAsync);
    }

    [EndpointName("ListStealthProviders"), EndpointSummary("Providers and how their accounts are used")]
    private static Ok<ProviderList> List(FleetCache fleet, TimeProvider clock)
    {
        var now = fleet.Current;
        return TypedResults.Ok(new ProviderList([.. now.Providers.Values.OrderBy(p => p.Settings.Name, StringComparer.Ordinal).Select(p => ProviderView.Of(p, now, clock.GetUtcNow()))]));
    }

    [EndpointName("GetStealthProvider"), EndpointSummary("One provider")]
    private static Ok<ProviderView> Get(string name, FleetCache fleet, TimeProvider clock) =>
        TypedResults.Ok(ProviderView.Of(Find(name, fleet), fleet.Current, clock.GetUtcNow()));

    [EndpointName("ConfigureStealthProvider"), EndpointSummary("Set strategy, rest and reach of a provider")]
    private static async Task<Ok<ProviderView>> ConfigureAsync(string name, Body<ProviderChange> body, StealthDb db, FleetCache fleet, TimeProvider clock, CancellationToken cancellationToken)
    {
        var dialect = Find(name, fleet).Dialect;
        var change = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var settings = await ProviderRows.TakeAsync(db, dialect, cancellationToken);
        settings.Strategy = change.Strategy ?? ProviderSettings.Default(dialect).Strategy;
        settings.Enabled = change.Enabled;
        settings.Rest = change.Rest;
        settings.AllowPrivateHosts = change.AllowPrivateHosts ?? dialect.SelfHosted;
        settings.Version++;
        await db.SaveFleetAsync("conflict", "Somebody else changes this provider.", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await fleet.ReloadAsync(cancellationToken);
        return Get(name, fleet, clock);
    }

    private static ProviderFleet Find(string name, FleetCache fleet) => fleet.Current.Providers.GetValueOrDefault(name) ?? throw Problem.NotFound("provider");
}

internal sealed class ProviderChangeRules : AbstractValidator<ProviderChange>
{
    public ProviderChangeRules()
    {
        RuleFor(p => p.Rest!.Requests).InclusiveBetween(1, 1_000_000).When(p => p.Rest is not null).OverridePropertyName("rest.requests");
        RuleFor(p => p.Rest!.Minutes).InclusiveBetween(0.01, 60 * 24 * 7).When(p => p.Rest is not null).OverridePropertyName("rest.minutes");
    }
}
