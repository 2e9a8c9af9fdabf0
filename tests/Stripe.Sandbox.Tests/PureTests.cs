using System.Text.Json;
using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Webhooks;

namespace Son1kVers3.Stripe.Sandbox.Tests;

[Trait("Category", "Unit")]
public sealed class PureTests
{
    private const long Start = 1_772_323_200;
    private const long Month = 28 * 86_400;

    /// <summary>The vector that Stripe's own .NET client is tested with.</summary>
    [Fact]
    public void Signature_OfTheGoldenVector_IsStripes()
    {
        var example = new
        {
            id = "evt_123",
            @object = "event",
            account = "acct_123",
            api_version = "2017-05-25",
            created = 1533204620,
            data = new
            {
                @object = new { id = "cus_123", @object = "customer", created = 123456789, email = "test@stripe.com", livemode = false, metadata = new { } },
            },
            livemode = false,
            pending_webhooks = 1,
            request = new { id = "req_123", idempotency_key = "idempotency-key-123" },
            type = "customer.created",
        };
        var body = JsonSerializer.Serialize(example, new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n";

        Assert.Equal(
            "t=1533204620,v1=2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7",
            WebhookSignature.Header("webhook_secret", 1533204620, body));
    }

    [Theory]
    [InlineData(2999, 0, 2999)]
    [InlineData(2999, Month, 0)]
    [InlineData(2999, Month / 2, 1500)]
    [InlineData(999, Month / 2, 500)]
    [InlineData(2999, Month - 1, 0)]
    [InlineData(2999, Month - 404, 1)]
    [InlineData(2999, Month - 403, 0)]
    [InlineData(-999, Month / 2, -500)]
    [InlineData(2999, -10, 2999)]
    [InlineData(2999, Month + 10, 0)]
    public void Share_ByTheSecond_RoundsToTheCent(long amount, long elapsed, long expected) =>
        Assert.Equal(expected, Proration.Share(amount, Start, Start + Month, Start + elapsed));

    [Theory]
    [InlineData("2024-01-31T10:00:00Z", 1, "2024-02-29T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", 1, "2026-02-28T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", 2, "2026-03-31T10:00:00Z")]
    [InlineData("2026-01-30T10:00:00Z", 1, "2026-02-28T10:00:00Z")]
    [InlineData("2026-10-31T23:59:59Z", 4, "2027-02-28T23:59:59Z")]
    public void Boundary_OfMonths_StaysOnTheAnchorsDay(string anchor, int n, string expected) =>
        Assert.Equal(Unix(expected), BillingCalendar.Boundary(Unix(anchor), "month", 1, n));

    [Fact]
    public void Next_OnABoundary_IsTheOneAfterIt()
    {
        var anchor = Unix("2026-01-31T10:00:00Z");
        Assert.Equal(Unix("2026-03-31T10:00:00Z"), BillingCalendar.Next(anchor, "month", 1, Unix("2026-02-28T10:00:00Z")));
        Assert.Equal(Unix("2026-02-28T10:00:00Z"), BillingCalendar.Next(anchor, "month", 1, Unix("2026-02-28T09:59:59Z")));
    }

    [Fact]
    public void NextAttempt_FollowsTheScheduleFromTheFirstFailure()
    {
        var options = new SandboxOptions { RetryDays = "5, 3, 7" };
        Assert.Equal(3 * 86_400, Dunning.NextAttempt(options, 0, 0));
        Assert.Equal(5 * 86_400, Dunning.NextAttempt(options, 0, 3 * 86_400));
        Assert.Null(Dunning.NextAttempt(options, 0, 7 * 86_400));
    }

    [Fact]
    public void Form_WithNesting_IsReadByName()
    {
        var form = Form.Parse(
            [new("items[1][price]", "b"), new("items[0][price]", "a"), new("types[]", "x"), new("types[]", "y"), new("metadata[k]", "v"), new("plain", "1")]);

        Assert.Equal(["a", "b"], form.Items("items").Select(item => item.Text("price")));
        Assert.Equal("items[0][price]", form.Items("items")[0].Name("price"));
        Assert.Equal(["x", "y"], form.Texts("types"));
        Assert.Equal("v", form.Child("metadata").Text("k"));
        Assert.Equal(1, form.Integer("plain"));
    }

    [Theory]
    [InlineData("a=1", null)]
    [InlineData("b[c]=1", null)]
    [InlineData("list[0][d]=1", null)]
    [InlineData("open[x][y]=1", null)]
    [InlineData("b[x]=1", "b[x]")]
    [InlineData("list[q][d]=1", "list[q][d]")]
    [InlineData("a[b]=1", "a[b]")]
    public void ParameterList_Check_RefusesWhatIsNotOnIt(string field, string? refused)
    {
        var list = new ParameterList("a b.c list[].d open.**");
        var form = Form.Parse([KeyValuePair.Create(field.Split('=')[0], "1")]);
        var error = Record.Exception(() => list.Check(form));
        Assert.Equal(refused, (error as StripeException)?.Param);
    }

    private static long Unix(string instant) => DateTimeOffset.Parse(instant, null).ToUnixTimeSeconds();
}
