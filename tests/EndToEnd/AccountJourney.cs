using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OtpNet;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>What people do with their account.</summary>
internal static class AccountJourney
{
    public static Task<HttpResponseMessage> LoginAsync(this HttpClient client, string login, string password, string? code = null) =>
        client.PostAsJsonAsync("/api/auth/login", new { login, password, code });

    public static Task<HttpResponseMessage> RefreshAsync(this HttpClient client, string refreshToken) =>
        client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken });

    /// <summary>The token of the newest mail whose link leads to a page of the web app, as the development mailbox shows it.</summary>
    public static async Task<string> MailedTokenAsync(this Platform platform, string address, string page)
    {
        using var mailbox = platform.CreateServiceClient("profile");
        var start = $"{platform.GatewayUrl.GetLeftPart(UriPartial.Authority)}/{page}?token=";
        var mail = await Eventually.GetAsync(
            async () => (await mailbox.GetFromJsonAsync<JsonArray>($"/internal/mailbox/messages?to={Uri.EscapeDataString(address)}"))!
                .Select(m => (string)m!["text"]!).FirstOrDefault(text => text.Contains(start, StringComparison.Ordinal)),
            $"the mail to {address} comes");
        return mail[(mail.IndexOf(start, StringComparison.Ordinal) + start.Length)..].Split('\n')[0];
    }

    /// <summary>What an authenticator shows now.</summary>
    public static string CodeOf(string secret) => new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp();

    /// <summary>A client with a token of its own.</summary>
    public static HttpClient CreateClient(this Platform platform, JsonNode signedIn)
    {
        var client = platform.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)signedIn["accessToken"]!);
        return client;
    }

    public static async Task<IReadOnlyList<JsonNode>> ListAsync(this HttpClient client, string path) =>
        [.. (await (await client.GetAsync(path)).JsonAsync())["items"]!.AsArray().Select(item => item!)];
}
