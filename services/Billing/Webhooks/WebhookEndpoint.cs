using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Son1kVers3.Billing.Payments;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Billing.Webhooks;

/// <summary>The event is kept; what follows from it happens afterwards.</summary>
public sealed record WebhookReceipt(bool Received);

internal static class WebhookEndpoint
{
    public static IEndpointRouteBuilder MapWebhookEndpoint(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/tiers/webhook", ReceiveAsync).WithTags("Tiers").Refuses(400, 503);
        return app;
    }

    [EndpointName("ReceiveStripeEvent"), EndpointSummary("Stripe's events")]
    [EndpointDescription("Signed by Stripe over the raw body; each event counts once.")]
    private static async Task<Ok<WebhookReceipt>> ReceiveAsync(
        HttpRequest request, EventInbox inbox, IOptions<StripeOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        options.Require();
        var body = await ReadAsync(request, cancellationToken);
        var now = clock.GetUtcNow();
        if (!StripeEvents.IsSigned(body, request.Headers["Stripe-Signature"], options.Value.WebhookSecrets, now))
            throw Problem.Of(400, "bad-signature", "The signature does not fit the body, or its timestamp is not of now.");
        var received = StripeEvents.Read(body, now, out var livemode);
        if (livemode != options.Value.IsLive)
            throw Problem.Of(400, "livemode-mismatch", "A test event is not for a live installation, and the other way round.");
        await inbox.AddAsync(received, cancellationToken);
        return TypedResults.Ok(new WebhookReceipt(true));
    }

    /// <summary>Bytes that are no UTF-8 become others, and the signature no longer fits them.</summary>
    private static async Task<string> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
