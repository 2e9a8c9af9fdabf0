using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Son1kVers3.Generation.Providers.Remote;

/// <summary>Reading answers of others: what is missing is their failure.</summary>
internal static class RemoteJson
{
    public static async Task<JsonNode> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken) ?? throw Missing("a body");

    public static string Text(JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw Missing(name);

    /// <summary>The path of an address of the API's; the account, not the answer, says on which server.</summary>
    public static string PathOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "https" or "http" } ? uri.PathAndQuery : throw Missing("an address");

    private static ProviderException Missing(string what) => new(ProviderError.Transient, $"The answer is without {what}.");
}
