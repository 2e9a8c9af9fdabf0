using Son1kVers3.Testing;

namespace Son1kVers3.Stripe.Sandbox.Tests;

[Trait("Category", "Integration")]
public sealed class IdempotencyTests : IAsyncLifetime
{
    private SandboxHost _host = null!;

    public async Task InitializeAsync() => _host = await SandboxHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Post_SameKeyAndParameters_ReplaysTheFirstAnswer()
    {
        var first = await _host.PostAsync("/v1/customers", "email=a@example.com&name=A", "k1");
        var second = await _host.PostAsync("/v1/customers", "name=A&email=a@example.com", "k1");

        Assert.Equal(first.Id, second.Id);
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotent-Replayed")));
        Assert.Equal(Assert.Single(first.Headers.GetValues("Request-Id")), Assert.Single(second.Headers.GetValues("Original-Request")));
        Assert.Equal("k1", (string?)Assert.Single((await _host.GetAsync("/v1/events?type=customer.created")).Data)!["request"]!["idempotency_key"]);
    }

    [Theory]
    [InlineData("/v1/customers", "email=b@example.com")]
    [InlineData("/v1/products", "name=a@example.com")]
    public async Task Post_SameKeyOtherCall_IsAnIdempotencyError(string path, string form)
    {
        await _host.PostAsync("/v1/customers", "email=a@example.com", "k2");
        var other = await _host.PostAsync(path, form, "k2");
        Assert.Equal(400, other.Status);
        Assert.Equal("idempotency_error", other.Error("type"));
    }

    [Fact]
    public async Task Post_WhileTheFirstRuns_Is409()
    {
        await _host.ControlAsync("faults", new { kind = "Delay", path = "/v1/customers", delayMs = 600_000 });
        var slow = _host.PostAsync("/v1/customers", "email=a@example.com", "k3");

        // The fault is used up as soon as the slow call holds the key.
        await Eventually.TrueAsync(async () => await _host.Http.GetStringAsync("/_sandbox/faults") == "[]", "the slow call has arrived");
        var racing = await _host.PostAsync("/v1/customers", "email=a@example.com", "k3");
        await _host.Http.DeleteAsync("/_sandbox/faults");

        Assert.Equal(409, racing.Status);
        Assert.Equal("idempotency_key_in_use", racing.Error("code"));
        var first = await slow;
        Assert.Equal(first.Id, (await _host.PostAsync("/v1/customers", "email=a@example.com", "k3")).Id);
        Assert.Single((await _host.GetAsync("/v1/customers")).Data);
    }

    [Fact]
    public async Task Post_RefusedParameters_LeavesTheKeyFree()
    {
        var refused = await _host.PostAsync("/v1/customers", "nonsense=1", "k4");
        var accepted = await _host.PostAsync("/v1/customers", "email=a@example.com", "k4");
        Assert.Equal(400, refused.Status);
        Assert.Equal(200, accepted.Status);
    }

    [Fact]
    public async Task Post_500AfterTheEffect_ReplaysThe500()
    {
        await _host.ControlAsync("faults", new { kind = "ErrorAfter", method = "POST", path = "/v1/customers" });
        var first = await _host.PostAsync("/v1/customers", "email=a@example.com", "k5");
        var second = await _host.PostAsync("/v1/customers", "email=a@example.com", "k5");

        Assert.Equal(500, first.Status);
        Assert.Equal("api_error", first.Error("type"));
        Assert.Equal(500, second.Status);
        Assert.True(second.Headers.Contains("Idempotent-Replayed"));
        Assert.Single((await _host.GetAsync("/v1/customers")).Data);
    }

    [Theory]
    [InlineData("ErrorBefore", 500)]
    [InlineData("RateLimit", 429)]
    [InlineData("Conflict", 409)]
    public async Task Post_FailedBeforeTheEffect_RunsOnRetry(string kind, int status)
    {
        await _host.ControlAsync("faults", new { kind, path = "/v1/cust*", times = 2 });
        Assert.Equal(status, (await _host.PostAsync("/v1/customers", "email=a@example.com", "k6")).Status);
        Assert.Equal(status, (await _host.PostAsync("/v1/customers", "email=a@example.com", "k6")).Status);
        Assert.Equal(200, (await _host.PostAsync("/v1/customers", "email=a@example.com", "k6")).Status);
        Assert.Single((await _host.GetAsync("/v1/customers")).Data);
    }

    [Theory]
    [InlineData("Abort")]
    [InlineData("AbortBefore")]
    public async Task Post_ConnectionBroken_IsSafeToRetryWithTheKey(string kind)
    {
        await _host.ControlAsync("faults", new { kind, path = "/v1/customers" });
        await Assert.ThrowsAsync<HttpRequestException>(() => _host.PostAsync("/v1/customers", "email=a@example.com", "k7"));
        var retried = await _host.PostAsync("/v1/customers", "email=a@example.com", "k7");

        Assert.Equal(200, retried.Status);
        Assert.Equal(kind == "Abort", retried.Headers.Contains("Idempotent-Replayed"));
        Assert.Single((await _host.GetAsync("/v1/customers")).Data);
    }

    [Fact]
    public async Task Post_After24Hours_IsANewRequest()
    {
        var first = await _host.PostAsync("/v1/customers", "email=a@example.com", "k8");
        await _host.ControlAsync("clock/advance", new { seconds = 86_401 });
        Assert.NotEqual(first.Id, (await _host.PostAsync("/v1/customers", "email=a@example.com", "k8")).Id);
    }
}
