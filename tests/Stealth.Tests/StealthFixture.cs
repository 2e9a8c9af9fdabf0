using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.Stealth.Tests;

/// <summary>Stealth on real servers, with a fake provider beside it.</summary>
public sealed class StealthFixture : IAsyncLifetime
{
    public const string Credential = "service-credential-of-the-tests";
    private const string CommandCredential = "command-credential-of-the-tests";
    public static readonly string MasterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    internal ServiceHost<Program> Stealth { get; private set; } = null!;

    public FakeApi Api { get; private set; } = null!;

    internal static Dictionary<string, string?> Settings => new()
    {
        ["Stealth:MasterKey"] = MasterKey,
        ["Egress:Credential"] = Credential,
        ["Internal:Credential"] = CommandCredential,
        ["Health:Cooldown"] = "00:00:00.300",
    };

    public async Task InitializeAsync()
    {
        Api = await FakeApi.StartAsync();
        Stealth = await ServiceHost<Program>.StartAsync("stealth", Settings);
    }

    public async Task DisposeAsync()
    {
        await Stealth.DisposeAsync();
        await Api.DisposeAsync();
    }

    internal HttpClient Operator() => Stealth.Client(Guid.CreateVersion7(), "operator");

    internal HttpClient Egress() => EgressOf(Stealth);

    internal static HttpClient EgressOf(ServiceHost<Program> stealth) => Showing(stealth, Credential);

    /// <summary>What the dashboard's buttons call.</summary>
    internal HttpClient Commands() => Showing(Stealth, CommandCredential);

    private static HttpClient Showing(ServiceHost<Program> stealth, string credential)
    {
        var client = stealth.Client();
        client.DefaultRequestHeaders.Add("X-Service-Credential", credential);
        return client;
    }

    /// <summary>The provider without accounts, with these settings.</summary>
    internal async Task ResetAsync(string provider, object? settings = null)
    {
        using var client = Operator();
        while ((await client.GetFromJsonAsync<JsonNode>($"/api/stealth/accounts?provider={provider}&limit=100"))!["items"]!.AsArray() is { Count: > 0 } accounts)
        {
            foreach (var account in accounts)
                (await client.DeleteAsync($"/api/stealth/accounts/{account!["id"]}")).EnsureSuccessStatusCode();
        }

        (await client.PutAsJsonAsync($"/api/stealth/providers/{provider}", settings ?? new { allowPrivateHosts = true, rest = (object?)null })).EnsureSuccessStatusCode();
    }

    /// <summary>An account at the fake provider.</summary>
    internal async Task<Guid> AddAsync(string provider, string secret, object? limits = null, Guid? proxy = null, string? baseUrl = null, int weight = 1)
    {
        using var client = Operator();
        var answer = await client.PostAsJsonAsync("/api/stealth/accounts", new
        {
            provider,
            name = $"account-{Guid.NewGuid():N}",
            contractHolder = "Son1k Labs",
            termsUrl = "https://example.com/terms",
            secret,
            baseUrl = baseUrl ?? Api.Address,
            limits = limits ?? new { concurrency = 10 },
            proxyId = proxy,
            weight,
        });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (Guid)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
    }

    /// <summary>An account as operators see it.</summary>
    internal async Task<JsonNode> AccountAsync(Guid id)
    {
        using var client = Operator();
        return (await client.GetFromJsonAsync<JsonNode>($"/api/stealth/accounts/{id}"))!;
    }
}

/// <summary>One service and one fake provider for all of these tests; each test resets the provider that it uses.</summary>
[CollectionDefinition(Name)]
public sealed class StealthCollection : ICollectionFixture<StealthFixture>
{
    public const string Name = "stealth";
}
