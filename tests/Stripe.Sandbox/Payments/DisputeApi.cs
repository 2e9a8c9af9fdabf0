using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Payments;

/// <summary>Disputes: read, accept; opened and decided by test control, as only a cardholder's bank can at Stripe.</summary>
internal static class DisputeApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Get("/v1/disputes/{id}", call => Json(call.World.State.Disputes.Get(call.Id, "dispute")));
        routes.Post("/v1/disputes/{id}/close", "", call => Close(call.World, call.World.State.Disputes.Get(call.Id, "dispute"), "lost"));
        routes.List("/v1/disputes", "charge payment_intent created created.*", call =>
        {
            var (charge, intent, created) = (call.Form.Text("charge"), call.Form.Text("payment_intent"), ListPage.Created(call.Form));
            return ListPage.Of(
                call,
                call.World.State.Disputes.Values.Where(d =>
                    (charge is null || d.Charge == charge) && (intent is null || d.PaymentIntent == intent) && created(d)),
                Json);
        });
    }

    public static JsonObject Json(Dispute dispute) => new()
    {
        ["id"] = dispute.Id,
        ["object"] = "dispute",
        ["amount"] = dispute.Amount,
        ["balance_transactions"] = new JsonArray(),
        ["charge"] = dispute.Charge,
        ["created"] = dispute.Created,
        ["currency"] = dispute.Currency,
        ["evidence"] = new JsonObject(),
        ["evidence_details"] = new JsonObject
        {
            ["due_by"] = dispute.Created + (7 * 86400),
            ["has_evidence"] = false,
            ["past_due"] = false,
            ["submission_count"] = 0,
        },
        ["is_charge_refundable"] = false,
        ["livemode"] = false,
        ["metadata"] = JsonShapes.Map(dispute.Metadata),
        ["payment_intent"] = dispute.PaymentIntent,
        ["reason"] = dispute.Reason,
        ["status"] = dispute.Status,
    };

    public static JsonObject Open(World world, Charge charge, string reason, long? amount)
    {
        // A dispute that was won can come again, as the bank's second round.
        if (!charge.Paid || world.State.Disputes.Values.Any(d => d.Charge == charge.Id && d.Status != "won"))
        {
            throw StripeException.Refused($"Charge {charge.Id} can't be disputed: it was not paid, or it is disputed already.");
        }

        var dispute = world.Add(world.State.Disputes, "dp_", charge.TestClock, new Dispute
        {
            Amount = amount ?? charge.Amount,
            Charge = charge.Id,
            Currency = charge.Currency,
            PaymentIntent = charge.PaymentIntent,
            Reason = reason,
            TestClock = charge.TestClock,
        });
        charge.Disputed = true;
        world.Emit("charge.dispute.created", Json(dispute), charge.TestClock);
        world.Emit("charge.dispute.funds_withdrawn", Json(dispute), charge.TestClock);
        world.Emit("charge.updated", PaymentApi.Json(world, charge), charge.TestClock);
        return Json(dispute);
    }

    public static JsonObject Close(World world, Dispute dispute, string outcome)
    {
        if (dispute.Status is "won" or "lost")
        {
            throw StripeException.Refused("This dispute is already closed.");
        }

        dispute.Status = outcome;
        world.Emit("charge.dispute.closed", Json(dispute), dispute.TestClock);
        if (outcome == "won")
        {
            world.Emit("charge.dispute.funds_reinstated", Json(dispute), dispute.TestClock);
        }

        return Json(dispute);
    }
}
