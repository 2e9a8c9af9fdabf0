using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Payments;

/// <summary>Refunds, whole or in part.</summary>
internal static class RefundApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Post(
            "/v1/refunds",
            "charge payment_intent amount reason metadata.** !currency !customer !instructions_email !origin !refund_application_fee !reverse_transfer",
            Create);
        routes.Get("/v1/refunds/{id}", call => Json(call.World.State.Refunds.Get(call.Id, "refund")));
        routes.List("/v1/refunds", "charge payment_intent created created.*", call =>
        {
            var (charge, intent, created) = (call.Form.Text("charge"), call.Form.Text("payment_intent"), ListPage.Created(call.Form));
            return ListPage.Of(
                call,
                call.World.State.Refunds.Values.Where(r =>
                    (charge is null || r.Charge == charge) && (intent is null || r.PaymentIntent == intent) && created(r)),
                Json);
        });
    }

    public static JsonObject Json(Refund refund) => new()
    {
        ["id"] = refund.Id,
        ["object"] = "refund",
        ["amount"] = refund.Amount,
        ["balance_transaction"] = null,
        ["charge"] = refund.Charge,
        ["created"] = refund.Created,
        ["customer"] = null,
        ["currency"] = refund.Currency,
        ["destination_details"] = new JsonObject { ["card"] = new JsonObject { ["type"] = "refund" }, ["type"] = "card" },
        ["metadata"] = JsonShapes.Map(refund.Metadata),
        ["payment_intent"] = refund.PaymentIntent,
        ["reason"] = refund.Reason,
        ["receipt_number"] = null,
        ["source_transfer_reversal"] = null,
        ["status"] = "succeeded",
        ["transfer_reversal"] = null,
    };

    /// <summary>The charge that a call names, directly or by its payment intent.</summary>
    public static Charge ChargeOf(World world, Form form)
    {
        if (form.Text("charge") is { } id)
        {
            return world.State.Charges.GetReferred(id, "charge", "charge");
        }

        var intent = form.Text("payment_intent")
            ?? throw StripeException.Invalid("One of the following params should be provided for this request: payment_intent or charge.");
        var latest = world.State.PaymentIntents.GetReferred(intent, "payment_intent", "payment_intent").LatestCharge;
        return latest is null
            ? throw StripeException.Refused("This PaymentIntent does not have a successful charge to refund.", "payment_intent_unexpected_state")
            : world.State.Charges[latest];
    }

    private static JsonObject Create(Call call)
    {
        var (world, form) = (call.World, call.Form);
        var charge = ChargeOf(world, form);
        var reason = form.OneOf("reason", "duplicate", "fraudulent", "requested_by_customer");
        var amount = form.Integer("amount") ?? charge.Amount - charge.Refunded;
        if (!charge.Paid)
        {
            throw StripeException.Refused($"Charge {charge.Id} has not been paid, so it can't be refunded.", "charge_not_refundable");
        }

        if (charge.Refunded == charge.Amount)
        {
            throw StripeException.Refused($"Charge {charge.Id} has already been refunded.", "charge_already_refunded");
        }

        if (amount < 1 || amount > charge.Amount - charge.Refunded)
        {
            throw StripeException.Refused(
                $"Refund amount ({amount}) is greater than unrefunded amount on charge ({charge.Amount - charge.Refunded})", param: "amount");
        }

        var refund = new Refund
        {
            Amount = amount,
            Charge = charge.Id,
            Currency = charge.Currency,
            PaymentIntent = charge.PaymentIntent,
            Reason = reason,
        };
        form.ApplyMetadata(refund.Metadata);
        world.Add(world.State.Refunds, "re_", charge.TestClock, refund);
        charge.Refunded += amount;
        world.Emit("charge.refunded", PaymentApi.Json(world, charge), charge.TestClock);
        world.Emit("refund.created", Json(refund), charge.TestClock);
        return Json(refund);
    }
}
