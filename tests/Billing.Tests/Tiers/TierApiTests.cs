using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Son1kVers3.Billing.Tests.Hosting;
using Son1kVers3.Billing.Tests.Quotas;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Tiers;

/// <summary>The endpoints on an installation without payments.</summary>
[Trait("Category", "Integration")]
public class TierApiTests(BillingApp app) : IClassFixture<BillingApp>
{
    [Fact]
    public async Task Tiers_WhenAnonymous_ShowsTheCatalogue()
    {
        using var client = app.Client();
        var items = (await client.GetFromJsonAsync<JsonElement>("/api/tiers")).GetProperty("items").EnumerateArray().ToArray();

        Assert.Equal(["FREE", "CREATOR", "PRO", "STUDIO"], items.Select(i => i.GetProperty("tier").GetString()));
        Assert.Equal([0, 999, 2999, 9999], items.Select(i => i.GetProperty("priceCents").GetInt32()));
        Assert.Equal("day", items[0].GetProperty("period").GetString());
        Assert.True(items[2].GetProperty("features").GetProperty("stems").GetBoolean());
    }

    [Fact]
    public async Task Projection_For60_30_10_IsTheBusinessModel()
    {
        using var client = app.Client();
        var model = await client.GetFromJsonAsync<JsonElement>("/api/tiers/projection?creator=60&pro=30&studio=10");

        Assert.Equal(
            [59_940L, 89_970, 99_990], model.GetProperty("tiers").EnumerateArray().Select(t => t.GetProperty("monthlyCents").GetInt64()));
        Assert.Equal(
            (249_900L, 2_998_800L, 950L, 10L),
            (Long(model, "monthlyCents"), Long(model, "yearlyCents"), Long(model, "poolGenerationsPerMonth"),
                Long(model, "freeUsersSustained")));
    }

    [Theory]
    [InlineData("creator=-1")]
    [InlineData("creator=1.5")]
    [InlineData("pro=")]
    [InlineData("studio=abc")]
    [InlineData("studio=99999999999999999999")]
    [InlineData("creator=1&creator=2")]
    public async Task Projection_WhenANumberIsNone_Is400(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(HttpMethod.Get, $"/api/tiers/projection?{query}"));

    [Theory]
    [InlineData("?from=yesterday")]
    [InlineData("?from=2026-02-30")]
    [InlineData("?from=2026-02-02&to=2026-02-01")]
    [InlineData("?from=2020-01-01&to=2026-02-01")]
    [InlineData("?to=0001-01-01")]
    [InlineData("?to=9999-12-31")]
    public async Task Usage_WhenDatesAreBad_Is400(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(HttpMethod.Get, $"/api/tiers/usage{query}"));

    [Fact]
    public async Task Usage_AfterGenerations_CountsTheDay()
    {
        var user = Guid.CreateVersion7();
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        foreach (var id in ids)
            await app.AskAsync(new ReserveQuota { ReservationId = id, UserId = user, Quality = Quality.Standard });
        await app.PublishAsync(Events.Completed(ids[0], user));
        await app.PublishAsync(Events.Failed(ids[1], user));

        using var client = app.ClientOf(user);
        await Eventually.PassesAsync(async () =>
        {
            var items = (await client.GetFromJsonAsync<JsonElement>("/api/tiers/usage")).GetProperty("items").EnumerateArray().ToArray();
            Assert.Equal(30, items.Length);
            Assert.Equal((2L, 1L, 1L), (Long(items[0], "reserved"), Long(items[0], "used"), Long(items[0], "released")));
        });
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"tier":"GOLD","successUrl":"http://localhost:8080/","cancelUrl":"http://localhost:8080/"}""")]
    [InlineData("""{"tier":2,"successUrl":"http://localhost:8080/","cancelUrl":"http://localhost:8080/"}""")]
    [InlineData("""{"tier":"FREE","successUrl":"http://localhost:8080/","cancelUrl":"http://localhost:8080/"}""")]
    [InlineData("""{"tier":"PRO","successUrl":"https://evil.example/","cancelUrl":"http://localhost:8080/"}""")]
    [InlineData("""{"tier":"PRO","successUrl":"http://localhost:8080@evil.example/","cancelUrl":"http://localhost:8080/"}""")]
    [InlineData("""{"tier":"PRO","successUrl":"http://localhost:8080.evil.example/","cancelUrl":"http://localhost:8080/"}""")]
    [InlineData("""{"tier":"PRO","successUrl":"http://localhost:8081/","cancelUrl":"http://localhost:8080/"}""")]
    [InlineData("""{"tier":"PRO","successUrl":"javascript:alert(1)","cancelUrl":"http://localhost:8080/"}""")]
    [InlineData("""{"tier":"PRO","successUrl":"/relative","cancelUrl":"http://localhost:8080/"}""")]
    [InlineData("""{"tier":"PRO","successUrl":"http://localhost:8080/"}""")]
    public async Task Checkout_WhenTheOrderIsBad_Is400(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(HttpMethod.Post, "/api/tiers/checkout", body));

    [Theory]
    [InlineData(
        "POST", "/api/tiers/checkout",
        """{"tier":"PRO","successUrl":"http://localhost:8080/a?b={CHECKOUT_SESSION_ID}","cancelUrl":"http://127.0.0.1:8080"}""")]
    [InlineData("POST", "/api/tiers/portal", "{}")]
    [InlineData("PATCH", "/api/tiers/subscription", """{"tier":"PRO"}""")]
    [InlineData("DELETE", "/api/tiers/subscription", null)]
    [InlineData("POST", "/api/tiers/webhook", "{}")]
    public async Task Payment_WithoutStripe_Is503(string method, string path, string? body)
    {
        using var client = app.ClientOf(Guid.CreateVersion7());
        using var answer = await client.SendAsync(Request(new HttpMethod(method), path, body));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.EndsWith(
            "/payments-unavailable", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/tiers/limits")]
    [InlineData("/api/tiers/usage")]
    [InlineData("/api/tiers/invoices")]
    [InlineData("/api/tiers/subscription")]
    [InlineData("/api/admin/dashboard")]
    public async Task Read_WhenAnonymous_Is401(string path)
    {
        using var client = app.Client();
        using var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("cursor=nonsense")]
    public async Task Invoices_WhenThePageIsBad_Is400(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(HttpMethod.Get, $"/api/tiers/invoices?{query}"));

    private static long Long(JsonElement json, string name) => json.GetProperty(name).GetInt64();

    private static HttpRequestMessage Request(HttpMethod method, string path, string? body) =>
        new(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, string? body = null)
    {
        using var client = app.ClientOf(Guid.CreateVersion7());
        using var answer = await client.SendAsync(Request(method, path, body));
        return answer.StatusCode;
    }
}
