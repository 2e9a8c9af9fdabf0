using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Subscriptions;

/// <summary>Subscription items: read, list, change.</summary>
internal static class SubscriptionItemApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Get("/v1/subscription_items/{id}", Read);
        routes.List("/v1/subscription_items", "subscription", List);
        routes.Post(
            "/v1/subscription_items/{id}",
            """
            price quantity metadata.** proration_behavior proration_date payment_behavior off_session
            !billing_thresholds !discounts !plan !price_data !tax_rates
            """,
            Update);
    }

    private static (Subscription Subscription, SubscriptionItem Item) Find(Call call)
    {
        foreach (var subscription in call.World.State.Subscriptions.Values)
        {
            if (subscription.Items.FirstOrDefault(item => item.Id == call.Id) is { } found)
            {
                return (subscription, found);
            }
        }

        throw StripeException.NotFound("subscription_item", call.Id);
    }

    private static JsonObject Read(Call call)
    {
        var (subscription, item) = Find(call);
        return SubscriptionJson.Item(call.World, subscription, item);
    }

    private static JsonObject List(Call call)
    {
        var subscription = call.World.State.Subscriptions.GetReferred(call.Form.Required("subscription"), "subscription", "subscription");
        return ListPage.Json(call.Path, subscription.Items.Select(item => SubscriptionJson.Item(call.World, subscription, item)));
    }

    private static JsonObject Update(Call call)
    {
        var (subscription, item) = Find(call);
        if (!subscription.IsRunning)
        {
            throw StripeException.Refused($"Items of a subscription that is {subscription.Status} can't be changed.");
        }

        var fields = call.Form.Fields.Where(field => field.Path[0] is "price" or "quantity" or "metadata");
        var form = new Form([new FormField("id", ["id"], item.Id), .. fields]);
        Changes.Apply(call.World, subscription, SubscriptionUpdate.ReadChange(call.World, subscription, call.Form, [form])!);
        return SubscriptionJson.Item(call.World, subscription, subscription.Items.Single(candidate => candidate.Id == item.Id));
    }
}
