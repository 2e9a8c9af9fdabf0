using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Customers;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Clocks;

/// <summary>Test clocks. An advance answers <c>advancing</c>, as at Stripe; the next read finds it <c>ready</c>.</summary>
internal static class TestClockApi
{
    private const string Url = "/v1/test_helpers/test_clocks";

    public static void Map(ApiRoutes routes)
    {
        routes.Post(Url, "frozen_time name customer", Create);
        routes.Get(Url + "/{id}", call => Json(Find(call)));
        routes.List(Url, "", call => ListPage.Of(call, call.World.State.TestClocks.Values, Json));
        routes.Post(Url + "/{id}/advance", "frozen_time", Advance);
        routes.Delete(Url + "/{id}", "", Delete);
    }

    private static TestClock Find(Call call) => call.World.State.TestClocks.Get(call.Id, "test_clock");

    private static JsonObject Json(TestClock clock) => Json(clock, clock.Status);

    private static JsonObject Json(TestClock clock, string status) => new()
    {
        ["id"] = clock.Id,
        ["object"] = "test_helpers.test_clock",
        ["created"] = clock.Created,
        ["deletes_after"] = clock.Created + (30 * 86400),
        ["frozen_time"] = clock.FrozenTime,
        ["livemode"] = false,
        ["name"] = clock.Name,
        ["status"] = status,
        ["status_details"] = new JsonObject(),
    };

    private static JsonObject Create(Call call)
    {
        var (world, form) = (call.World, call.Form);
        var frozen = form.Integer("frozen_time") ?? throw StripeException.Missing("frozen_time");
        var customer = form.Text("customer") is { } id ? CustomerApi.Referred(world, id, "customer") : null;
        if (customer is not null && (customer.TestClock is not null || world.State.Subscriptions.Values.Any(s => s.Customer == customer.Id)))
        {
            throw StripeException.Refused("This customer has a test clock or subscriptions already.", param: "customer");
        }

        var clock = world.Add(world.State.TestClocks, "clock_", null, new TestClock { FrozenTime = frozen, Name = form.Text("name") });
        world.Emit("test_helpers.test_clock.created", Json(clock), null);
        if (customer is not null)
        {
            customer.TestClock = clock.Id;
            foreach (var session in world.State.Sessions.Values.Where(s => s.Customer == customer.Id && s.Status == "open"))
            {
                (session.TestClock, session.ExpiresAt) = (clock.Id, frozen + 86400);
            }

            world.Emit("customer.updated", CustomerApi.Json(customer), clock.Id);
        }

        return Json(clock);
    }

    private static JsonObject Advance(Call call)
    {
        var (world, clock) = (call.World, Find(call));
        var until = call.Form.Integer("frozen_time") ?? throw StripeException.Missing("frozen_time");
        if (until <= clock.FrozenTime)
        {
            throw StripeException.Invalid("The new frozen time must be later than the current one.", "frozen_time");
        }

        if (until > Furthest(world, clock))
        {
            throw StripeException.Invalid(
                "You can only advance a test clock by up to two intervals of its shortest subscription, and without one by up to two years.", "frozen_time");
        }

        world.Emit("test_helpers.test_clock.advancing", Json(clock, "advancing"), null);
        DueWork.Run(world, clock.Id, until);
        world.Emit("test_helpers.test_clock.ready", Json(clock), null);
        world.Touch();
        return Json(clock, "advancing");
    }

    private static long Furthest(World world, TestClock clock) => world.State.Subscriptions.Values
        .Where(s => s.TestClock == clock.Id && !s.IsOver)
        .Select(s => world.State.Prices[s.Items[0].Price])
        .Select(price => Billing.BillingCalendar.Boundary(clock.FrozenTime, price.Interval!, price.IntervalCount, 2))
        .DefaultIfEmpty(Billing.BillingCalendar.Boundary(clock.FrozenTime, "year", 1, 2))
        .Min();

    /// <summary>Deletes the clock with its customers; their subscriptions end.</summary>
    private static JsonObject Delete(Call call)
    {
        var (world, clock) = (call.World, Find(call));
        foreach (var customer in world.State.Customers.Values.Where(c => c.TestClock == clock.Id && !c.Deleted))
        {
            customer.Deleted = true;
            foreach (var subscription in world.State.Subscriptions.Values.Where(s => s.Customer == customer.Id && !s.IsOver).ToArray())
            {
                Billing.Lifecycle.Cancel(world, subscription, "cancellation_requested");
            }
        }

        world.Emit("test_helpers.test_clock.deleted", Json(clock), null);
        clock.Status = "deleted";
        return JsonShapes.Deleted(clock.Id, "test_helpers.test_clock");
    }
}
