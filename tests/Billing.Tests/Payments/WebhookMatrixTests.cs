using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Payments;

/// <summary>The fourteen failures that happened to others, each by its number in the matrix.</summary>
[Trait("Category", "Integration")]
public partial class WebhookMatrixTests(StripeApp stripe) : IClassFixture<StripeApp>
{
    [Fact]
    public async Task Case01_WhenOneEventComesManyTimesAtOnce_HasOneEffect()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.QuietAsync();
        var before = await stripe.CountAsync("SELECT sequence FROM accounts WHERE user_id = $1", user);
        var (customer, _) = await stripe.AtStripeAsync(user);

        var body = Event("evt_many", "invoice.paid", customer);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(body)));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        await stripe.QuietAsync();
        Assert.Equal(1, await stripe.CountAsync("SELECT count(*) FROM stripe_events WHERE id = 'evt_many'"));
        Assert.Equal(before, await stripe.CountAsync("SELECT sequence FROM accounts WHERE user_id = $1", user));
    }

    [Fact]
    public async Task Case02_WhenUpdatedComesBeforeCreated_StateIsStripes()
    {
        await stripe.ControlAsync("webhooks/hold");
        var user = Guid.CreateVersion7();
        await stripe.PayAsync(await stripe.CheckoutAsync(user, Tier.Pro));
        Assert.Equal("FREE", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());

        await stripe.ControlAsync("webhooks/release?order=reverse");

        await stripe.TierBecomesAsync(user, Tier.Pro);
        await stripe.QuietAsync();
        Assert.Equal("active", (await stripe.SubscriptionAsync(user)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Case03_WhenDeletedOfTheOldOneComesAfterTheNewOne_IsIgnored()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.QuietAsync();
        var (customer, old) = await stripe.AtStripeAsync(user);
        await stripe.Stripe.DeleteAsync($"/v1/subscriptions/{old[0].GetProperty("id").GetString()}");
        await stripe.TierBecomesAsync(user, Tier.Free);
        await stripe.PayAsync(await stripe.CheckoutAsync(user, Tier.Studio));
        await stripe.TierBecomesAsync(user, Tier.Studio);

        await SendAsync(Event("evt_old_deleted", "customer.subscription.deleted", customer));

        await stripe.QuietAsync();
        Assert.Equal("STUDIO", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
    }

    [Fact]
    public async Task Case04_WhenCreatedIncompleteArrivesLast_TheReadingSaysActive()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        var (customer, _) = await stripe.AtStripeAsync(user);

        await SendAsync(Event("evt_late_incomplete", "customer.subscription.created", customer, "incomplete"));

        await stripe.QuietAsync();
        Assert.Equal("CREATOR", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
        Assert.Equal("active", (await stripe.SubscriptionAsync(user)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Case05_WhenEventIsOfAnOlderApi_IsReadAgainInOurs()
    {
        await stripe.ControlAsync("webhooks/faults", new { kind = "Drop", times = 100 });
        var user = Guid.CreateVersion7();
        await stripe.PayAsync(await stripe.CheckoutAsync(user, Tier.Pro));
        await stripe.ClearFaultsAsync();
        var (customer, _) = await stripe.AtStripeAsync(user);

        await SendAsync(Event("evt_old_train", "customer.subscription.updated", customer, "past_due", apiVersion: "2023-08-16"));

        await stripe.TierBecomesAsync(user, Tier.Pro);
    }

    [Fact]
    public async Task Case06_WhenSignatureIsWrongOrStale_Is400AndNothingIsKept()
    {
        var body = Event("evt_unsigned", "invoice.paid", "cus_x");
        var now = stripe.Clock.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal(
            HttpStatusCode.OK,
            await SendAsync(Event("evt_two", "invoice.paid", "cus_x"), (t, right) => $"t={t},v1={new string('0', 64)},v1={right}"));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(body, (t, _) => $"t={t},v1={new string('0', 64)}"));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(body, (t, right) => $"t={t},v0={right}"));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(body, (_, _) => null));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(body, (_, _) => "t=,v1="));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(body, timestamp: now - 400));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(body, timestamp: now + 400));
        Assert.Equal(0, await stripe.CountAsync("SELECT count(*) FROM stripe_events WHERE id = 'evt_unsigned'"));
    }

    [Fact]
    public async Task Case06b_WhenTheEventIsLive_AndWeAreNot_Is400() =>
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(Event("evt_live", "invoice.paid", "cus_x", livemode: true)));

    [Fact]
    public async Task Case07_WhenProrationIsPaid_QuotaIsNotRefilled()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.GenerateAsync(user, 5);

        var switched = await stripe.SwitchAsync(user, new { tier = "PRO" });

        Assert.Equal("PRO", switched.GetProperty("tier").GetString());
        await stripe.QuietAsync();
        var limits = await stripe.LimitsAsync(user);
        Assert.Equal((200, 5, 195), (Int(limits, "limit"), Int(limits, "used"), Int(limits, "remaining")));
    }

    [Fact]
    public async Task Case10_WhenTwoTabsCheckOut_ThereIsOneSubscription()
    {
        var user = Guid.CreateVersion7();
        var tabs = await Task.WhenAll(stripe.CheckoutAsync(user, Tier.Creator), stripe.CheckoutAsync(user, Tier.Pro));

        var results = new List<string?>();
        foreach (var tab in tabs)
            results.Add((await stripe.PayAsync(tab)).GetProperty("result").GetString());

        Assert.Equal(["NotOpen", "Paid"], results.Order());
        await stripe.QuietAsync();
        Assert.Single((await stripe.AtStripeAsync(user)).Subscriptions);
        using var client = stripe.App.ClientOf(user);
        using var third = await client.PostAsJsonAsync("/api/tiers/checkout", StripeApp.Order(Tier.Studio));
        Assert.Equal(HttpStatusCode.Conflict, third.StatusCode);
        Assert.EndsWith(
            "subscription-exists", (await third.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case10b_WhenASecondSubscriptionExistsAnyway_ItIsEnded()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        var (customer, first) = await stripe.AtStripeAsync(user);
        var price = first[0].GetProperty("items").GetProperty("data")[0].GetProperty("price").GetProperty("id").GetString()!;
        stripe.Clock.Advance(TimeSpan.FromSeconds(2));

        await stripe.PostAsync("/v1/subscriptions", ("customer", customer), ("items[0][price]", price));

        await Eventually.PassesAsync(async () =>
            Assert.Equal(
                ["active", "canceled"],
                (await stripe.AtStripeAsync(user)).Subscriptions.Select(s => s.GetProperty("status").GetString()!).Order()));
        Assert.Equal("CREATOR", (await stripe.LimitsAsync(user)).GetProperty("tier").GetString());
    }

    [Fact]
    public async Task Case11_WhenWeDieBetweenStripesEffectAndOurs_TheRetryHasTheSameKey()
    {
        var user = Guid.CreateVersion7();
        var body = StripeApp.Order(Tier.Pro);
        using var client = stripe.App.ClientOf(user);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "tab-1");
        // Stripe makes the session, and every answer about it is lost.
        await stripe.ControlAsync("faults", new { kind = "Abort", method = "POST", path = "/v1/checkout/sessions", times = 4 });
        using var lost = await client.PostAsJsonAsync("/api/tiers/checkout", body);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.StatusCode);

        using var retried = await client.PostAsJsonAsync("/api/tiers/checkout", body);

        Assert.Equal(HttpStatusCode.Created, retried.StatusCode);
        var (customer, _) = await stripe.AtStripeAsync(user);
        var sessions = (await stripe.GetAsync($"/v1/checkout/sessions?customer={customer}")).GetProperty("data").EnumerateArray().ToArray();
        Assert.Single(sessions);
        Assert.Equal(
            sessions[0].GetProperty("id").GetString(),
            (await retried.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sessionId").GetString());
    }

    [Fact]
    public async Task Case13_WhenRefundedOrDisputed_TheTierEndsAndReturnsWithAWonDispute()
    {
        var refunded = await stripe.SubscribeAsync(Tier.Creator);
        var disputed = await stripe.SubscribeAsync(Tier.Pro);
        await stripe.PostAsync("/v1/refunds", ("charge", await ChargeAsync(refunded)));
        await stripe.TierBecomesAsync(refunded, Tier.Free);

        var dispute = await stripe.ControlAsync("disputes", new { charge = await ChargeAsync(disputed) });
        await stripe.TierBecomesAsync(disputed, Tier.Free);
        await stripe.ControlAsync($"disputes/{dispute.GetProperty("id").GetString()}/close", new { status = "won" });
        await stripe.TierBecomesAsync(disputed, Tier.Pro);

        await stripe.QuietAsync();
        Assert.Equal(999, await stripe.CountAsync("SELECT refunded_cents_published FROM invoices WHERE user_id = $1", refunded));
        Assert.Equal(0, await stripe.CountAsync("SELECT refunded_cents_published FROM invoices WHERE user_id = $1", disputed));
    }

    private static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static string Event(
        string id, string type, string customer, string status = "active", string apiVersion = "2026-10-28.endive",
        bool livemode = false) =>
        JsonSerializer.Serialize(new
        {
            id,
            @object = "event",
            api_version = apiVersion,
            created = 1_700_000_000,
            type,
            livemode,
            data = new { @object = new { id = "sub_of_the_event", @object = "subscription", customer, status } },
        });

    private Task StatusBecomesAsync(Guid user, string status) => Eventually.PassesAsync(async () =>
        Assert.Equal(status, (await stripe.SubscriptionAsync(user)).GetProperty("status").GetString()));

    private async Task<string> ChargeAsync(Guid user)
    {
        var (customer, _) = await stripe.AtStripeAsync(user);
        return (await stripe.GetAsync($"/v1/charges?customer={customer}")).GetProperty("data")[0].GetProperty("id").GetString()!;
    }

    private async Task<HttpStatusCode> SendAsync(string body, Func<long, string, string?>? header = null, long? timestamp = null)
    {
        var t = timestamp ?? stripe.Clock.GetUtcNow().ToUnixTimeSeconds();
        var right = Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(StripeApp.Secret), Encoding.UTF8.GetBytes($"{t}.{body}")));
        using var client = stripe.App.Client();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/api/tiers/webhook")
        { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        var signature = header is null ? $"t={t},v1={right}" : header(t, right);
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
