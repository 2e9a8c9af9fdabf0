using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Billing.Webhooks;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Billing.Admin;

/// <summary>An event that is going to be processed once more.</summary>
public sealed record ReplayView(string Id, string Status);

/// <summary>Lookup keys of the prices that were made.</summary>
public sealed record MadePricesView(IReadOnlyList<string> Made);

/// <summary>What operators may do about Stripe.</summary>
internal static class StripeCare
{
    [EndpointName("ReplayStripeEvent"), EndpointSummary("Processes an event of Stripe's once more")]
    public static async Task<Accepted<ReplayView>> ReplayAsync(
        string id, Body<ReasonRequest> body, ClaimsPrincipal user, EventInbox inbox, MemberCare care, BillingDb db,
        CancellationToken cancellationToken)
    {
        if (!await db.Set<StripeEvent>().AnyAsync(e => e.Id == id, cancellationToken))
            throw Problem.NotFound("event");
        var reason = AdminEndpoints.Reason((await body.ReadAsync()).Reason);
        await care.RecordAsync(new CareOrder(user.Id(), null, reason), "replay", id, cancellationToken);
        await inbox.ReplayAsync(id, cancellationToken);
        return TypedResults.Accepted((string?)null, new ReplayView(id, "queued"));
    }

    [EndpointName("MakePrices"), EndpointSummary("Makes the catalogue's prices at Stripe, also in live mode")]
    public static async Task<Ok<MadePricesView>> MakePricesAsync(
        Body<ReasonRequest> body, ClaimsPrincipal user, MemberCare care, PriceBook prices, IOptions<StripeOptions> options,
        CancellationToken cancellationToken)
    {
        var reason = AdminEndpoints.Reason((await body.ReadAsync()).Reason);
        options.Require();
        var made = await StripeProblems.ReachAsync(() => prices.BootstrapAsync(allowLive: true, cancellationToken), cancellationToken);
        await care.RecordAsync(new CareOrder(user.Id(), null, reason), "make-prices", string.Join(", ", made), cancellationToken);
        return TypedResults.Ok(new MadePricesView(made));
    }
}
