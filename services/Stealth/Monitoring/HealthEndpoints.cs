using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Stealth.Accounts;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;
using Son1kVers3.Stealth.Proxies;
using Son1kVers3.Stealth.Watch;

namespace Son1kVers3.Stealth.Monitoring;

/// <summary>How the capacity at the providers stands.</summary>
/// <param name="Status"><c>healthy</c> while one account per configured provider is available, else <c>unhealthy</c>.</param>
internal sealed record StealthHealth(string Status, IReadOnlyList<ProviderHealth> Providers)
{
    public static StealthHealth Of(FleetSnapshot fleet, DateTimeOffset now)
    {
        ProviderHealth[] providers =
        [
            .. fleet.Providers.Values.Where(p => p.Settings.Enabled && p.Accounts.Count > 0).OrderBy(p => p.Settings.Name, StringComparer.Ordinal)
                .Select(p => ProviderHealth.Of(p, fleet, now)),
        ];
        return new StealthHealth(ProviderHealth.Word(providers.All(p => p.Available > 0)), providers);
    }
}

/// <param name="Available">Accounts that requests may go to.</param>
internal sealed record ProviderHealth(string Name, string Status, int Accounts, int Available)
{
    public static ProviderHealth Of(ProviderFleet provider, FleetSnapshot fleet, DateTimeOffset now)
    {
        var available = provider.Accounts.Count(a => ProviderWatch.IsAvailable(a, fleet, now));
        return new ProviderHealth(provider.Settings.Name, Word(available > 0), provider.Accounts.Count, available);
    }

    public static string Word(bool healthy) => healthy ? "healthy" : "unhealthy";
}

/// <summary>An operator's word on the health of an account or proxy.</summary>
/// <param name="Minutes">For cooling and banned: how long; then it is probed.</param>
internal sealed record HealthOverride(HealthStatus? Status, string? Reason, double? Minutes);

internal static class HealthEndpoints
{
    public static void MapStealthHealth(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/stealth").WithTags("Stealth: health").RequireAuthorization(Roles.Operator);
        group.MapGet("/health", Get);
        group.MapPost("/accounts/{id:guid}/health", SetAccountAsync);
        group.MapPost("/proxies/{id:guid}/health", SetProxyAsync);
        group.MapGet("/accounts/{id:guid}/history", HistoryAsync);
        group.MapGet("/proxies/{id:guid}/history", HistoryAsync).WithName("GetStealthProxyHistory");
    }

    [EndpointName("GetStealthHealth"), EndpointSummary("Health of the accounts, per provider"), EndpointDescription("`healthy` while one account per configured provider is available.")]
    private static Ok<StealthHealth> Get(FleetCache fleet, TimeProvider clock) => TypedResults.Ok(StealthHealth.Of(fleet.Current, clock.GetUtcNow()));

    [EndpointName("SetStealthAccountHealth"), EndpointSummary("Set the health of an account by hand"), EndpointDescription("`healthy` also ends its rest and cooldown; `disabled` lasts until it is set again.")]
    private static async Task<Ok<AccountView>> SetAccountAsync(
        Guid id, Body<HealthOverride> body, AccountStore store, AccountViews views, HealthRecorder recorder, FleetCache fleet, TimeProvider clock, CancellationToken cancellationToken)
    {
        await store.FindAsync(id, cancellationToken);
        await SetAsync(id, isProxy: false, await body.ReadAsync(), recorder, fleet, clock, cancellationToken);
        return TypedResults.Ok(await views.OfAsync(fleet.Current.Accounts.GetValueOrDefault(id) ?? throw Problem.NotFound("account"), cancellationToken));
    }

    [EndpointName("SetStealthProxyHealth"), EndpointSummary("Set the health of a proxy by hand")]
    private static async Task<Ok<ProxyView>> SetProxyAsync(
        Guid id, Body<HealthOverride> body, StealthDb db, HealthRecorder recorder, FleetCache fleet, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!await db.Set<Proxy>().AnyAsync(p => p.Id == id, cancellationToken))
            throw Problem.NotFound("proxy");
        await SetAsync(id, isProxy: true, await body.ReadAsync(), recorder, fleet, clock, cancellationToken);
        return TypedResults.Ok(ProxyView.Of(fleet.Current.Proxies.GetValueOrDefault(id) ?? throw Problem.NotFound("proxy"), clock.GetUtcNow()));
    }

    [EndpointName("GetStealthAccountHistory"), EndpointSummary("What happened to an account or proxy, newest first")]
    private static async Task<Ok<Page<HistoryView>>> HistoryAsync(Guid id, PageQuery page, StealthDb db, CancellationToken cancellationToken)
    {
        if (!await db.Set<Account>().AnyAsync(a => a.Id == id, cancellationToken) && !await db.Set<Proxy>().AnyAsync(p => p.Id == id, cancellationToken))
            throw Problem.NotFound("account or proxy");
        var entries = db.Set<HealthEntry>().AsNoTracking().Where(e => e.SubjectId == id);
        if (page.After<long>() is { } after)
            entries = entries.Where(e => e.Id < after);
        var rows = await entries.OrderByDescending(e => e.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<HealthEntry>.Of(rows, page, e => e.Id).Select(HistoryView.Of));
    }

    private static async Task SetAsync(Guid id, bool isProxy, HealthOverride change, HealthRecorder recorder, FleetCache fleet, TimeProvider clock, CancellationToken cancellationToken)
    {
        var until = change.Minutes is { } minutes ? clock.GetUtcNow().AddMinutes(minutes) : (DateTimeOffset?)null;
        await recorder.ApplyAsync(new Sighting(id, isProxy, new Observation.Overridden(change.Status!.Value, change.Reason ?? "set by an operator", until)), cancellationToken);
        await fleet.ReloadAsync(cancellationToken);
    }
}

internal sealed class HealthOverrideRules : AbstractValidator<HealthOverride>
{
    public HealthOverrideRules()
    {
        RuleFor(h => h.Status).NotNull().WithMessage($"One of {string.Join(", ", EnumNames<HealthStatus>.Values.Keys)}.");
        RuleFor(h => h.Reason).Line(200);
        RuleFor(h => h.Minutes).InclusiveBetween(0.01, 60 * 24 * 366);
        RuleFor(h => h.Minutes).NotNull().When(h => h.Status is HealthStatus.Cooling or HealthStatus.Banned).WithMessage("How long.");
    }
}
