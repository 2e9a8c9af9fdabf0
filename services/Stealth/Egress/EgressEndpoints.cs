using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Rotation;
using Son1kVers3.Stealth.Watch;

namespace Son1kVers3.Stealth.Egress;

/// <summary>A lease as its holder gets it.</summary>
internal sealed record LeaseView(string Lease, DateTimeOffset ExpiresAt);

/// <summary>A provider as those see it who send requests to it.</summary>
/// <param name="Accounts">How many are configured.</param>
/// <param name="Available">One of them can be used now.</param>
internal sealed record EgressProviderView(string Name, bool Enabled, int Accounts, bool Available);

/// <summary>What only services of the platform may call; never described or routed to the outside.</summary>
internal static class EgressEndpoints
{
    private const long LargestBody = 64 << 20;

    public static void MapEgress(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/egress").AddEndpointFilter(app.ServiceProvider.GetRequiredService<EgressCredential>()).ExcludeFromDescription();
        group.MapGet("/providers", List);
        group.MapDelete("/leases/{lease}", EndLeaseAsync);
        group.MapPost("/leases/{lease}/take-over", TakeLeaseOverAsync);
        group.Map("/{provider}/{**path}", ForwardAsync).WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LargestBody));
    }

    private static Ok<IEnumerable<EgressProviderView>> List(FleetCache fleet, TimeProvider clock)
    {
        var (snapshot, now) = (fleet.Current, clock.GetUtcNow());
        return TypedResults.Ok(snapshot.Providers.Values.OrderBy(p => p.Settings.Name, StringComparer.Ordinal).Select(p => new EgressProviderView(
            p.Settings.Name, p.Settings.Enabled, p.Accounts.Count, p.Settings.Enabled && p.Accounts.Any(a => ProviderWatch.IsAvailable(a, snapshot, now)))));
    }

    private static async Task<EmptyHttpResult> ForwardAsync(string provider, string? path, HttpContext http, EgressHandler handler)
    {
        // A provider's error goes on as it came.
        if (http.Features.Get<IStatusCodePagesFeature>() is { } pages)
            pages.Enabled = false;
        await handler.ServeAsync(http, provider, path);
        return TypedResults.Empty;
    }

    private static async Task<NoContent> EndLeaseAsync(string lease, EgressLeases leases, CancellationToken cancellationToken)
    {
        await leases.EndAsync(lease, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<LeaseView>> TakeLeaseOverAsync(string lease, EgressLeases leases, CancellationToken cancellationToken)
    {
        var taken = await leases.TakeOverAsync(lease, cancellationToken);
        return TypedResults.Ok(new LeaseView(taken.Token, taken.ExpiresAt));
    }
}
