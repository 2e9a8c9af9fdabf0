using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Son1kVers3.Load.Platform;

/// <summary>Members of a platform that runs already, with a <c>RATE_LIMIT_SCALE</c> of 1000 that lets the load through.</summary>
internal static class PlatformClient
{
    public const string DefaultOrigin = "http://localhost:8080";
    private const string FounderEmail = "founder@son1kvers3.dev";
    private const string Password = "load-only-Password-42";

    public static HttpClient Anonymous(string origin) => new(new SocketsHttpHandler { MaxConnectionsPerServer = 4096 }) { BaseAddress = new Uri(origin), Timeout = TimeSpan.FromSeconds(100) };

    /// <summary>The development founder, whose allowance is unlimited: registered by the first command that runs, signed in by the others.</summary>
    public static async Task<HttpClient> FounderAsync(string origin)
    {
        var client = Anonymous(origin);
        var answer = await client.PostAsJsonAsync("/api/auth/register", new { email = FounderEmail, username = "load-founder", password = Password });
        if (answer.StatusCode == HttpStatusCode.Conflict)
            answer = await client.PostAsJsonAsync("/api/auth/login", new { login = FounderEmail, password = Password });
        return await SignedInAsync(client, answer);
    }

    /// <summary>A new FREE member.</summary>
    public static async Task<HttpClient> MemberAsync(string origin)
    {
        var client = Anonymous(origin);
        var name = $"load{Guid.NewGuid():N}"[..20];
        return await SignedInAsync(client, await client.PostAsJsonAsync("/api/auth/register", new { email = $"{name}@example.com", username = name, password = Password }));
    }

    /// <summary>Asks for a track; the answer's id, or null where it was refused.</summary>
    public static async Task<(string? Id, HttpStatusCode Status)> PostTrackAsync(this HttpClient client, int seed, int seconds = 10)
    {
        using var answer = await client.PostAsJsonAsync("/api/generations", new { prompt = "soft bossa nova in A minor, 120 bpm", durationSeconds = seconds, seed });
        return (answer.IsSuccessStatusCode ? (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"] : null, answer.StatusCode);
    }

    /// <summary>How a track ended, followed by its stream.</summary>
    /// <param name="heard">Told of each event by its name.</param>
    public static async Task<string> FollowAsync(this HttpClient client, string id, Action<string>? heard = null, CancellationToken cancellationToken = default)
    {
        using var events = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/api/generations/{id}/events"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        events.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync(cancellationToken));
        var last = "";
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith("event: ", StringComparison.Ordinal) || line[7..] == last)
                continue;
            last = line[7..];
            heard?.Invoke(last);
        }

        return last;
    }

    private static async Task<HttpClient> SignedInAsync(HttpClient client, HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        var token = (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["accessToken"]!;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
