using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Son1kVers3.Testing;

/// <summary>A signed-up user, with a client that is signed in.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Email">The address.</param>
/// <param name="Username">The name.</param>
/// <param name="Password">The password.</param>
/// <param name="AccessToken">The bearer token.</param>
/// <param name="Client">Sends the token with every request.</param>
public sealed record Member(string Id, string Email, string Username, string Password, string AccessToken, HttpClient Client)
{
    /// <summary>Registers a fresh user at the public origin.</summary>
    /// <param name="origin">The gateway.</param>
    /// <param name="email">A fresh address unless given.</param>
    public static async Task<Member> RegisterAsync(Uri origin, string? email = null)
    {
        var username = $"u{Guid.NewGuid():N}"[..20];
        var address = email ?? $"{username}@example.com";
        var password = $"Long-{Guid.NewGuid():N}";
        var client = new HttpClient { BaseAddress = origin, Timeout = TimeSpan.FromSeconds(100) };
        using var response = await client.PostAsJsonAsync("/api/auth/register", new { email = address, username, password });
        var body = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"Registering answered {(int)response.StatusCode}: {body}");
        }

        using var json = JsonDocument.Parse(body);
        var token = json.RootElement.GetProperty("accessToken").GetString()!;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new Member(json.RootElement.GetProperty("user").GetProperty("id").GetString()!, address, username, password, token, client);
    }
}
