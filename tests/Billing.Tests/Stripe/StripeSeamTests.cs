using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Billing.Stripe;

namespace Son1kVers3.Billing.Tests.Stripe;

/// <summary>What billing relies on, whichever way to Stripe is compiled.</summary>
[Trait("Category", "Integration")]
public class StripeSeamTests(StripeApp stripe) : IClassFixture<StripeApp>
{
    private IStripe Seam => stripe.App.Services.GetRequiredService<IStripe>();

    [Fact]
    public async Task Post_WhenRepeatedUnderOneKey_HasOneEffect()
    {
        var key = Guid.NewGuid().ToString();

        var first = await PostAsync(key);
        var second = await PostAsync(key);

        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData("Conflict")]
    [InlineData("ErrorBefore")]
    [InlineData("AbortBefore")]
    [InlineData("Abort")]
    public async Task Post_WhenAnAttemptFails_IsRetriedUnderTheSameKey(string fault)
    {
        await stripe.ControlAsync("faults", new { kind = fault, method = "POST", path = "/v1/customers", times = 1 });

        Assert.StartsWith("cus_", await PostAsync(Guid.NewGuid().ToString()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WhenTheEffectEndedInAFault_ThrowsAFault()
    {
        await stripe.ControlAsync("faults", new { kind = "ErrorAfter", method = "POST", path = "/v1/customers", times = 1 });

        var refusal = await Assert.ThrowsAsync<StripeRefusal>(() => PostAsync(Guid.NewGuid().ToString()));

        Assert.Equal((500, true), (refusal.Status, refusal.IsFault));
    }

    [Fact]
    public async Task Get_WhenThereIsNothing_ThrowsWithCode()
    {
        var refusal = await Assert.ThrowsAsync<StripeRefusal>(() => Seam.SendAsync(HttpMethod.Get, "/v1/customers/cus_none", StripeForm.Empty, null, CancellationToken.None));

        Assert.Equal((404, "resource_missing", false), (refusal.Status, refusal.Code, refusal.IsFault));
    }

    [Fact]
    public async Task Post_WhenAParameterIsUnknown_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<StripeRefusal>(() => Seam.SendAsync(HttpMethod.Post, "/v1/customers", [new("colour", "red")], "k", CancellationToken.None));

        Assert.Equal(400, refusal.Status);
    }

    [Fact]
    public async Task Post_WithoutKey_IsRefusedHere() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Seam.SendAsync(HttpMethod.Post, "/v1/customers", StripeForm.Empty, null, CancellationToken.None));

    private async Task<string> PostAsync(string key) =>
        (await Seam.SendAsync(HttpMethod.Post, "/v1/customers", [new("name", "ñandú & co=1")], key, CancellationToken.None)).Text("id")!;
}
