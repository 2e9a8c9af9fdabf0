using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Events;

/// <summary>Events: read, list by type, time and delivery. Kept for 30 days.</summary>
internal static class EventApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Get("/v1/events/{id}", call => Json(call.World.State.Events.Get(call.Id, "event")));
        routes.List("/v1/events", "type types[] delivery_success created created.*", List);
    }

    public static JsonObject Json(StripeEvent happened)
    {
        var data = new JsonObject { ["object"] = happened.Object.DeepClone() };
        if (happened.Previous is { Count: > 0 })
        {
            data["previous_attributes"] = happened.Previous.DeepClone();
        }

        return new JsonObject
        {
            ["id"] = happened.Id,
            ["object"] = "event",
            ["api_version"] = World.ApiVersion,
            ["created"] = happened.Created,
            ["data"] = data,
            ["livemode"] = false,
            ["pending_webhooks"] = happened.PendingWebhooks,
            ["request"] = new JsonObject { ["id"] = happened.RequestId, ["idempotency_key"] = happened.IdempotencyKey },
            ["type"] = happened.Type,
        };
    }

    private static JsonObject List(Call call)
    {
        var form = call.Form;
        var types = form.Texts("types");
        if (types.Count > 20)
        {
            throw StripeException.Invalid("Array types exceeded maximum 20 allowed elements.", "types");
        }

        if (types.Count > 0 && form.Has("type"))
        {
            throw StripeException.Invalid("You may only specify one of these parameters: type, types.", "type");
        }

        IReadOnlyList<string> wanted = form.Text("type") is { } type ? [type] : types;
        var (delivered, created) = (form.Flag("delivery_success"), ListPage.Created(form));
        return ListPage.Of(
            call,
            call.World.State.Events.Values.Where(e =>
                (wanted.Count == 0 || wanted.Any(pattern => Matches(pattern, e.Type)))
                && (delivered is null || delivered == (e.PendingWebhooks == 0))
                && created(e)),
            Json);
    }

    /// <summary>A type, <c>*</c>, or a prefix such as <c>invoice.*</c>.</summary>
    public static bool Matches(string pattern, string type) =>
        pattern.EndsWith('*') ? type.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == type;
}
