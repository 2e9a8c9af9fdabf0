using System.Text.Json;

namespace Son1kVers3.Billing.Stripe;

/// <summary>Reads Stripe's JSON: absent and null are the same, timestamps are Unix seconds, a reference is an id or the expanded object.</summary>
internal static class StripeJson
{
    /// <summary>A member, or an undefined element.</summary>
    public static JsonElement At(this JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
                return default;
        }

        return json;
    }

    public static string? Text(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.At(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static long Number(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.At(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : 0;

    public static bool Flag(this JsonElement json, params ReadOnlySpan<string> path) => json.At(path).ValueKind == JsonValueKind.True;

    public static DateTimeOffset? Time(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.At(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>The id of what a member refers to, whether expanded or not.</summary>
    public static string? Reference(this JsonElement json, params ReadOnlySpan<string> path) => json.At(path) switch
    {
        { ValueKind: JsonValueKind.String } id => id.GetString(),
        { ValueKind: JsonValueKind.Object } expanded => expanded.Text("id"),
        _ => null,
    };

    /// <summary>The elements of an array, or of a list object's <c>data</c>.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement json, params ReadOnlySpan<string> path)
    {
        var at = json.At(path);
        if (at.ValueKind == JsonValueKind.Object)
            at = at.At("data");
        return at.ValueKind == JsonValueKind.Array ? at.EnumerateArray() : [];
    }
}
