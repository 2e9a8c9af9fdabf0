extern alias sandbox;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using sandbox::Son1kVers3.Stripe.Sandbox;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Billing.Tests.Hosting;
using Son1kVers3.Billing.Webhooks;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Payments;

/// <summary>Billing and the emulator of Stripe, each on a port, on one clock: payments, webhooks and time as in production.</summary>
public sealed class StripeApp : IAsyncLifetime
{
    public const string Secret = "whsec_of_the_tests";

    /// <summary>Of a second endpoint at Stripe that leads here.</summary>
    public const string SecondSecret = "whsec_of_the_second_endpoint";
    private const string Key = "sk_test_of_the_tests";

    private WebApplication _sandbox = null!;

    public MovableClock Clock { get; } = new(BillingApp.Begin);
    public BillingApp App { get; private set; } = null!;

    /// <summary>Speaks to the emulator as its owner.</summary>
    public HttpClient Stripe { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _sandbox = SandboxApplication.Build(
            ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", $"--Sandbox:SecretKey={Key}",
                "--Sandbox:WebhookRetryMs=50", "--Sandbox:RetryDays=2,4,6,20"], Clock);
        await _sandbox.StartAsync();
        Stripe = new HttpClient { BaseAddress = new Uri(_sandbox.Urls.First()) };
        Stripe.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        App = new BillingApp(Clock);
        App.Settings["Stripe:SecretKey"] = Key;
        App.Settings["Stripe:WebhookSecret"] = $"{Secret}, {SecondSecret}";
        App.Settings["Stripe:ApiBase"] = _sandbox.Urls.First();
        App.Settings["Stripe:ReconcileSeconds"] = "86400";
        await App.InitializeAsync();
        await ControlAsync("webhooks/endpoints", new { url = new Uri(App.Address, "/api/tiers/webhook").ToString(), secret = Secret });
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        Stripe.Dispose();
        await _sandbox.StopAsync();
        await _sandbox.DisposeAsync();
    }

    /// <summary>Uses the emulator's test control.</summary>
    public async Task<JsonElement> ControlAsync(string path, object? body = null)
    {
        using var answer = await Stripe.PostAsJsonAsync($"/_sandbox/{path}", body ?? new { });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Posts to the emulator's API as somebody else than billing.</summary>
    public async Task<JsonElement> PostAsync(string path, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await Stripe.PostAsync(path, content);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, json.ToString());
        return json;
    }

    public Task<JsonElement> GetAsync(string path) => Stripe.GetFromJsonAsync<JsonElement>(path);

    public Task ClearFaultsAsync() => Task.WhenAll(Stripe.DeleteAsync("/_sandbox/faults"), Stripe.DeleteAsync("/_sandbox/webhooks/faults"));

    /// <summary>Moves the clock of both, and does what falls due.</summary>
    public async Task TravelAsync(TimeSpan by)
    {
        Clock.Advance(by);
        await ControlAsync("clock/advance", new { seconds = 0 });
    }

    /// <summary>Opens a checkout over the API.</summary>
    public async Task<string> CheckoutAsync(Guid user, Tier tier)
    {
        using var client = App.ClientOf(user);
        using var answer = await client.PostAsJsonAsync("/api/tiers/checkout", Order(tier));
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.StatusCode == System.Net.HttpStatusCode.Created, json.ToString());
        return json.GetProperty("sessionId").GetString()!;
    }

    public static object Order(Tier tier) =>
        new { tier, successUrl = "http://localhost:8080/billing?done={CHECKOUT_SESSION_ID}", cancelUrl = "http://127.0.0.1:8080/billing" };

    public Task<JsonElement> PayAsync(string session, string card = "4242424242424242") =>
        ControlAsync($"checkout/{session}/pay", new { cardNumber = card, email = "member@example.org" });

    /// <summary>A new member who bought a tier.</summary>
    public async Task<Guid> SubscribeAsync(Tier tier, string card = "4242424242424242")
    {
        var user = Guid.CreateVersion7();
        await PayAsync(await CheckoutAsync(user, tier), card);
        await TierBecomesAsync(user, tier);
        return user;
    }

    public async Task<JsonElement> LimitsAsync(Guid user)
    {
        using var client = App.ClientOf(user);
        return await client.GetFromJsonAsync<JsonElement>("/api/tiers/limits");
    }

    public async Task<JsonElement> SubscriptionAsync(Guid user)
    {
        using var client = App.ClientOf(user);
        return await client.GetFromJsonAsync<JsonElement>("/api/tiers/subscription");
    }

    public async Task<JsonElement> SwitchAsync(Guid user, object patch)
    {
        using var client = App.ClientOf(user);
        using var answer = await client.PatchAsJsonAsync("/api/tiers/subscription", patch);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, json.ToString());
        return json;
    }

    public Task TierBecomesAsync(Guid user, Tier tier) =>
        Eventually.PassesAsync(async () => Assert.Equal(Name(tier), (await LimitsAsync(user)).GetProperty("tier").GetString()));

    public static string Name(Tier tier) => tier.ToString().ToUpperInvariant();

    /// <summary>Waits until every webhook was delivered and worked through.</summary>
    public Task QuietAsync() => Eventually.PassesAsync(async () =>
    {
        var counts = await GetAsync("/_sandbox/webhooks");
        Assert.Equal(
            (0, 0L),
            (counts.GetProperty("pending").GetInt32(), await CountAsync("SELECT count(*) FROM stripe_events WHERE processed_at IS NULL")));
    });

    public Task ReconcileAsync() => App.Services.GetRequiredService<Reconciler>().RunOnceAsync(CancellationToken.None);

    /// <summary>Takes units and uses them up.</summary>
    public async Task GenerateAsync(Guid user, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var id = Guid.CreateVersion7();
            var decision = await App.AskAsync(new ReserveQuota { ReservationId = id, UserId = user, Quality = Quality.Standard });
            Assert.True(decision.Granted, decision.Detail);
            await using var settle = App.Database.CreateCommand("SELECT settle_quota($1, $2, 'commit', 'test', $3)");
            settle.Parameters.AddWithValue(id);
            settle.Parameters.AddWithValue(user);
            settle.Parameters.AddWithValue(Clock.GetUtcNow());
            await settle.ExecuteNonQueryAsync();
        }
    }

    public async Task<long> CountAsync(string sql, params object[] values)
    {
        await using var command = App.Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    /// <summary>The customer and subscriptions of a member at Stripe.</summary>
    public async Task<(string Customer, JsonElement[] Subscriptions)> AtStripeAsync(Guid user)
    {
        await using var command = App.Database.CreateCommand("SELECT customer_id FROM stripe_customers WHERE user_id = $1");
        command.Parameters.AddWithValue(user);
        var customer = (string)(await command.ExecuteScalarAsync())!;
        var list = await GetAsync($"/v1/subscriptions?customer={customer}&status=all");
        return (customer, [.. list.GetProperty("data").EnumerateArray()]);
    }
}
