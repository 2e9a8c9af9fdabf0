namespace Son1kVers3.Stripe.Sandbox.Tests;

[Trait("Category", "Integration")]
public sealed class DunningTests
{
    [Fact]
    public async Task Renewal_WithCardThatFailsLater_IsPastDueAndRecovers()
    {
        await using var host = await SandboxHost.StartAsync();
        var buyer = await (await Scenario.NewAsync(host)).BuyAsync("4000000000000341");
        Assert.Equal("active", await buyer.StatusAsync());

        await buyer.AdvanceToAsync("2026-02-28T14:00:00Z");
        var open = (await buyer.InvoicesAsync())[0]!;
        Assert.Equal("past_due", await buyer.StatusAsync());
        Assert.Equal("open", (string?)open["status"]);
        Assert.Equal(1, (int)open["attempt_count"]!);
        Assert.Equal(Unix("2026-03-03T13:00:00Z"), (long)open["next_payment_attempt"]!);

        await buyer.CardAsync("Succeeds");
        await buyer.AdvanceToAsync("2026-03-03T13:00:00Z");
        Assert.Equal("active", await buyer.StatusAsync());
        var paid = (await buyer.InvoicesAsync())[0]!;
        Assert.Equal("paid", (string?)paid["status"]);
        Assert.Equal("subscription_cycle", (string?)paid["billing_reason"]);
        Assert.Equal(2, (int)paid["attempt_count"]!);
        Assert.Equal(2, (await host.GetAsync("/v1/events?type=invoice.paid")).Data.Count);
    }

    [Theory]
    [InlineData("cancel", "canceled")]
    [InlineData("unpaid", "unpaid")]
    [InlineData("past_due", "past_due")]
    public async Task Retries_WhenAllFailed_EndAsConfigured(string setting, string status)
    {
        await using var host = await SandboxHost.StartAsync(("AfterRetries", setting), ("RetryDays", "1,2"));
        var buyer = await (await Scenario.NewAsync(host)).BuyAsync("4000000000000341");
        await buyer.AdvanceToAsync("2026-03-02T12:59:59Z");
        Assert.Equal("past_due", await buyer.StatusAsync());
        await buyer.AdvanceToAsync("2026-03-02T13:00:00Z");

        Assert.Equal(status, await buyer.StatusAsync());
        var invoice = (await buyer.InvoicesAsync())[0]!;
        Assert.Equal(3, (int)invoice["attempt_count"]!);
        Assert.Null(invoice["next_payment_attempt"]);
        Assert.Equal(3, (await host.GetAsync("/v1/events?type=invoice.payment_failed")).Data.Count);
        Assert.Equal(setting == "cancel" ? "payment_failed" : null, (string?)(await buyer.ReadAsync())["cancellation_details"]!["reason"]);
    }

    [Fact]
    public async Task Pay_WithAnotherCard_BringsAPastDueSubscriptionBack()
    {
        await using var host = await SandboxHost.StartAsync();
        var buyer = await (await Scenario.NewAsync(host)).BuyAsync("4000000000000341");
        await buyer.AdvanceToAsync("2026-02-28T14:00:00Z");
        var invoice = (string?)(await buyer.InvoicesAsync())[0]!["id"];
        var refused = await host.PostAsync($"/v1/invoices/{invoice}/pay", "");
        var paid = await host.PostAsync($"/v1/invoices/{invoice}/pay", "payment_method=pm_card_visa");
        var again = await host.PostAsync($"/v1/invoices/{invoice}/pay", "");

        Assert.Equal(402, refused.Status);
        Assert.Equal("card_error", refused.Error("type"));
        Assert.Equal("paid", paid.Text("status"));
        Assert.Equal("active", await buyer.StatusAsync());
        Assert.Equal(400, again.Status);
    }

    private static long Unix(string instant) => DateTimeOffset.Parse(instant, null).ToUnixTimeSeconds();
}
