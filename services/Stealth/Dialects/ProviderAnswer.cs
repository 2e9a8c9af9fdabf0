using System.Text.Json;

namespace Son1kVers3.Stealth.Dialects;

/// <summary>An answer of a provider as far as it must be read to judge it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Header">A header's first value, or null.</param>
/// <param name="Text">The body, when it is short text; null for sound, streams and large bodies.</param>
internal sealed record ProviderAnswer(int Status, Func<string, string?> Header, string? Text)
{
    private readonly Lazy<JsonElement?> _json = new(() => Parse(Text));

    /// <summary>The body as JSON, if it is that.</summary>
    public JsonElement? Json => _json.Value;

    /// <summary>A string by its path in the JSON body, or null.</summary>
    public string? String(params ReadOnlySpan<string> path) => Find(path) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A number by its path in the JSON body, or null.</summary>
    public int? Number(params ReadOnlySpan<string> path) =>
        Find(path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    /// <summary>Whether the body mentions one of these words, whatever their case.</summary>
    public bool Mentions(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true)
                return true;
        }

        return false;
    }

    private JsonElement? Find(ReadOnlySpan<string> path)
    {
        if (Json is not { } at)
            return null;
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }

        return at;
    }

    private static JsonElement? Parse(string? text)
    {
        if (text is null || text.AsSpan().TrimStart() is not ['{' or '[', ..])
            return null;
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            // Text that only begins like JSON is judged as text.
            return null;
        }
    }
}
