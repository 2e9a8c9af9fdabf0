using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Payments;
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
public sealed record SubscriptionView(
    Tier Tier, string Status, DateTimeOffset? CurrentPeriodStart, DateTimeOffset? CurrentPeriodEnd, bool CancelAtPeriodEnd,
    PendingChange? Pending, DateTimeOffset? GraceUntil);

/// <summary>A switch to another tier, or a cancellation to set or take back.</summary>
public sealed record SubscriptionPatch(Tier? Tier, bool? CancelAtPeriodEnd);

/// <summary>A tier to switch to; FREE cancels.</summary>
public sealed record PreviewRequest(Tier? Tier);

internal static class SubscriptionEndpoints
{
    public static IEndpointRouteBuilder MapSubscriptionEndpoints(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/tiers/subscription").WithTags("Tiers").RequireAuthorization();
        group.MapGet("/", ReadAsync);
        group.MapPatch("/", SwitchAsync).Refuses(404, 409, 503);
        group.MapDelete("/", CancelAsync).Refuses(404, 409, 503);
        group.MapPost("/preview", PreviewAsync).Refuses(404, 409, 503);
        return app;
    }

    [EndpointName("ReadSubscription"), EndpointSummary("The caller's subscription with what is pending")]
    private static async Task<Ok<SubscriptionView>> ReadAsync(ClaimsPrincipal user, BillingDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ViewAsync(user.Id(), db, cancellationToken));

    [EndpointName("SwitchSubscription"), EndpointSummary("Switches the tier, or takes back what is pending")]
    [EndpointDescription(
        "Up: at once, prorated, applied once paid. Down: at the end of the period. The tier that it has: undoes what is pending.")]
    private static async Task<Ok<SubscriptionView>> SwitchAsync(
        Body<SubscriptionPatch> body, ClaimsPrincipal user, SubscriptionChanges changes, CurrentSubscription current,
        CancellationToken cancellationToken)
    {
        await current.RequireAsync(user.Id(), cancellationToken);
        await changes.SwitchAsync(user.Id(), TargetOf(await body.ReadAsync()), current.NewOperation(), cancellationToken);
        return TypedResults.Ok(await ViewAsync(user.Id(), current.Db, cancellationToken));
    }

    [EndpointName("CancelSubscription"), EndpointSummary("Cancels at the end of the period; undoable until then")]
    private static async Task<Ok<SubscriptionView>> CancelAsync(
        ClaimsPrincipal user, SubscriptionChanges changes, CurrentSubscription current, CancellationToken cancellationToken)
    {
        await current.RequireAsync(user.Id(), cancellationToken);
        await changes.SwitchAsync(user.Id(), Tier.Free, current.NewOperation(), cancellationToken);
        return TypedResults.Ok(await ViewAsync(user.Id(), current.Db, cancellationToken));
    }

    [EndpointName("PreviewSwitch"), EndpointSummary("What a switch would cost, now and at the next renewal; changes nothing")]
    private static async Task<Ok<SwitchPreview>> PreviewAsync(
        Body<PreviewRequest> body, ClaimsPrincipal user, SwitchPreviews previews, CurrentSubscription current,
        CancellationToken cancellationToken)
    {
        var subscription = await current.RequireAsync(user.Id(), cancellationToken);
        var tier = (await body.ReadAsync()).Tier ?? throw Problem.Invalid("tier", "A tier to switch to; FREE cancels.");
        return TypedResults.Ok(await previews.ReadAsync(subscription, tier, cancellationToken));
    }

    private static Tier? TargetOf(SubscriptionPatch patch) => patch switch
    {
        { Tier: { } tier, CancelAtPeriodEnd: not true } => tier,
        { Tier: null or Tier.Free, CancelAtPeriodEnd: true } => Tier.Free,
        { Tier: null, CancelAtPeriodEnd: false } => null,
        _ => throw Problem.Invalid("tier", "A tier to switch to, or cancelAtPeriodEnd alone."),
    };

    private static async Task<SubscriptionView> ViewAsync(Guid userId, BillingDb db, CancellationToken cancellationToken)
    {
        var row = await db.Set<StoredSubscription>().AsNoTracking().Where(s => s.UserId == userId)
            .OrderByDescending(s => s.Current).ThenByDescending(s => s.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        if (row is null)
            return new SubscriptionView(Tier.Free, "none", null, null, false, null, null);
        var pending = row is { PendingTier: { } tier, PendingAt: { } at, PendingReason: { } reason }
            ? new PendingChange(tier, at, reason)
            : null;
        return new SubscriptionView(
            row.Tier, row.Status.ToWord(), row.PeriodStart, row.PeriodEnd, row.CancelAtPeriodEnd, pending, row.GraceUntil);
    }
}

/// <summary>The subscription that a request is about.</summary>
internal sealed class CurrentSubscription(BillingDb db, IOptions<StripeOptions> options, TimeProvider clock)
{
    public BillingDb Db => db;

    /// <summary>503 where payments are not set up, 404 without a subscription.</summary>
    public async Task<StoredSubscription> RequireAsync(Guid userId, CancellationToken cancellationToken)
    {
        options.Require();
        return await db.Set<StoredSubscription>().AsNoTracking()
            .SingleOrDefaultAsync(s => s.UserId == userId && s.Current, cancellationToken)
            ?? throw Problem.NotFound("subscription");
    }

    /// <summary>A name for the steps of one request at Stripe.</summary>
    public Guid NewOperation() => Guid.CreateVersion7(clock.GetUtcNow());
}
