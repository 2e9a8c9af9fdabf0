using System.Net;

namespace Son1kVers3.Stripe.Sandbox.Tests;

[Trait("Category", "Integration")]
public sealed class CheckoutTests : IAsyncLifetime
{
    private SandboxHost _host = null!;
    private Scenario _scenario = null!;

    public async Task InitializeAsync()
    {
        _host = await SandboxHost.StartAsync();
        _scenario = await Scenario.NewAsync(_host);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task PayPage_WithWorkingCard_RedirectsAndStartsSubscription()
    {
        var session = await _scenario.CheckoutAsync("&client_reference_id=u7&subscription_data[metadata][user_id]=u7&locale=en");
        using var browser = Browser();
        var page = await browser.GetStringAsync(session.Text("url"));
        using var paid = await PayAsync(browser, session.Text("url"), "4242 4242 4242 4242");

        Assert.Contains("name=\"cardNumber\"", page, StringComparison.Ordinal);
        Assert.Contains("Creator", page, StringComparison.Ordinal);
        Assert.Contains("$9.99", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, paid.StatusCode);
        Assert.Equal($"http://localhost:8080/ok?s={session.Id}", paid.Headers.Location!.ToString());
        var after = await _host.GetAsync($"/v1/checkout/sessions/{session.Id}?expand[]=subscription.latest_invoice&expand[]=line_items");
        Assert.Equal("complete", after.Text("status"));
        Assert.Equal("paid", after.Text("payment_status"));
        Assert.Equal("u7", (string?)after.Json["subscription"]!["metadata"]!["user_id"]);
        Assert.Equal("active", (string?)after.Json["subscription"]!["status"]);
        Assert.Equal("paid", (string?)after.Json["subscription"]!["latest_invoice"]!["status"]);
        Assert.Equal(999, (int)after.Json["line_items"]!["data"]![0]!["amount_total"]!);
    }

    [Theory]
    [InlineData("es-ES,es;q=0.9", "lang=\"es\"", "rechazada")]
    [InlineData("en-GB", "lang=\"en\"", "declined")]
    public async Task PayPage_WithDeclinedCard_SaysSoAndStaysOpen(string language, string lang, string message)
    {
        var session = await _scenario.CheckoutAsync();
        using var browser = Browser();
        browser.DefaultRequestHeaders.Add("Accept-Language", language);
        using var refused = await PayAsync(browser, session.Text("url"), "4000000000000002");
        var page = await refused.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Contains(lang, page, StringComparison.Ordinal);
        Assert.Contains(message, page, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", page, StringComparison.Ordinal);
        Assert.Equal("open", (await _host.GetAsync($"/v1/checkout/sessions/{session.Id}")).Text("status"));
        Assert.Empty((await _host.GetAsync("/v1/subscriptions?status=all")).Data);
    }

    [Fact]
    public async Task PayPage_PaidTwice_SaysSoAndMakesOneSubscription()
    {
        var session = await _scenario.CheckoutAsync("&locale=en");
        using var browser = Browser();
        using var first = await PayAsync(browser, session.Text("url"), "4242424242424242");
        using var second = await PayAsync(browser, session.Text("url"), "4242424242424242");

        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Contains("already completed", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single((await _host.GetAsync("/v1/subscriptions")).Data);
    }

    [Fact]
    public async Task Expire_WhenOpen_ClosesThePage()
    {
        var session = await _scenario.CheckoutAsync();
        var expired = await _host.PostAsync($"/v1/checkout/sessions/{session.Id}/expire", "");
        var again = await _host.PostAsync($"/v1/checkout/sessions/{session.Id}/expire", "");
        using var browser = Browser();
        using var page = await browser.GetAsync(session.Text("url"));

        Assert.Equal("expired", expired.Text("status"));
        Assert.Null(expired.Json["url"]);
        Assert.Equal(400, again.Status);
        Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
        Assert.Single((await _host.GetAsync("/v1/events?type=checkout.session.expired")).Data);
    }

    [Fact]
    public async Task Session_After24Hours_Expires()
    {
        var session = await _scenario.CheckoutAsync();
        await _host.ControlAsync("clock/advance", new { seconds = 86_399 - 60 });
        Assert.Equal("open", (await _host.GetAsync($"/v1/checkout/sessions/{session.Id}")).Text("status"));
        await _host.ControlAsync("clock/advance", new { seconds = 120 });
        Assert.Equal("expired", (await _host.GetAsync($"/v1/checkout/sessions/{session.Id}")).Text("status"));
    }

    [Fact]
    public async Task Pay_EventsInTheOrderOfStripe()
    {
        var session = await _scenario.CheckoutAsync();
        await _host.ControlAsync($"checkout/{session.Id}/pay", new { cardNumber = "4242424242424242", email = "a@example.com" });
        var types = (await _host.GetAsync("/v1/events?limit=100")).Data.Select(e => (string)e!["type"]!).Reverse().ToList();

        string[] expected =
        [
            "customer.created", "payment_method.attached", "invoice.created", "customer.subscription.created", "invoice.finalized", "charge.succeeded",
            "payment_intent.succeeded", "invoice_payment.paid", "customer.subscription.updated", "invoice.paid", "invoice.payment_succeeded",
            "checkout.session.completed",
        ];
        Assert.Equal(expected, types.Where(expected.Contains));
        var created = (await _host.GetAsync("/v1/events?type=customer.subscription.created")).Data[0]!;
        Assert.Equal("incomplete", (string?)created["data"]!["object"]!["status"]);
    }

    [Fact]
    public async Task Portal_CancelResumeAndCard_Work()
    {
        var buyer = await _scenario.BuyAsync();
        var session = await _host.PostAsync("/v1/billing_portal/sessions", $"customer={buyer.Customer}&return_url=http://localhost:8080/me&locale=es");
        using var browser = Browser();
        var page = await browser.GetStringAsync(session.Text("url"));
        Assert.Contains("Creator", page, StringComparison.Ordinal);
        Assert.Contains("•••• 4242", WebUtility.HtmlDecode(page), StringComparison.Ordinal);

        await ActAsync(browser, session.Text("url"), "cancel");
        Assert.True((bool)(await buyer.ReadAsync())["cancel_at_period_end"]!);
        await ActAsync(browser, session.Text("url"), "resume");
        Assert.False((bool)(await buyer.ReadAsync())["cancel_at_period_end"]!);
        await ActAsync(browser, session.Text("url"), "card", "5555 5555 5555 4444");
        var subscription = await buyer.ReadAsync("?expand[]=default_payment_method");
        Assert.Equal("4444", (string?)subscription["default_payment_method"]!["card"]!["last4"]);
    }

    private static HttpClient Browser() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    private static async Task<HttpResponseMessage> PayAsync(HttpClient browser, string url, string card)
    {
        using var form = new FormUrlEncodedContent([new("cardNumber", card), new("email", "ana@example.com")]);
        return await browser.PostAsync(url, form);
    }

    private static async Task ActAsync(HttpClient browser, string url, string action, string? card = null)
    {
        using var form = new FormUrlEncodedContent([new("action", action), new("cardNumber", card ?? "")]);
        using var response = await browser.PostAsync(url, form);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
    }
}
