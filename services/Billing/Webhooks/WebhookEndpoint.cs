using System.Text.Json;
using Microsoft.Extensions.Options;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Billing.Webhooks;

internal static class WebhookEndpoint
{
    public static IEndpointRouteBuilder MapWebhookEndpoint(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/tiers/webhook", ReceiveAsync).WithTags("Tiers").WithName("ReceiveStripeEvent")
            .WithSummary("Stripe's events").WithDescription("Signed by Stripe over the raw body; each event counts once.")
            .Produces(200).Refuses(400, 503);
        return app;
    }

    private static async Task<IResult> ReceiveAsync(
        HttpRequest request, EventInbox inbox, IOptions<StripeOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (options.Value is not { IsConfigured: true, WebhookSecret: { Length: > 0 } secret })
            throw Payments.Unavailable();
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellationToken);
        var body = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        if (!WebhookSignature.IsValid(request.Headers["Stripe-Signature"], body.Span, secret, clock.GetUtcNow()))
            throw Problem.Of(400, "bad-signature", "The signature does not fit the body, or its timestamp is not of now.");
        var json = Parse(body);
        if (json.Text("object") != "event" || json.Text("id") is not { Length: > 0 and <= 255 } || json.Text("type") is null)
            throw Problem.Of(400, "not-an-event", "This is signed, but it is no event.");
        if (json.Flag("livemode") != options.Value.IsLive)
            throw Problem.Of(400, "livemode-mismatch", "A test event is not for a live installation, and the other way round.");
        await inbox.AddAsync(json, cancellationToken);
        return TypedResults.Ok(new { received = true });
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw Problem.Of(400, "malformed-json", "The body is not JSON.");
        }
    }
}
