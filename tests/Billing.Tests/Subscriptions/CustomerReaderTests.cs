using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Contracts;
using Stripe;

namespace Son1kVers3.Billing.Tests.Subscriptions;

[Trait("Category", "Unit")]
public class CustomerReaderTests
{
    private const string Pro = """{"id":"price_pro","object":"price","lookup_key":"son1k_pro_month"}""";
    private const string Extra = """{"id":"price_extra","object":"price","lookup_key":"extra"}""";

    [Fact]
    public async Task Read_WhenSomethingElseIsSoldBesideTheTier_TheTiersItemCounts()
    {
        var state = await ReadAsync(new()
        {
            ["/v1/subscriptions"] = $$"""
                {"id":"sub_1","object":"subscription","status":"active","created":1780000000,"items":{"object":"list","data":[
                    {"id":"si_extra","current_period_start":1780000000,"current_period_end":1811536000,"price":{{Extra}} },
                    {"id":"si_pro","current_period_start":1780000000,"current_period_end":1782592000,"price":{{Pro}} }]} }
                """,
        });

        Assert.Equal((Tier.Pro, "si_pro"), (state.Subscriptions[0].Tier, state.Subscriptions[0].ItemId));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_782_592_000), state.Subscriptions[0].Period.End);
    }

    [Theory]
    [InlineData("usd", 500, 2499)]
    [InlineData("eur", 500, 0)]
    public async Task Read_WhenADisputeIsInAnotherCurrency_ItIsOfTheWholeCharge(string currency, long amount, long kept)
    {
        var state = await ReadAsync(new()
        {
            ["/v1/subscriptions"] = $$"""
                {"id":"sub_1","object":"subscription","status":"active","created":1780000000,"items":{"object":"list","data":[
                    {"id":"si_pro","current_period_start":1780000000,"current_period_end":1782592000,"price":{{Pro}} }]} }
                """,
            ["/v1/invoices"] = """
                {"id":"in_1","object":"invoice","status":"paid","billing_reason":"subscription_create","amount_due":2999,"amount_paid":2999,
                "currency":"usd","created":1780000000,"lines":{"object":"list","has_more":false,"data":[]} }
                """,
            ["/v1/charges"] = """
                {"id":"ch_1","object":"charge","amount":2999,"amount_refunded":0,"currency":"usd","disputed":true,"payment_intent":"pi_1"}
                """,
            ["/v1/invoice_payments"] = """{"id":"inpay_1","object":"invoice_payment","invoice":"in_1"}""",
            ["/v1/disputes"] = $$"""
                {"id":"dp_1","object":"dispute","amount":{{amount}},"currency":"{{currency}}","status":"needs_response"}
                """,
        });

        Assert.Equal(kept, state.Invoices[0].KeptCents);
    }

    private static async Task<CustomerState> ReadAsync(Dictionary<string, string> lists)
    {
        using var http = new HttpClient(new Lists(lists));
        await using var none = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
        var client = new StripeClient(
            new StripeClientOptions { ApiKey = "sk_test_fake", HttpClient = new SystemNetHttpClient(http, enableTelemetry: false) });
        var keys = new StripeKeys(none, TimeProvider.System);
        var prices = new PriceBook(client, keys, Options.Create(new StripeOptions()), NullLogger<PriceBook>.Instance);
        return await new CustomerReader(client, prices).ReadAsync("cus_1", CancellationToken.None);
    }

    /// <summary>Each list has the one thing that is written, or nothing.</summary>
    private sealed class Lists(Dictionary<string, string> lists) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var data = lists.GetValueOrDefault(request.RequestUri!.AbsolutePath, "");
            var body = $$"""{"object":"list","has_more":false,"data":[{{data}}]}""";
            var content = new StringContent(body, Encoding.UTF8, "application/json");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }
}
