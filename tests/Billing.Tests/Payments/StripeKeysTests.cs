using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Billing.Payments;
using Stripe;

namespace Son1kVers3.Billing.Tests.Payments;

/// <summary>What billing relies on in Stripe's client and in the keys of its own calls.</summary>
[Trait("Category", "Integration")]
public class StripeKeysTests(StripeApp stripe) : IClassFixture<StripeApp>
{
    private IStripeClient Client => stripe.App.Services.GetRequiredService<IStripeClient>();

    private StripeKeys Keys => stripe.App.Services.GetRequiredService<StripeKeys>();

    [Fact]
    public async Task Post_WhenRepeatedUnderOneOperation_HasOneEffect()
    {
        var operation = $"test/{Guid.NewGuid()}";

        var first = await PostAsync(operation);
        var second = await PostAsync(operation);

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

        Assert.StartsWith("cus_", await PostAsync($"test/{Guid.NewGuid()}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WhenTheEffectEndedInAFault_ThrowsAFault_AndTheNextAttemptHasANewKey()
    {
        var operation = $"test/{Guid.NewGuid()}";
        await stripe.ControlAsync("faults", new { kind = "ErrorAfter", method = "POST", path = "/v1/customers", times = 1 });

        var refusal = await Assert.ThrowsAsync<StripeException>(() => PostAsync(operation));

        Assert.Equal((500, true), ((int)refusal.HttpStatusCode, refusal.IsOutage));
        Assert.StartsWith("cus_", await PostAsync(operation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WhenEveryAnswerIsLost_ANewProcessRepeatsItUnderTheSameKey()
    {
        var operation = $"test/{Guid.NewGuid()}";
        var before = await CustomersAsync();
        await stripe.ControlAsync("faults", new { kind = "Abort", method = "POST", path = "/v1/customers", times = 4 });

        var silence = await Assert.ThrowsAnyAsync<Exception>(() => PostAsync(operation));
        await PostAsync(operation);

        Assert.True(silence.IsSilence(CancellationToken.None));
        Assert.Equal(before + 1, await CustomersAsync());
    }

    [Fact]
    public async Task Get_WhenThereIsNothing_ThrowsWithCode()
    {
        var refusal = await Assert.ThrowsAsync<StripeException>(() => new CustomerService(Client).GetAsync("cus_none"));

        Assert.Equal(
            (404, "resource_missing", false, true),
            ((int)refusal.HttpStatusCode, refusal.StripeError.Code, refusal.IsOutage, refusal.IsMissing));
    }

    [Fact]
    public async Task Post_WhenAParameterIsUnknown_IsRefused()
    {
        var options = new CustomerCreateOptions();
        options.AddExtraParam("colour", "red");

        var refusal = await Assert.ThrowsAsync<StripeException>(() => new CustomerService(Client).CreateAsync(options));

        Assert.Equal((400, true), ((int)refusal.HttpStatusCode, refusal.IsRefusal));
    }

    private async Task<string> PostAsync(string operation) => (await Keys.CallAsync(
        operation, request => new CustomerService(Client).CreateAsync(new CustomerCreateOptions { Name = "ñandú & co=1" }, request),
        CancellationToken.None)).Id;

    private async Task<int> CustomersAsync() =>
        (await new CustomerService(Client).ListAsync(new CustomerListOptions { Limit = 100 })).Count();
}
