using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>The caller's subscription, and what is pending.</summary>
/// <param name="Tier">What the subscription is for; FREE without one.</param>
/// <param name="Status">In Stripe's words; <c>none</c> without a subscription.</param>
/// <param name="GraceUntil">While a payment is overdue: how long the tier stays.</param>
public sealed record SubscriptionDto(
    Tier Tier, string Status, DateTimeOffset? CurrentPeriodStart, DateTimeOffset? CurrentPeriodEnd, bool CancelAtPeriodEnd, PendingChange? Pending, DateTimeOffset? GraceUntil);

/// <summary>A switch to another tier, or a cancellation to set or take back.</summary>
public sealed record SubscriptionPatch(Tier? Tier, bool? CancelAtPeriodEnd);

internal static class SubscriptionEndpoints
{
    public static IEndpointRouteBuilder MapSubscriptionEndpoints(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/tiers/subscription").WithTags("Tiers").RequireAuthorization();
        group.MapGet("/", (ClaimsPrincipal user, BillingDb db, CancellationToken cancellationToken) => ReadAsync(user.Id(), db, cancellationToken))
            .WithName("ReadSubscription").WithSummary("The caller's subscription with what is pending");
        group.MapPatch("/", PatchAsync).WithName("SwitchSubscription").WithSummary("Switches the tier, or takes back what is pending")
            .WithDescription("Up: at once, prorated, applied once paid. Down: at the end of the period. The tier that it has: undoes what is pending.")
            .Produces<SubscriptionDto>().Refuses(400, 404, 409, 503);
        group.MapDelete("/", CancelAsync).WithName("CancelSubscription").WithSummary("Cancels at the end of the period; undoable until then")
            .Produces<SubscriptionDto>().Refuses(404, 503);
        return app;
    }

    private static async Task<SubscriptionDto> ReadAsync(Guid userId, BillingDb db, CancellationToken cancellationToken)
    {
        var row = await db.Set<Subscription>().AsNoTracking().Where(s => s.UserId == userId)
            .OrderByDescending(s => s.Current).ThenByDescending(s => s.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        if (row is null)
            return new SubscriptionDto(Tier.Free, "none", null, null, false, null, null);
        var pending = row is { PendingTier: { } tier, PendingAt: { } at, PendingReason: { } reason } ? new PendingChange(tier, at, reason) : null;
        return new SubscriptionDto(row.Tier, row.Status, row.PeriodStart, row.PeriodEnd, row.CancelAtPeriodEnd, pending, row.GraceUntil);
    }

    private static async Task<SubscriptionDto> PatchAsync(Body<SubscriptionPatch> body, ClaimsPrincipal user, BillingDb db, HttpContext http)
    {
        var current = await CurrentAsync(user.Id(), db, http);
        var patch = await body.ReadAsync();
        var target = patch switch
        {
            { Tier: { } tier, CancelAtPeriodEnd: not true } => tier,
            { Tier: null or Tier.Free, CancelAtPeriodEnd: true } => Tier.Free,
            { Tier: null, CancelAtPeriodEnd: false } => current.Tier,
            _ => throw Problem.Invalid("tier", "A tier to switch to, or cancelAtPeriodEnd alone."),
        };
        return await SwitchAsync(user.Id(), target, db, http);
    }

    private static async Task<SubscriptionDto> CancelAsync(ClaimsPrincipal user, BillingDb db, HttpContext http)
    {
        await CurrentAsync(user.Id(), db, http);
        return await SwitchAsync(user.Id(), Tier.Free, db, http);
    }

    private static async Task<Subscription> CurrentAsync(Guid userId, BillingDb db, HttpContext http)
    {
        if (!http.RequestServices.GetRequiredService<IOptions<StripeOptions>>().Value.IsConfigured)
            throw Payments.Unavailable();
        return await db.Set<Subscription>().AsNoTracking().SingleOrDefaultAsync(s => s.UserId == userId && s.Current, http.RequestAborted)
            ?? throw Problem.NotFound("subscription");
    }

    private static async Task<SubscriptionDto> SwitchAsync(Guid userId, Tier target, BillingDb db, HttpContext http)
    {
        var services = http.RequestServices;
        var operation = Guid.CreateVersion7(services.GetRequiredService<TimeProvider>().GetUtcNow());
        await services.GetRequiredService<SubscriptionChanges>().SwitchAsync(userId, target, operation, http.RequestAborted);
        return await ReadAsync(userId, db, http.RequestAborted);
    }
}
