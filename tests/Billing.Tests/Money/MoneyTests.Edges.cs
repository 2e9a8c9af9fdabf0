using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Son1kVers3.Billing.Tests.Payments;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Money;

/// <summary>Events that cannot be, the hours around a renewal, previews, and a Stripe that takes its time.</summary>
public partial class MoneyTests
{
    [Theory]
    [InlineData("evt_x", "invoice.paid", "99999999999999999", """{"object":"invoice","customer":"cus_x"}""")]
    [InlineData("evt_x", "invoice.paid", "-99999999999999", """{"object":"invoice","customer":"cus_x"}""")]
    [InlineData("""evt_\u0000""", "invoice.paid", "1700000000", """{"object":"invoice","customer":"cus_x"}""")]
    [InlineData("evt_x", "invoice.paid", "1700000000", """{"object":"invoice","customer":"cus_\u0000"}""")]
    [InlineData("evt_x", """in\ud800voice""", "1700000000", """{"object":"invoice","customer":"cus_x"}""")]
    [InlineData("evt_x", "charge.dispute.created", "1700000000", """{"object":"dispute","charge":"ch_\udfff"}""")]
    [InlineData("evt_x", "invoice.paid", """"soon"""", """{"object":"invoice","customer":"cus_x"}""")]
    public Task Event_WhenAPartOfItIsImpossible_Is400AndNotKept(string id, string type, string created, string about) =>
        Event_WhenSignedButNone_Is400AndNotKept(
            $$$"""
            {"id":"{{{id}}}","object":"event","type":"{{{type}}}","created":{{{created}}},"livemode":false,"data":{"object":{{{about}}} } }
            """);

    [Theory]
    [InlineData("""{"id":"evt_x","object":"event","type":"invoice.paid","created":1700000000,"livemode":false,"data":7}""")]
    [InlineData("""{"id":7,"object":"event"}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    [InlineData("""{""")]
    public async Task Event_WhenSignedButNone_Is400AndNotKept(string body)
    {
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(body));
        Assert.Equal(0, await stripe.CountAsync("SELECT count(*) FROM stripe_events WHERE id = 'evt_x'"));
    }

    [Fact]
    public async Task Dispute_WhenItsChargeCannotBeRead_IsDoneWith()
    {
        var body =
            """
            {"id":"evt_lost_charge","object":"event","type":"charge.dispute.created","created":1700000000,"livemode":false,
            "data":{"object":{"id":"dp_1","object":"dispute","charge":"ch_none"}}}
            """;

        Assert.Equal(HttpStatusCode.OK, await SendAsync(body));

        await Eventually.PassesAsync(
            async () =>
                Assert.Equal(
                    1, await stripe.CountAsync(
                        "SELECT count(*) FROM stripe_events WHERE id = 'evt_lost_charge' AND processed_at IS NOT NULL")));
    }

    [Fact]
    public async Task ResetAt_AroundARenewal_IsWhenTheNextUnitComes()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        var end = (await stripe.LimitsAsync(user)).GetProperty("resetAt").GetDateTimeOffset();
        await stripe.TravelAsync(end - stripe.Clock.GetUtcNow() + TimeSpan.FromMinutes(10));
        await stripe.QuietAsync();

        var drafted = (await stripe.LimitsAsync(user)).GetProperty("resetAt").GetDateTimeOffset();
        Assert.Equal(end.AddHours(1), drafted, TimeSpan.FromMinutes(15));
        Assert.True(drafted > stripe.Clock.GetUtcNow());

        await stripe.ControlAsync("cards", new { customer = (await stripe.AtStripeAsync(user)).Customer, outcome = "Declines" });
        await stripe.TravelAsync(TimeSpan.FromHours(2));
        await Eventually.PassesAsync(
            async () => Assert.Equal("past_due", (await stripe.SubscriptionAsync(user)).GetProperty("status").GetString()));
        await stripe.QuietAsync();
        var overdue = (await stripe.LimitsAsync(user)).GetProperty("resetAt").GetDateTimeOffset();
        Assert.InRange(overdue, stripe.Clock.GetUtcNow(), stripe.Clock.GetUtcNow().AddDays(7));
    }

    [Fact]
    public async Task Preview_OfAnUpgrade_IsWhatIsChargedThen()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.TravelAsync(TimeSpan.FromDays(10));
        using var client = stripe.App.ClientOf(user);

        using var answer = await client.PostAsJsonAsync("/api/tiers/subscription/preview", new { tier = "STUDIO" });
        var preview = await answer.Content.ReadFromJsonAsync<JsonElement>();
        await stripe.SwitchAsync(user, new { tier = "STUDIO" });

        Assert.Equal((HttpStatusCode.OK, 9999), (answer.StatusCode, Int(preview, "nextCents")));
        var paid = (await client.GetFromJsonAsync<JsonElement>("/api/tiers/invoices")).GetProperty("items")[0];
        Assert.Equal(Int(preview, "dueNowCents"), Int(paid, "paidCents"));
        Assert.True(Int(preview, "dueNowCents") is > 0 and < 9000);
    }

    [Fact]
    public async Task Preview_OfADowngrade_CostsNothingNow()
    {
        var user = await stripe.SubscribeAsync(Tier.Pro);
        using var client = stripe.App.ClientOf(user);

        using var answer = await client.PostAsJsonAsync("/api/tiers/subscription/preview", new { tier = "CREATOR" });

        var preview = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((0, 999), (Int(preview, "dueNowCents"), Int(preview, "nextCents")));
        Assert.Equal(preview.GetProperty("at").GetDateTimeOffset(), preview.GetProperty("nextAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Portal_WhenItSwitchesDownAtOnce_TheTierFollowsTheCredit()
    {
        var user = await stripe.SubscribeAsync(Tier.Pro);
        var creator = await stripe.SubscribeAsync(Tier.Creator);
        var price = (await stripe.AtStripeAsync(creator)).Subscriptions[0].GetProperty("items").GetProperty("data")[0].GetProperty("price")
            .GetProperty("id").GetString()!;
        var subscription = (await stripe.AtStripeAsync(user)).Subscriptions[0];

        await stripe.PostAsync(
            $"/v1/subscriptions/{subscription.GetProperty("id").GetString()}",
            ("items[0][id]", subscription.GetProperty("items").GetProperty("data")[0].GetProperty("id").GetString()!),
            ("items[0][price]", price));

        await stripe.TierBecomesAsync(user, Tier.Creator);
    }

    [Fact]
    public async Task Endpoints_WhileStripeIsSilent_AnswerAllTheSame()
    {
        var user = await stripe.SubscribeAsync(Tier.Creator);
        await stripe.QuietAsync();
        await stripe.ControlAsync("faults", new { kind = "Delay", path = "/v1/*", times = 100, delayMs = 3_600_000 });
        using var client = stripe.App.ClientOf(user);
        using var waiting = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 12).Select(i => i % 3 == 0
            ? client.PatchAsJsonAsync("/api/tiers/subscription", new { tier = "PRO" }, waiting.Token)
            : stripe.App.ClientOf(Guid.CreateVersion7()).PostAsJsonAsync("/api/tiers/checkout", StripeApp.Order(Tier.Pro), waiting.Token))
                .ToArray();
        var about =
            new
            {
                id = $"evt_{Guid.NewGuid():N}",
                @object = "event",
                type = "invoice.paid",
                created = 1_700_000_000,
                livemode = false,
                data = new { @object = new { @object = "invoice", customer = await CustomerAsync(user) } }
            };
        await SendAsync(JsonSerializer.Serialize(about));

        // Nothing of these goes to Stripe: none may wait for those that do.
        foreach (var path in (string[])["/api/tiers", "/api/tiers/limits", "/api/tiers/usage", "/api/tiers/invoices",
            "/api/tiers/subscription"])
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode);
        Assert.True(
            (await stripe.App.AskAsync(
                new ReserveQuota { ReservationId = Guid.CreateVersion7(), UserId = user, Quality = Quality.Standard })).Granted);
        Assert.Equal(
            0, await stripe.CountAsync(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"));
        Assert.Equal(
            0, await stripe.CountAsync(
                "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database "
                + "WHERE locktype = 'advisory' AND datname = current_database()"));
        Assert.All(calls, call => Assert.False(call.IsCompleted));

        await stripe.ClearFaultsAsync();
        var answers = await Task.WhenAll(calls);
        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode, answer.StatusCode.ToString()));
        await stripe.TierBecomesAsync(user, Tier.Pro);
    }

    private async Task<string> CustomerAsync(Guid user)
    {
        await using var command = stripe.App.Database.CreateCommand("SELECT customer_id FROM stripe_customers WHERE user_id = $1");
        command.Parameters.AddWithValue(user);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private async Task<HttpStatusCode> SendAsync(string body)
    {
        var t = stripe.Clock.GetUtcNow().ToUnixTimeSeconds();
        var signature = Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(StripeApp.Secret), Encoding.UTF8.GetBytes($"{t}.{body}")));
        using var client = stripe.App.Client();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/api/tiers/webhook")
        { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Stripe-Signature", $"t={t},v1={signature}");
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
