using System.Security.Cryptography;
using System.Text;
using Son1kVers3.Billing.Webhooks;

namespace Son1kVers3.Billing.Tests.Webhooks;

[Trait("Category", "Unit")]
public class WebhookSignatureTests
{
    private const string Secret = "whsec_unit";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_780_000_000);
    private const string Body = "{\"id\":\"evt_1\",\"name\":\"ñandú\"}";

    [Theory]
    [InlineData(0)]
    [InlineData(-300)]
    [InlineData(300)]
    public void IsValid_WhenFresh_IsTrue(int age) => Assert.True(StripeEvents.IsSigned(Body, Header(Now.AddSeconds(age)), [Secret], Now));

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public void IsValid_WhenOutsideTheTolerance_IsFalse(int age) =>
        Assert.False(StripeEvents.IsSigned(Body, Header(Now.AddSeconds(age)), [Secret], Now));

    /// <summary>The vector of stripe-dotnet's own tests: event, secret, timestamp and signature as published there.</summary>
    [Fact]
    public void IsValid_ForStripesPublishedVector_IsTrue()
    {
        const string body =
            """
            {
              "id": "evt_123",
              "object": "event",
              "account": "acct_123",
              "api_version": "2017-05-25",
              "created": 1533204620,
              "data": {
                "object": {
                  "id": "cus_123",
                  "object": "customer",
                  "created": 123456789,
                  "email": "test@stripe.com",
                  "livemode": false,
                  "metadata": {}
                }
              },
              "livemode": false,
              "pending_webhooks": 1,
              "request": {
                "id": "req_123",
                "idempotency_key": "idempotency-key-123"
              },
              "type": "customer.created"
            }

            """;
        const string header =
            "t=1533204620,v1=2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7,"
            + "v0=63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef";

        Assert.True(StripeEvents.IsSigned(body, header, ["webhook_secret"], DateTimeOffset.FromUnixTimeSeconds(1_533_204_620)));
    }

    [Fact]
    public void IsValid_WhenTheSecondOfTwoFits_IsTrue()
    {
        var header = Header(Now);
        var rolled =
            $"t={Now.ToUnixTimeSeconds()},v1={new string('a', 64)},{header[(header.IndexOf(',', StringComparison.Ordinal) + 1)..]}";

        Assert.True(StripeEvents.IsSigned(Body, rolled, [Secret], Now));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("v1=00")]
    [InlineData("t=1780000000")]
    [InlineData("t=1780000000,v1=")]
    [InlineData("t=9999999999999999999999,v1=00")]
    [InlineData("t=-1780000000,v1=00")]
    [InlineData("t=9223372036854775807,v1=00")]
    [InlineData(",,=,=,t")]
    [InlineData("t=1780000000,v1=ñ")]
    public void IsValid_WhenTheHeaderIsBroken_IsFalse(string? header) => Assert.False(StripeEvents.IsSigned(Body, header, [Secret], Now));

    [Fact]
    public void IsValid_WhenOneByteDiffers_IsFalse()
    {
        var other = Body.Replace("evt_1", "evt_2", StringComparison.Ordinal);

        Assert.False(StripeEvents.IsSigned(other, Header(Now), [Secret], Now));
        Assert.False(StripeEvents.IsSigned(Body, Header(Now), [Secret + " "], Now));
    }

    [Fact]
    public void IsValid_WhenOnlyV0Fits_IsFalse() =>
        Assert.False(StripeEvents.IsSigned(Body, Header(Now).Replace("v1=", "v0=", StringComparison.Ordinal), [Secret], Now));

    private static string Header(DateTimeOffset at)
    {
        var t = at.ToUnixTimeSeconds();
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{t}."), .. Encoding.UTF8.GetBytes(Body)];
        return $"t={t},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed))}";
    }
}
