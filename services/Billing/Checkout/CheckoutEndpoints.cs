using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Stripe;
using Stripe.BillingPortal;

namespace Son1kVers3.Billing.Checkout;

/// <summary>What to buy, and where the browser goes afterwards.</summary>
public sealed record CheckoutRequest(Tier? Tier, string? SuccessUrl, string? CancelUrl);

/// <summary>What the client opens to pay.</summary>
public sealed record CheckoutView(string Url, string SessionId);

/// <summary>Where the browser goes after the portal; the gateway's front page without one.</summary>
public sealed record PortalRequest(string? ReturnUrl);

/// <summary>What the client opens.</summary>
public sealed record PortalView(string Url);

internal static class CheckoutEndpoints
{
    public static IEndpointRouteBuilder MapCheckoutEndpoints(this IEndpointRouteBuilder app)
    {
        var tiers = app.MapGroup("/api/tiers").WithTags("Tiers").RequireAuthorization();
        tiers.MapPost("/checkout", CheckoutAsync).WithIdempotency().Refuses(409, 503);
        tiers.MapPost("/portal", PortalAsync).WithIdempotency().Refuses(503);
        return app;
    }

    [EndpointName("OpenCheckout"), EndpointSummary("Opens a Stripe Checkout Session for a tier")]
    private static async Task<Created<CheckoutView>> CheckoutAsync(
        Body<CheckoutRequest> body, ClaimsPrincipal user, Operation operation, ReturnAddresses returns, IOptions<StripeOptions> options,
        CheckoutService checkout,
        CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        if (request.Tier is null or Tier.Free)
            throw Problem.Invalid("tier", "One of CREATOR, PRO, STUDIO.");
        returns.Check(("successUrl", request.SuccessUrl), ("cancelUrl", request.CancelUrl));
        options.Require();
        return TypedResults.Created((string?)null, await checkout.OpenAsync(user.Id(), request, operation.Id, cancellationToken));
    }

    [EndpointName("OpenPortal"), EndpointSummary("Opens Stripe's billing portal")]
    private static async Task<Created<PortalView>> PortalAsync(
        HttpRequest http, Body<PortalRequest> body, ClaimsPrincipal user, Operation operation, ReturnAddresses returns, Portal portal,
        CancellationToken cancellationToken)
    {
        var request = http.ContentLength is null or 0 && !http.HasJsonContentType() ? new PortalRequest(null) : await body.ReadAsync();
        var returnUrl = request.ReturnUrl ?? $"{returns.Allowed[0]}/";
        returns.Check(("returnUrl", returnUrl));
        return TypedResults.Created((string?)null, await portal.OpenAsync(user.Id(), returnUrl, operation.Id, cancellationToken));
    }
}

/// <summary>Opens Stripe's billing portal.</summary>
internal sealed class Portal(IStripeClient stripe, StripeKeys keys, Customers customers, IOptions<StripeOptions> options)
{
    public Task<PortalView> OpenAsync(Guid userId, string returnUrl, Guid operation, CancellationToken cancellationToken)
    {
        options.Require();
        return StripeProblems.ReachAsync(
            async () =>
            {
                var customer = await customers.EnsureAsync(userId, cancellationToken);
                var session = await keys.CallAsync(
                    $"portal/{operation:N}",
                    request =>
                        new SessionService(stripe)
                            .CreateAsync(
                                new SessionCreateOptions { Customer = customer, ReturnUrl = returnUrl }, request, cancellationToken),
                    cancellationToken);
                return new PortalView(session.Url);
            },
            cancellationToken);
    }
}
