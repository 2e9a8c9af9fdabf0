using System.Text.Json.Nodes;

namespace Son1kVers3.Stripe.Sandbox.Tests;

[Trait("Category", "Integration")]
public sealed class SubscriptionTests : IAsyncLifetime
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
    public async Task Renew_AnchoredOnThe31st_BillsOnTheLastDayOfShortMonths()
    {
        var buyer = await _scenario.BuyAsync();
        var ends = new List<string>();
        for (var month = 0; month < 4; month++)
        {
            var end = (long)(await buyer.ItemAsync())["current_period_end"]!;
            ends.Add(DateTimeOffset.FromUnixTimeSeconds(end).ToString("MM-dd HH:mm", null));
            await buyer.AdvanceToAsync(end + 7200);
        }

        Assert.Equal(["02-28 12:00", "03-31 12:00", "04-30 12:00", "05-31 12:00"], ends);
        var invoices = await buyer.InvoicesAsync();
        Assert.Equal(5, invoices.Count);
        Assert.All(invoices, invoice => Assert.Equal("paid", (string?)invoice!["status"]));
        Assert.Equal("subscription_create", (string?)invoices[^1]!["billing_reason"]);
        Assert.Equal(4, invoices.Count(invoice => (string?)invoice!["billing_reason"] == "subscription_cycle"));
    }

    [Fact]
    public async Task Renew_BeforeTheDraftHourIsOver_IsNotPaidYet()
    {
        var buyer = await _scenario.BuyAsync();
        await buyer.AdvanceToAsync("2026-02-28T12:30:00Z");
        var draft = (await buyer.InvoicesAsync())[0]!;
        await buyer.AdvanceToAsync("2026-02-28T13:00:00Z");
        var paid = (await buyer.InvoicesAsync())[0]!;

        Assert.Equal("draft", (string?)draft["status"]);
        Assert.Equal("paid", (string?)paid["status"]);
        Assert.Equal((string?)draft["id"], (string?)paid["id"]);
    }

    [Fact]
    public async Task Upgrade_AlwaysInvoice_ChargesTheDifferenceToTheSecond()
    {
        var buyer = await _scenario.BuyAsync();
        await buyer.AdvanceToAsync("2026-02-14T12:00:00Z");
        var upgraded = await buyer.SwitchAsync(_scenario.Pro, "&proration_behavior=always_invoice&payment_behavior=pending_if_incomplete");

        // 14 of 28 days are left: half of 999 back (500, half away from zero), half of 2999 to pay (1500).
        Assert.Equal(200, upgraded.Status);
        Assert.Null(upgraded.Json["pending_update"]);
        var invoice = (await buyer.InvoicesAsync())[0]!;
        Assert.Equal("subscription_update", (string?)invoice["billing_reason"]);
        Assert.Equal([-500, 1500], invoice["lines"]!["data"]!.AsArray().Select(line => (int)line!["amount"]!));
        Assert.Equal(1000, (int)invoice["amount_paid"]!);
        Assert.All(
            invoice["lines"]!["data"]!.AsArray(), line => Assert.True((bool)line!["parent"]!["subscription_item_details"]!["proration"]!));
        Assert.Equal(_scenario.Pro, (string?)(await buyer.ItemAsync())["price"]!["id"]);
        Assert.Empty((await _host.GetAsync("/v1/events?type=customer.subscription.pending_update_applied")).Data);
    }

    [Fact]
    public async Task Preview_OfAnUpgrade_CostsWhatTheUpgradeThenCosts()
    {
        var buyer = await _scenario.BuyAsync();
        await buyer.AdvanceToAsync("2026-02-10T07:11:13Z");
        var item = (string?)(await buyer.ItemAsync())["id"];
        var preview = await _host.PostAsync(
            "/v1/invoices/create_preview",
            $"subscription={buyer.Subscription}&subscription_details[items][0][id]={item}&subscription_details[items][0][price]={_scenario.Pro}"
            + $"&subscription_details[proration_behavior]=always_invoice&subscription_details[proration_date]={buyer.Now}");
        await buyer.AdvanceDaysAsync(0.01);
        await buyer.SwitchAsync(_scenario.Pro, $"&proration_behavior=always_invoice&proration_date={buyer.Now - 864}");

        Assert.Equal((long)preview.Ok["amount_due"]!, (long)(await buyer.InvoicesAsync())[0]!["amount_paid"]!);
    }

    [Fact]
    public async Task Upgrade_PendingIfIncompleteWithRefusedCard_AppliesOncePaid()
    {
        var buyer = await _scenario.BuyAsync();
        await buyer.AdvanceDaysAsync(1);
        await buyer.CardAsync("Declines");
        var pending = (await buyer.SwitchAsync(_scenario.Pro, "&proration_behavior=always_invoice&payment_behavior=pending_if_incomplete")).Ok;
        Assert.NotNull(pending["pending_update"]);
        Assert.Equal("active", (string?)pending["status"]);
        Assert.Equal(_scenario.Creator, (string?)(await buyer.ItemAsync())["price"]!["id"]);

        await buyer.CardAsync("Succeeds");
        var paid = await _host.PostAsync($"/v1/invoices/{(string?)pending["latest_invoice"]}/pay", "");
        Assert.Equal("paid", paid.Text("status"));
        Assert.Equal(_scenario.Pro, (string?)(await buyer.ItemAsync())["price"]!["id"]);
        Assert.Null((await buyer.ReadAsync())["pending_update"]);
        Assert.Single((await _host.GetAsync("/v1/events?type=customer.subscription.pending_update_applied")).Data);
    }

    [Fact]
    public async Task Upgrade_PendingAndNeverPaid_ExpiresAfter23Hours()
    {
        var buyer = await _scenario.BuyAsync();
        await buyer.CardAsync("Declines");
        await buyer.SwitchAsync(_scenario.Pro, "&proration_behavior=always_invoice&payment_behavior=pending_if_incomplete");
        await buyer.AdvanceDaysAsync(23 / 24d);

        var subscription = await buyer.ReadAsync("?expand[]=latest_invoice");
        Assert.Null(subscription["pending_update"]);
        Assert.Equal("void", (string?)subscription["latest_invoice"]!["status"]);
        Assert.Equal(_scenario.Creator, (string?)(await buyer.ItemAsync())["price"]!["id"]);
        Assert.Single((await _host.GetAsync("/v1/events?type=customer.subscription.pending_update_expired")).Data);
    }

    [Fact]
    public async Task Upgrade_PendingAndExpired_GivesTheCreditItUsedBack()
    {
        var buyer = await _scenario.BuyAsync();
        await buyer.SwitchAsync(_scenario.Pro, "&proration_behavior=always_invoice");
        await buyer.AdvanceToAsync("2026-02-14T12:00:00Z");
        await buyer.SwitchAsync(_scenario.Creator, "&proration_behavior=always_invoice");
        await buyer.CardAsync("Declines");
        await buyer.UpdateAsync($"items[0][price]={_scenario.Pro}&proration_behavior=always_invoice&payment_behavior=pending_if_incomplete");
        var used = (int)(await _host.GetAsync($"/v1/customers/{buyer.Customer}")).Ok["balance"]!;
        await buyer.AdvanceDaysAsync(1);

        Assert.Equal(0, used);
        Assert.Equal(-1000, (int)(await _host.GetAsync($"/v1/customers/{buyer.Customer}")).Ok["balance"]!);
        Assert.Single((await buyer.ReadAsync())["items"]!["data"]!.AsArray());
    }

    [Fact]
    public async Task Upgrade_ErrorIfIncompleteWithRefusedCard_ChangesNothing()
    {
        var buyer = await _scenario.BuyAsync();
        await buyer.CardAsync("Declines");
        var before = await buyer.ReadAsync();
        var refused = await buyer.SwitchAsync(_scenario.Pro, "&proration_behavior=always_invoice&payment_behavior=error_if_incomplete");

        Assert.Equal(402, refused.Status);
        Assert.Equal("card_declined", refused.Error("code"));
        Assert.True(JsonNode.DeepEquals(before, await buyer.ReadAsync()));
    }

    [Fact]
    public async Task Downgrade_AlwaysInvoice_CreditsTheCustomerForTheNextInvoice()
    {
        var buyer = await _scenario.BuyAsync();
        await buyer.SwitchAsync(_scenario.Pro, "&proration_behavior=always_invoice");
        await buyer.AdvanceToAsync("2026-02-14T12:00:00Z");
        await buyer.SwitchAsync(_scenario.Creator, "&proration_behavior=always_invoice");
        Assert.Equal(-1000, (int)(await _host.GetAsync($"/v1/customers/{buyer.Customer}")).Ok["balance"]!);

        await buyer.AdvanceToAsync("2026-03-01T00:00:00Z");
        var renewal = (await buyer.InvoicesAsync())[0]!;
        Assert.Equal(0, (int)renewal["amount_due"]!);
        Assert.Equal("paid", (string?)renewal["status"]);
        Assert.Equal(-1, (int)renewal["ending_balance"]!);
    }

    [Fact]
    public async Task CreateProrations_WaitForTheNextInvoice()
    {
        var buyer = await _scenario.BuyAsync();
        await buyer.AdvanceToAsync("2026-02-14T12:00:00Z");
        await buyer.SwitchAsync(_scenario.Pro);
        Assert.Single(await buyer.InvoicesAsync());
        await buyer.AdvanceToAsync("2026-03-01T00:00:00Z");

        Assert.Equal(2999 + 1000, (int)(await buyer.InvoicesAsync())[0]!["amount_paid"]!);
    }

    [Fact]
    public async Task CancelAtPeriodEnd_UndoneThenDone_EndsWithoutAnInvoice()
    {
        var buyer = await _scenario.BuyAsync();
        var canceling = (await buyer.UpdateAsync("cancel_at_period_end=true")).Ok;
        Assert.Equal((long)(await buyer.ItemAsync())["current_period_end"]!, (long)canceling["cancel_at"]!);
        var kept = (await buyer.UpdateAsync("cancel_at_period_end=false")).Ok;
        Assert.Null(kept["cancel_at"]);

        await buyer.UpdateAsync("cancel_at_period_end=true");
        await buyer.AdvanceToAsync("2026-03-01T00:00:00Z");
        var ended = await buyer.ReadAsync();
        Assert.Equal("canceled", (string?)ended["status"]);
        Assert.Equal("cancellation_requested", (string?)ended["cancellation_details"]!["reason"]);
        Assert.Single(await buyer.InvoicesAsync());
        Assert.Single((await _host.GetAsync("/v1/events?type=customer.subscription.deleted")).Data);
        Assert.Equal(400, (await buyer.UpdateAsync("cancel_at_period_end=false")).Status);
    }

    [Fact]
    public async Task Schedule_WithSecondPhase_DowngradesAtPeriodEnd()
    {
        var buyer = await _scenario.BuyAsync();
        await buyer.SwitchAsync(_scenario.Pro, "&proration_behavior=always_invoice");
        var schedule = (await _host.PostAsync("/v1/subscription_schedules", $"from_subscription={buyer.Subscription}")).Ok;
        var phase = schedule["phases"]![0]!;
        var updated = await _host.PostAsync(
            $"/v1/subscription_schedules/{(string?)schedule["id"]}",
            $"end_behavior=release&phases[0][items][0][price]={_scenario.Pro}&phases[0][start_date]={phase["start_date"]}&phases[0][end_date]={phase["end_date"]}"
            + $"&phases[1][items][0][price]={_scenario.Creator}&phases[1][proration_behavior]=none&phases[1][duration][interval]=month&phases[1][duration][interval_count]=1");
        Assert.Equal(200, updated.Status);
        Assert.Equal(400, (await buyer.UpdateAsync("cancel_at_period_end=true")).Status);

        await buyer.AdvanceToAsync("2026-03-01T00:00:00Z");
        var renewal = (await buyer.InvoicesAsync())[0]!;
        Assert.Equal(_scenario.Creator, (string?)(await buyer.ItemAsync())["price"]!["id"]);
        Assert.Equal(999, (int)renewal["amount_paid"]!);
        Assert.Equal((string?)schedule["id"], (string?)(await buyer.ReadAsync())["schedule"]);

        await buyer.AdvanceToAsync("2026-04-02T00:00:00Z");
        Assert.Null((await buyer.ReadAsync())["schedule"]);
        Assert.Equal("released", (await _host.GetAsync($"/v1/subscription_schedules/{(string?)schedule["id"]}")).Text("status"));
    }

    [Fact]
    public async Task Schedule_Released_LeavesTheSubscriptionAsItIs()
    {
        var buyer = await _scenario.BuyAsync();
        var schedule = await _host.PostAsync("/v1/subscription_schedules", $"from_subscription={buyer.Subscription}");
        Assert.Equal(400, (await _host.PostAsync("/v1/subscription_schedules", $"from_subscription={buyer.Subscription}")).Status);
        var released = await _host.PostAsync($"/v1/subscription_schedules/{schedule.Id}/release", "");

        Assert.Equal("released", released.Text("status"));
        Assert.Equal(buyer.Subscription, released.Text("released_subscription"));
        Assert.Null((await buyer.ReadAsync())["schedule"]);
    }

    [Fact]
    public async Task Create_WithRefusedCard_IsIncompleteAndExpiresAfter23Hours()
    {
        var clock = (await _host.PostAsync("/v1/test_helpers/test_clocks", $"frozen_time={Scenario.MonthEnd}")).Id;
        var customer = (await _host.PostAsync(
            "/v1/customers",
            $"test_clock={clock}&payment_method=pm_card_chargeCustomerFail&invoice_settings[default_payment_method]=pm_card_chargeCustomerFail")).Id;
        var created = await _host.PostAsync("/v1/subscriptions", $"customer={customer}&items[0][price]={_scenario.Pro}");
        var buyer = new Buyer(_host, clock, customer, created.Id, Scenario.MonthEnd);
        Assert.Equal("incomplete", created.Text("status"));

        await buyer.AdvanceDaysAsync(0.9);
        Assert.Equal("incomplete", await buyer.StatusAsync());
        await buyer.AdvanceDaysAsync(0.1);
        Assert.Equal("incomplete_expired", await buyer.StatusAsync());
        Assert.Equal("void", (string?)(await buyer.InvoicesAsync())[0]!["status"]);
    }
}
