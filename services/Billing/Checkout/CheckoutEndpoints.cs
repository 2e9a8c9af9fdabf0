using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Billing.Checkout;

/// <summary>What to buy, and where the browser goes afterwards.</summary>
public sealed record CheckoutRequest(Tier? Tier, string? SuccessUrl, string? CancelUrl);

/// <summary>Where the browser goes after the portal; the gateway's front page without one.</summary>
public sealed record PortalRequest(string? ReturnUrl);

/// <summary>What the client opens.</summary>
public sealed record PortalDto(string Url);

internal static class CheckoutEndpoints
{
    public static IEndpointRouteBuilder MapCheckoutEndpoints(this IEndpointRouteBuilder app)
    {
        var tiers = app.MapGroup("/api/tiers").WithTags("Tiers").RequireAuthorization();
        tiers.MapPost("/checkout", CheckoutAsync).WithIdempotency().WithName("OpenCheckout").WithSummary("Opens a Stripe Checkout Session for a tier")
            .Produces<CheckoutDto>(201).Refuses(400, 409, 503);
        tiers.MapPost("/portal", PortalAsync).WithIdempotency().WithName("OpenPortal").WithSummary("Opens Stripe's billing portal")
            .Produces<PortalDto>(201).Refuses(400, 503);
        return app;
    }

    private static async Task<IResult> CheckoutAsync(
        Body<CheckoutRequest> body, ClaimsPrincipal user, Operation operation, ReturnAddresses returns, HttpContext http)
    {
        var request = await body.ReadAsync();
        if (request.Tier is null or Tier.Free)
            throw Problem.Invalid("tier", "One of CREATOR, PRO, STUDIO.");
        returns.Check(("successUrl", request.SuccessUrl), ("cancelUrl", request.CancelUrl));
        RequireStripe(http);
        return await http.RequestServices.GetRequiredService<CheckoutService>().OpenAsync(user.Id(), request, operation, http.RequestAborted);
    }

    private static async Task<IResult> PortalAsync(Body<PortalRequest> body, ClaimsPrincipal user, Operation operation, ReturnAddresses returns, HttpContext http)
    {
        var request = http.Request.ContentLength is null or 0 && !http.Request.HasJsonContentType() ? new PortalRequest(null) : await body.ReadAsync();
        var returnUrl = request.ReturnUrl ?? $"{returns.Allowed[0]}/";
        returns.Check(("returnUrl", returnUrl));
        RequireStripe(http);
        var (customers, stripe) = (http.RequestServices.GetRequiredService<Customers>(), http.RequestServices.GetRequiredService<StripeCalls>());
        var url = await Payments.ReachAsync(async () =>
        {
            var customer = await customers.EnsureAsync(user.Id(), http.RequestAborted);
            var session = await stripe.PostAsync(
                $"portal/{operation.Id:N}", "/v1/billing_portal/sessions", [new("customer", customer), new("return_url", returnUrl)], http.RequestAborted);
            return session.Text("url")!;
        });
        return TypedResults.Json(new PortalDto(url), statusCode: StatusCodes.Status201Created);
    }

    /// <summary>After the checks of the request: bad input is told first.</summary>
    private static void RequireStripe(HttpContext http)
    {
        if (!http.RequestServices.GetRequiredService<IOptions<StripeOptions>>().Value.IsConfigured)
            throw Payments.Unavailable();
    }
}
