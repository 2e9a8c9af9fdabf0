namespace Son1kVers3.Stripe.Sandbox.Tests;

/// <summary>Where being friendlier than Stripe would hide a fault of its caller.</summary>
[Trait("Category", "Integration")]
public class StrictnessTests
{
    [Theory]
    [InlineData("subscriptions")]
    [InlineData("invoices")]
    [InlineData("charges")]
    [InlineData("payment_intents")]
    [InlineData("checkout/sessions")]
    [InlineData("subscription_schedules")]
    public async Task List_OfAnUnknownCustomer_Is400(string list)
    {
        await using var sandbox = await SandboxHost.StartAsync();

        var answer = await sandbox.GetAsync($"/v1/{list}?customer=cus_none");

        Assert.Equal((400, "resource_missing", "customer"), (answer.Status, (string?)answer.Json["error"]!["code"], (string?)answer.Json["error"]!["param"]));
    }

    [Theory]
    [InlineData("2026-10-28.endive", 200)]
    [InlineData("2023-08-16", 200)]
    [InlineData("latest", 400)]
    public async Task Version_WhenItIsOne_IsAccepted(string version, int status)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        sandbox.Http.DefaultRequestHeaders.Add("Stripe-Version", version);

        Assert.Equal(status, (await sandbox.GetAsync("/v1/customers")).Status);
    }

    [Fact]
    public async Task Key_WhileItsCallRuns_IsInUse_AndWithOtherParametersRefused()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        using var content = new StringContent("""{"kind":"Delay","path":"/v1/customers","times":1,"delayMs":3600000}""", System.Text.Encoding.UTF8, "application/json");
        (await sandbox.Http.PostAsync("/_sandbox/faults", content)).EnsureSuccessStatusCode();
        var running = sandbox.PostAsync("/v1/customers", "name=a", "key");
        await Son1kVers3.Testing.Eventually.PassesAsync(async () => Assert.Equal("[]", await sandbox.Http.GetStringAsync("/_sandbox/faults")));

        var same = await sandbox.PostAsync("/v1/customers", "name=a", "key");
        var other = await sandbox.PostAsync("/v1/customers", "name=b", "key");

        Assert.Equal((409, "idempotency_key_in_use"), (same.Status, (string?)same.Json["error"]!["code"]));
        Assert.Equal((400, "idempotency_error"), (other.Status, (string?)other.Json["error"]!["type"]));
        (await sandbox.Http.DeleteAsync("/_sandbox/faults")).EnsureSuccessStatusCode();
        Assert.Equal(200, (await running).Status);
    }
}
