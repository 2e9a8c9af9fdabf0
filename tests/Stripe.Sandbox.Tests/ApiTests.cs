using System.Net.Http.Headers;

namespace Son1kVers3.Stripe.Sandbox.Tests;

[Trait("Category", "Integration")]
public sealed class ApiTests : IAsyncLifetime
{
    private SandboxHost _host = null!;
    private Scenario _scenario = null!;

    public async Task InitializeAsync()
    {
        _host = await SandboxHost.StartAsync();
        _scenario = await Scenario.NewAsync(_host);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(null, "You did not provide an API key")]
    [InlineData("sk_test_wrong_key_entirely", "Invalid API Key provided: sk_test_********rely")]
    public async Task Call_WithoutTheKey_Is401(string? key, string message)
    {
        _host.Http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        var answer = await _host.GetAsync("/v1/customers");
        Assert.Equal(401, answer.Status);
        Assert.StartsWith(message, answer.Error("message"), StringComparison.Ordinal);
        using var control = await _host.Http.PostAsync("/_sandbox/webhooks/hold", null);
        Assert.Equal(401, (int)control.StatusCode);
    }

    [Theory]
    [InlineData("/v1/customers", "emial=a@b.c", "parameter_unknown", "emial")]
    [InlineData("/v1/checkout/sessions", "mode=subscription&line_items[0][prise]=x", "parameter_unknown", "line_items[0][prise]")]
    [InlineData("/v1/checkout/sessions", "mode=subscription", "parameter_missing", "success_url")]
    [InlineData("/v1/checkout/sessions", "success_url=http://a/b", "parameter_missing", "mode")]
    [InlineData("/v1/checkout/sessions", "mode=subscription&success_url=http://a&line_items[0][price]=price_none&line_items[0][quantity]=1", "resource_missing", "line_items[0][price]")]
    [InlineData("/v1/checkout/sessions", "mode=subscription&success_url=nonsense", "url_invalid", "success_url")]
    [InlineData("/v1/checkout/sessions", "mode=rent&success_url=http://a", null, "mode")]
    [InlineData("/v1/checkout/sessions", "mode=subscription&discounts[0][coupon]=x", "sandbox_not_emulated", "discounts[0][coupon]")]
    [InlineData("/v1/customers", "metadata[k]=v&test_clock=clock_none", "resource_missing", "test_clock")]
    [InlineData("/v1/prices", "currency=usd&unit_amount=ten&product=p", "parameter_invalid_integer", "unit_amount")]
    [InlineData("/v1/prices", "currency=usd&unit_amount=5&lookup_key=pro&product_data[name]=x", "resource_already_exists", "lookup_key")]
    [InlineData("/v1/billing_portal/sessions", "customer=cus_none", "resource_missing", "customer")]
    public async Task Post_WithBadParameters_Is400AndNamesThem(string path, string form, string? code, string param)
    {
        var answer = await _host.PostAsync(path, form);
        Assert.Equal(400, answer.Status);
        Assert.Equal("invalid_request_error", answer.Error("type"));
        Assert.Equal(code, answer.Error("code"));
        Assert.Equal(param, answer.Error("param"));
    }

    [Theory]
    [InlineData("/v1/customers/cus_none")]
    [InlineData("/v1/subscriptions/sub_none")]
    [InlineData("/v1/events/evt_none")]
    public async Task Get_OfAnUnknownId_Is404ResourceMissing(string path)
    {
        var answer = await _host.GetAsync(path);
        Assert.Equal(404, answer.Status);
        Assert.Equal("resource_missing", answer.Error("code"));
    }

    [Fact]
    public async Task Call_OfAnUnknownUrl_Is404()
    {
        var answer = await _host.GetAsync("/v1/invoices/upcoming/lines/none");
        Assert.Equal(404, answer.Status);
        Assert.StartsWith("Unrecognized request URL (GET: /v1/invoices", answer.Error("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_PagesInBothDirections()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, (await _host.PostAsync("/v1/customers", $"name=c{i}")).Id);
        }

        var first = await _host.GetAsync("/v1/customers?limit=2");
        var second = await _host.GetAsync($"/v1/customers?limit=2&starting_after={ids[1]}");
        var back = await _host.GetAsync($"/v1/customers?limit=2&ending_before={ids[4]}");
        Assert.Equal(ids[..2], first.Data.Select(c => (string)c!["id"]!));
        Assert.True((bool)first.Json["has_more"]!);
        Assert.Equal(ids[2..4], second.Data.Select(c => (string)c!["id"]!));
        Assert.Equal(ids[2..4], back.Data.Select(c => (string)c!["id"]!));
        Assert.Equal(400, (await _host.GetAsync("/v1/customers?limit=101")).Status);
    }

    [Fact]
    public async Task Prices_ByLookupKey_AreFoundAndTransferred()
    {
        var found = (await _host.GetAsync("/v1/prices?lookup_keys[]=pro&lookup_keys[]=studio&expand[]=data.product")).Data;
        Assert.Equal(_scenario.Pro, (string?)Assert.Single(found)!["id"]);
        Assert.Equal("Pro", (string?)found[0]!["product"]!["name"]);

        var newer = await _host.PostAsync(
            "/v1/prices", "currency=usd&unit_amount=3999&recurring[interval]=month&product_data[name]=Pro 2&lookup_key=pro&transfer_lookup_key=true");
        Assert.Equal(newer.Id, (string?)Assert.Single((await _host.GetAsync("/v1/prices?lookup_keys[]=pro")).Data)!["id"]);
        Assert.Null((await _host.GetAsync($"/v1/prices/{_scenario.Pro}")).Ok["lookup_key"]);
    }

    [Fact]
    public async Task Customer_UpdatedAndDeleted_EndsItsSubscription()
    {
        var buyer = await _scenario.BuyAsync();
        var updated = await _host.PostAsync($"/v1/customers/{buyer.Customer}", "name=Ana&metadata[a]=1&metadata[b]=2");
        var cleared = await _host.PostAsync($"/v1/customers/{buyer.Customer}", "metadata[a]=");
        var deleted = await _host.DeleteAsync($"/v1/customers/{buyer.Customer}");

        Assert.Equal("Ana", updated.Text("name"));
        Assert.Equal("""{"b":"2"}""", cleared.Ok["metadata"]!.ToJsonString());
        Assert.True((bool)deleted.Ok["deleted"]!);
        Assert.True((bool)(await _host.GetAsync($"/v1/customers/{buyer.Customer}")).Ok["deleted"]!);
        Assert.Equal("canceled", await buyer.StatusAsync());
        var change = (await _host.GetAsync("/v1/events?type=customer.updated")).Data[0]!;
        Assert.Equal("1", (string?)change["data"]!["previous_attributes"]!["metadata"]!["a"]);
    }

    [Fact]
    public async Task Refund_InPartThenWhole_MarksTheCharge()
    {
        var buyer = await _scenario.BuyAsync();
        var invoice = (string?)(await buyer.ReadAsync())["latest_invoice"];
        var payments = (await _host.GetAsync($"/v1/invoice_payments?invoice={invoice}")).Data;
        var intent = (string?)Assert.Single(payments)!["payment"]!["payment_intent"];
        var part = await _host.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=100");
        var tooMuch = await _host.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=900");
        var rest = await _host.PostAsync("/v1/refunds", $"payment_intent={intent}");
        var again = await _host.PostAsync("/v1/refunds", $"payment_intent={intent}");

        Assert.Equal(100, (int)part.Ok["amount"]!);
        Assert.Equal(400, tooMuch.Status);
        Assert.Equal(899, (int)rest.Ok["amount"]!);
        Assert.Equal("charge_already_refunded", again.Error("code"));
        var events = (await _host.GetAsync("/v1/events?type=charge.refunded")).Data;
        Assert.Equal([true, false], events.Select(e => (bool)e!["data"]!["object"]!["refunded"]!));
    }

    [Fact]
    public async Task Dispute_OpenedAndLost_TellsBoth()
    {
        var buyer = await _scenario.BuyAsync();
        var invoice = (string?)(await buyer.ReadAsync())["latest_invoice"];
        var dispute = await _host.ControlAsync("disputes", new { invoice });
        await _host.ControlAsync($"disputes/{(string?)dispute["id"]}/close", new { status = "lost" });

        Assert.Equal("lost", (await _host.GetAsync($"/v1/disputes/{(string?)dispute["id"]}")).Text("status"));
        Assert.True((bool)(await _host.GetAsync($"/v1/charges/{(string?)dispute["charge"]}")).Ok["disputed"]!);
        Assert.Single((await _host.GetAsync("/v1/events?types[]=charge.dispute.created")).Data);
        Assert.Single((await _host.GetAsync("/v1/events?types[]=charge.dispute.closed")).Data);
    }

    [Fact]
    public async Task State_WithADataFile_OutlivesTheProcess()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("sandbox").FullName, "state.json");
        Buyer buyer;
        string status;
        await using (var first = await SandboxHost.StartAsync(("DataFile", file)))
        {
            buyer = await (await Scenario.NewAsync(first)).BuyAsync();
            status = (await buyer.ReadAsync()).ToJsonString();
        }

        await using (var second = await SandboxHost.StartAsync(("DataFile", file)))
        {
            var again = new Buyer(second, buyer.Clock, buyer.Customer, buyer.Subscription, buyer.Now);
            Assert.Equal(status, (await again.ReadAsync()).ToJsonString());
            await again.AdvanceToAsync("2026-03-01T00:00:00Z");
            Assert.Equal(2, (await again.InvoicesAsync()).Count);
        }

        // Only after the sandbox has ended, which saves until then.
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
