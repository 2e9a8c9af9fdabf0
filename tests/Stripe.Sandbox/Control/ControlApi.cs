using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Checkout;
using Son1kVers3.Stripe.Sandbox.Clocks;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Payments;
using Son1kVers3.Stripe.Sandbox.Webhooks;
using IPAddress = System.Net.IPAddress;

namespace Son1kVers3.Stripe.Sandbox.Control;

/// <summary>
/// <c>/_sandbox/**</c>: what a test needs and Stripe does not offer. JSON, from this machine only, with the same key.
/// </summary>
internal static class ControlApi
{
    internal sealed record EndpointRequest(string Url, string? Secret, string[]? Events);

    internal sealed record CardRequest(string? Customer, string? PaymentMethod, CardOutcome Outcome);

    internal sealed record DisputeRequest(string? Charge, string? PaymentIntent, string? Invoice, string? Reason, long? Amount);

    internal sealed record DecisionRequest(string Status);

    internal sealed record AdvanceRequest(long? Seconds, long? To);

    internal sealed record PayRequest(string CardNumber, string? Email);

    public static void MapControl(this IEndpointRouteBuilder app)
    {
        var control = app.MapGroup("/_sandbox").AddEndpointFilter(GuardAsync);
        MapFaults(control);
        MapWebhooks(control);
        control.MapPost("/cards", (CardRequest request, World world) => Locked(world, () => SetCard(world, request)));
        control.MapPost("/disputes", (DisputeRequest request, World world) => Locked(world, () => Dispute(world, request)));
        control.MapPost("/disputes/{id}/close", (string id, DecisionRequest request, World world) => Locked(world, () =>
            DisputeApi.Close(world, world.State.Disputes.Get(id, "dispute"), request.Status is "won" or "lost" ? request.Status : throw Bad("status: won or lost"))));
        control.MapPost("/clock/advance", (AdvanceRequest request, World world) => Locked(world, () => Advance(world, request)));
        control.MapGet("/clock", (World world) => Locked(world, () => new JsonObject { ["now"] = world.WallClock, ["offset"] = world.State.ClockOffset }));
        control.MapPost("/checkout/{id}/pay", (string id, PayRequest request, World world) => Locked(world, () =>
        {
            var session = world.State.Sessions.Get(id, "checkout.session");
            var result = CheckoutFlow.Pay(world, session, request.CardNumber, request.Email);
            return new JsonObject { ["result"] = result.ToString(), ["subscription"] = session.Subscription, ["returnUrl"] = session.ReturnUrl };
        }));
    }

    private static void MapFaults(RouteGroupBuilder control)
    {
        control.MapGet("/faults", (ApiFaults faults) => faults.All());
        control.MapPost("/faults", (ApiFault fault, ApiFaults faults) => faults.Add(fault));
        control.MapDelete("/faults", (ApiFaults faults) => faults.Clear());
    }

    private static void MapWebhooks(RouteGroupBuilder control)
    {
        control.MapPost("/webhooks/faults", (WebhookFault fault, World world, WebhookFaults faults) => Locked(world, () => faults.Add(fault)));
        control.MapDelete("/webhooks/faults", (World world, WebhookFaults faults) => Locked(world, faults.Clear));
        control.MapPost("/webhooks/hold", (World world, WebhookFaults faults) => Locked(world, () => faults.IsHeld = true));
        control.MapPost("/webhooks/release", (string? order, int? seed, World world, WebhookDispatcher dispatcher) => Locked(world, () =>
            new JsonObject { ["released"] = dispatcher.Release(order ?? "created", seed ?? 1) }));
        control.MapPost("/webhooks/endpoints", (EndpointRequest request, World world) => Locked(world, () =>
        {
            var endpoint = WebhookEndpointApi.Add(world, request.Url, request.Secret ?? Resource.NewId("whsec_"), request.Events ?? ["*"]);
            var json = WebhookEndpointApi.Json(endpoint);
            json["secret"] = endpoint.Secret;
            return json;
        }));
        control.MapGet("/webhooks", (World world) => Locked(world, () => Counts(world)));
        control.MapPost("/events/{id}/resend", (string id, World world, WebhookDispatcher dispatcher) => Locked(world, () =>
            dispatcher.Resend(world.State.Events.Get(id, "event"))));
    }

    private static async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            Authorization.Check(http.Request, http.RequestServices.GetRequiredService<SandboxOptions>());
            if (http.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
            {
                throw new StripeException(403, "invalid_request_error", "The sandbox is controlled from its own machine only.");
            }

            return await next(context);
        }
        catch (StripeException error)
        {
            return Results.Json(error.ToJson(Resource.NewId("req_")), statusCode: error.Status);
        }
    }

    private static IResult Locked(World world, Func<JsonObject> action)
    {
        lock (world.Gate)
        {
            var result = action();
            world.Touch();
            return Results.Json(result);
        }
    }

    private static IResult Locked(World world, Action action) => Locked(world, () =>
    {
        action();
        return new JsonObject { ["ok"] = true };
    });

    private static JsonObject Counts(World world)
    {
        var deliveries = world.State.Events.Values.SelectMany(e => e.Deliveries).ToArray();
        int Count(DeliveryState state) => deliveries.Count(d => d.State == state);
        return new JsonObject
        {
            ["events"] = world.State.Events.Count,
            ["pending"] = Count(DeliveryState.Pending),
            ["held"] = Count(DeliveryState.Held),
            ["delivered"] = Count(DeliveryState.Delivered),
            ["failed"] = Count(DeliveryState.Failed),
            ["attempts"] = deliveries.Sum(d => d.Attempts),
        };
    }

    private static JsonObject SetCard(World world, CardRequest request)
    {
        var methods = world.State.PaymentMethods.Values
            .Where(m => m.Id == request.PaymentMethod || (request.Customer is not null && m.Customer == request.Customer)).ToArray();
        foreach (var method in methods)
        {
            method.Outcome = request.Outcome;
        }

        return methods.Length > 0 ? new JsonObject { ["changed"] = methods.Length } : throw Bad("No card of this customer or id.");
    }

    private static JsonObject Dispute(World world, DisputeRequest request)
    {
        var intent = request.Invoice is { } invoice ? world.State.Invoices.Get(invoice, "invoice").PaymentIntent : request.PaymentIntent;
        var charge = request.Charge ?? (intent is null ? null : world.State.PaymentIntents.Get(intent, "payment_intent").LatestCharge)
            ?? throw Bad("Name a charge, payment intent or invoice that was charged.");
        return DisputeApi.Open(world, world.State.Charges.Get(charge, "charge"), request.Reason ?? "fraudulent", request.Amount);
    }

    private static JsonObject Advance(World world, AdvanceRequest request)
    {
        var seconds = request.Seconds ?? (request.To ?? throw Bad("seconds or to")) - world.WallClock;
        if (seconds < 0)
        {
            throw Bad("Time does not go back.");
        }

        world.State.ClockOffset += seconds;
        DueWork.Run(world, null, world.WallClock);
        return new JsonObject { ["now"] = world.WallClock };
    }

    private static StripeException Bad(string message) => StripeException.Invalid(message);
}
