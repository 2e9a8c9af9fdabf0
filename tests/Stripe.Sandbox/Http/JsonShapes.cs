using System.Text.Json.Nodes;

namespace Son1kVers3.Stripe.Sandbox.Http;

/// <summary>Parts that many of Stripe's objects share.</summary>
internal static class JsonShapes
{
    public static JsonObject Map(IReadOnlyDictionary<string, string> values) =>
        new(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    public static JsonObject AutomaticTax() => new() { ["enabled"] = false, ["liability"] = null, ["status"] = null, ["provider"] = null, ["disabled_reason"] = null };

    /// <summary>The answer to a deletion.</summary>
    public static JsonObject Deleted(string id, string kind) => new() { ["id"] = id, ["object"] = kind, ["deleted"] = true };

    public static T Get<T>(this Dictionary<string, T> store, string id, string what, string param = "id") =>
        store.TryGetValue(id, out var found) ? found : throw StripeException.NotFound(what, id, param);

    /// <summary>
    /// As <see cref="Get"/>, for an id that came as a parameter rather than in the path: Stripe answers 400 there, not 404.
    /// </summary>
    public static T GetReferred<T>(this Dictionary<string, T> store, string id, string what, string param) =>
        store.TryGetValue(id, out var found)
            ? found
            : throw StripeException.Invalid($"No such {what}: '{id}'", param, "resource_missing");
}
