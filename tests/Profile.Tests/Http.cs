using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Son1kVers3.Profile.Tests;

internal static class Http
{
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonNode>())!;

    /// <summary>Asserts status and problem slug, and returns the problem.</summary>
    public static async Task<JsonNode> IsProblemAsync(this HttpResponseMessage response, int status, string slug)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal($"https://son1kvers3.dev/problems/{slug}", (string?)problem["type"]);
        Assert.False(string.IsNullOrEmpty((string?)problem["traceId"]));
        return problem;
    }

    public static Task<HttpResponseMessage> LoginAsync(this HttpClient client, string login, string password, string? code = null) =>
        client.PostAsJsonAsync("/api/auth/login", new { login, password, code });

    public static Task<HttpResponseMessage> RefreshAsync(this HttpClient client, string token) =>
        client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = token });
}
