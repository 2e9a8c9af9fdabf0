using System.Globalization;
using System.Text.Json.Nodes;

namespace Son1kVers3.Stripe.Sandbox.Tests;

/// <summary>A catalogue of two prices, and customers on test clocks who buy.</summary>
internal sealed class Scenario(SandboxHost host)
{
    public const long MonthEnd = 1_769_860_800; // 2026-01-31 12:00:00 UTC

    public string Creator { get; private set; } = "";

    public string Pro { get; private set; } = "";

    public static async Task<Scenario> NewAsync(SandboxHost host)
    {
        var scenario = new Scenario(host);
        scenario.Creator = (await host.PostAsync(
            "/v1/prices", "currency=usd&unit_amount=999&recurring[interval]=month&product_data[name]=Creator&lookup_key=creator")).Id;
        scenario.Pro = (await host.PostAsync(
            "/v1/prices", "currency=usd&unit_amount=2999&recurring[interval]=month&product_data[name]=Pro&lookup_key=pro")).Id;
        return scenario;
    }

    public async Task<Buyer> BuyAsync(string card = "4242424242424242", long start = MonthEnd)
    {
        var clock = (await host.PostAsync("/v1/test_helpers/test_clocks", $"frozen_time={start}")).Id;
        var customer = (await host.PostAsync("/v1/customers", $"email=ana@example.com&test_clock={clock}")).Id;
        var session = await CheckoutAsync($"&customer={customer}&subscription_data[metadata][user_id]=u1&client_reference_id=u1");
        var paid = await host.ControlAsync($"checkout/{session.Id}/pay", new { cardNumber = card });
        return new Buyer(host, clock, customer, (string)paid["subscription"]!, start);
    }

    public Task<Answer> CheckoutAsync(string more = "") => host.PostAsync(
        "/v1/checkout/sessions",
        $"mode=subscription&line_items[0][price]={Creator}&line_items[0][quantity]=1&success_url=http://localhost:8080/ok?s={{CHECKOUT_SESSION_ID}}&cancel_url=http://localhost:8080/no{more}");
}

internal sealed class Buyer(SandboxHost host, string clock, string customer, string subscription, long now)
{
    public string Customer => customer;

    public string Subscription => subscription;

    public string Clock => clock;

    public long Now { get; private set; } = now;

    public async Task<JsonObject> ReadAsync(string query = "") => (await host.GetAsync($"/v1/subscriptions/{subscription}{query}")).Ok;

    public async Task<string> StatusAsync() => (string)(await ReadAsync())["status"]!;

    public async Task<JsonNode> ItemAsync() => (await ReadAsync())["items"]!["data"]![0]!;

    public async Task<JsonArray> InvoicesAsync() => (await host.GetAsync($"/v1/invoices?subscription={subscription}&limit=100")).Data;

    public async Task<Answer> UpdateAsync(string form) => await host.PostAsync($"/v1/subscriptions/{subscription}", form);

    public async Task<Answer> SwitchAsync(string price, string more = "")
    {
        var item = (string)(await ItemAsync())["id"]!;
        return await UpdateAsync($"items[0][id]={item}&items[0][price]={price}{more}");
    }

    public async Task AdvanceToAsync(string instant) =>
        await AdvanceToAsync(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds());

    public async Task AdvanceToAsync(long instant)
    {
        var answer = await host.PostAsync($"/v1/test_helpers/test_clocks/{clock}/advance", $"frozen_time={instant}");
        Assert.Equal("advancing", answer.Text("status"));
        Assert.Equal("ready", (await host.GetAsync($"/v1/test_helpers/test_clocks/{clock}")).Text("status"));
        Now = instant;
    }

    public Task AdvanceDaysAsync(double days) => AdvanceToAsync(Now + (long)(days * 86400));

    public Task CardAsync(string outcome) => host.ControlAsync("cards", new { customer, outcome });
}
