using System.Text.Json;

namespace Son1kVers3.Generation.Tracks;

/// <summary>A job at a provider that outlives the worker which began it.</summary>
/// <param name="Provider">Whose it is.</param>
/// <param name="State">What that provider needs to find it again, as it wrote it.</param>
internal sealed record ProviderCheckpoint(string Provider, JsonElement State)
{
    public static ProviderCheckpoint Of(string provider, string state) => new(provider, JsonSerializer.Deserialize<JsonElement>(state));
}
