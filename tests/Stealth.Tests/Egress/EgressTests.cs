using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Son1kVers3.Testing;

namespace Son1kVers3.Stealth.Tests.Egress;

[Collection(StealthCollection.Name)]
[Trait("Category", "Integration")]
public sealed class EgressTests(StealthFixture fixture)
{
    private const string Path = "/egress/replicate/v1/predictions";
    private readonly string one = Secret();
    private readonly string other = Secret();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("service-credential-of-the-test")]
    public async Task Egress_WithoutTheServiceCredential_Answers401(string? credential)
    {
        using var client = fixture.Stealth.Client();
        if (credential is not null)
            client.DefaultRequestHeaders.Add("X-Service-Credential", credential);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(Path)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync("/internal/commands/rotate", null)).StatusCode);
    }

    [Theory]
    [InlineData("/egress/nobody/v1/predictions")]
    [InlineData("/egress/replicate/v2/predictions")]
    [InlineData("/egress/replicate/v1/predictionsx")]
    [InlineData("/egress/replicate/v1/predictions/%2e%2e/%2e%2e/admin")]
    [InlineData("/egress/replicate/v1/predictions/..%2f..%2fadmin")]
    [InlineData("/egress/replicate")]
    public async Task Egress_OfWhatIsNotTheProviders_Answers404(string path)
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one);

        Assert.Equal(HttpStatusCode.NotFound, (await fixture.Egress().GetAsync(path)).StatusCode);
        Assert.DoesNotContain(fixture.Api.Seen, s => s.Key == one);
    }

    [Fact]
    public async Task Egress_SendsTheSecret_AndNothingOfTheCallersOwn()
    {
        await fixture.ResetAsync("replicate");
        var account = await fixture.AddAsync("replicate", one);
        var request = new HttpRequestMessage(HttpMethod.Post, $"{Path}?a=1&b=%C3%B1") { Content = new StringContent("""{"input":"música"}""", Encoding.UTF8, "application/json") };
        foreach (var (name, value) in new[]
        {
            ("Authorization", "Bearer callers"), ("Cookie", "session=1"), ("X-Forwarded-For", "10.0.0.9"), ("X-Stealth-User", "ana"), ("traceparent", "00-11111111111111111111111111111111-2222222222222222-01"),
            ("User-Agent", "Mozilla/5.0"), ("Prefer", "wait=5"),
        })
            request.Headers.TryAddWithoutValidation(name, value);

        var answer = await fixture.Egress().SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(account.ToString(), answer.Headers.GetValues("X-Stealth-Account").Single());
        var seen = fixture.Api.Seen.Single(s => s.Key == one);
        Assert.Equal(("POST", "/v1/predictions?a=1&b=%C3%B1", """{"input":"música"}"""), (seen.Method, seen.Target, seen.Body));
        Assert.Equal($"Bearer {one}", seen.Headers["Authorization"]);
        Assert.StartsWith("Son1kVers3/", seen.Headers["User-Agent"]);
        Assert.Equal("wait=5", seen.Headers["Prefer"]);
        Assert.DoesNotContain(seen.Headers.Keys, name => name.StartsWith("X-", StringComparison.OrdinalIgnoreCase) || name is "Cookie" or "traceparent" or "tracestate");
    }

    [Fact]
    public async Task Egress_WhenTheProviderEchoesTheSecret_MasksIt()
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one);
        fixture.Api.On(one, async http =>
        {
            http.Response.StatusCode = 422;
            http.Response.ContentType = "application/json";
            http.Response.Headers["X-Your-Key"] = $"key {one}";
            http.Response.Headers.Location = $"https://elsewhere.example/?key={one}";
            await http.Response.WriteAsync($$"""{"detail":"bad key {{one}}"}""");
        });

        var answer = await fixture.Egress().PostAsync(Path, null);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.DoesNotContain(one, answer + await answer.Content.ReadAsStringAsync());
        Assert.Contains("bad key ****", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Egress_WhenTheProviderStreams_PassesEachPartOnAtOnce()
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one);
        var more = new TaskCompletionSource();
        fixture.Api.On(one, async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"data: {one}\n\n");
            await http.Response.Body.FlushAsync();
            await more.Task;
            await http.Response.WriteAsync("data: end\n\n");
        });

        using var answer = await fixture.Egress().GetAsync(Path, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal($"data: {new string('*', one.Length)}", await reader.ReadLineAsync());
        more.SetResult();
        Assert.Contains("data: end", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Egress_WhenAnAccountIsLimited_TakesTheNext_AndObeysRetryAfter()
    {
        await fixture.ResetAsync("replicate");
        var (limited, free) = (await fixture.AddAsync("replicate", one), await fixture.AddAsync("replicate", other));
        fixture.Api.On(one, 429, "{}", ("Retry-After", "120"));

        for (var i = 0; i < 4; i++)
            Assert.Equal(free.ToString(), (await PostAsync()).Headers.GetValues("X-Stealth-Account").Single());

        Assert.Single(fixture.Api.Seen, s => s.Key == one);
        await Eventually.PassesAsync(async () =>
        {
            var account = await fixture.AccountAsync(limited);
            Assert.Equal(("cooling", "cooling"), ((string)account["status"]!, (string)account["ineligible"]!));
            Assert.InRange((double)account["availableInSeconds"]!, 60, 120);
        });
    }

    [Theory]
    [InlineData("Retry-After", "1", "")]
    [InlineData("retry-after-ms", "900", "")]
    [InlineData("X-None", "", """{"detail":"Your rate limit resets in ~1s."}""")]
    public async Task Egress_WhenAllAreLimited_WaitsForTheEarliest(string header, string value, string body)
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one);
        fixture.Api.Once(one, 429, body.Length > 0 ? body : "{}", (header, value));

        Assert.Equal(HttpStatusCode.OK, (await PostAsync()).StatusCode);
        Assert.Equal(2, fixture.Api.Seen.Count(s => s.Key == one));
    }

    [Fact]
    public async Task Egress_WhenNothingIsFreeBeforeTheDeadline_Answers503WithReasons()
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one);
        fixture.Api.On(one, 429, "{}", ("Retry-After", "300"));

        var answer = await PostAsync(("X-Stealth-Timeout", "5"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 200, 300);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.EndsWith("/no-capacity", (string)problem["type"]!);
        Assert.Equal("cooling", (string)problem["accounts"]![0]!["ineligible"]!);
    }

    [Fact]
    public async Task Egress_WhenTheAccountIsBusy_WaitsForItsSlot()
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one, new { concurrency = 1 });
        var (running, most) = (0, 0);
        fixture.Api.On(one, async http =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Delay(50);
            Interlocked.Decrement(ref running);
            await http.Response.WriteAsync("{}");
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync()));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Egress_WhenAKeyIsRefused_TriesTheAccountsOtherKey_ThenBansTheAccount()
    {
        await fixture.ResetAsync("replicate");
        var account = await fixture.AddAsync("replicate", one);
        using var client = fixture.Operator();
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync($"/api/stealth/accounts/{account}/keys", new StringContent($$"""{"secret":"{{other}}"}""", Encoding.UTF8, "application/json"))).StatusCode);
        fixture.Api.On(other, 401);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync()).StatusCode);
        Assert.Equal("healthy", (string)(await fixture.AccountAsync(account))["status"]!);

        fixture.Api.On(one, 401);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync(("X-Stealth-Timeout", "1"))).StatusCode);
        await Eventually.PassesAsync(async () => Assert.Equal("banned", (string)(await fixture.AccountAsync(account))["status"]!));
    }

    [Fact]
    public async Task Egress_WhenTheRequestIsWrong_AsksNobodyElse()
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one);
        await fixture.AddAsync("replicate", other);
        fixture.Api.On(one, 422);
        fixture.Api.On(other, 422);

        var answer = await PostAsync();

        Assert.Equal((HttpStatusCode)422, answer.StatusCode);
        Assert.Equal("invalid-request", answer.Headers.GetValues("X-Stealth-Error").Single());
        Assert.Single(fixture.Api.Seen, s => s.Key == one || s.Key == other);
    }

    [Theory]
    [InlineData("POST", "safe", 1)]
    [InlineData("POST", "always", 2)]
    [InlineData("GET", "safe", 2)]
    [InlineData("GET", "never", 1)]
    public async Task Egress_WhenTheProviderBreaks_SendsAgainOnlyWhatMayBeSentTwice(string method, string replay, int requests)
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one);
        await fixture.AddAsync("replicate", other);
        fixture.Api.Once(one, 500);
        fixture.Api.Once(other, 500);
        var before = fixture.Api.Seen.Count;

        var answer = await SendAsync(method, ("X-Stealth-Replay", replay));

        // Each of the two fails once.
        Assert.Equal(requests == 1 ? 1 : 3, fixture.Api.Seen.Count - before);
        Assert.Equal(requests == 1 ? HttpStatusCode.InternalServerError : HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("stall")]
    [InlineData("drop")]
    [InlineData("drop in mid-body")]
    public async Task Egress_WhenTheConnectionFails_SendsARepeatableRequestAgain(string fault)
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one);
        await fixture.AddAsync("replicate", other);
        fixture.Api.On(one, http => BreakAsync(http, fault));

        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", ("X-Stealth-Attempt-Timeout", "0.5"))).StatusCode);
    }

    [Fact]
    public async Task Egress_WhenTheProviderRedirects_DoesNotFollow()
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one);
        fixture.Api.On(one, 302, "", ("Location", $"{fixture.Api.Address}/v1/predictions/other"));

        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync("GET", client: NoRedirects())).StatusCode);
        Assert.Single(fixture.Api.Seen, s => s.Key == one);
    }

    [Fact]
    public async Task Egress_ToAPrivateAddress_IsRefusedUnlessTheProviderAllowsIt()
    {
        await fixture.ResetAsync("replicate", new { allowPrivateHosts = false });
        await fixture.AddAsync("replicate", one, baseUrl: "https://localhost:1");

        var answer = await PostAsync();

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains("address-refused", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Egress_OfAnErrorInside200_MovesOn()
    {
        await fixture.ResetAsync("ace-step");
        await fixture.AddAsync("ace-step", one);
        await fixture.AddAsync("ace-step", other);
        fixture.Api.On(one, 200, """{"data":null,"code":429,"error":"queue is full"}""");
        fixture.Api.On(other, 200, """{"data":{"task_id":"t1"},"code":200,"error":null}""");

        for (var i = 0; i < 2; i++)
        {
            var answer = await fixture.Egress().PostAsync("/egress/ace-step/release_task", new StringContent("{}", Encoding.UTF8, "application/json"));
            Assert.Contains("t1", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Egress_WhenSwitchedOff_Answers503()
    {
        await fixture.ResetAsync("replicate", new { enabled = false });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync()).StatusCode);
    }

    [Fact]
    public async Task Egress_OfALargeBody_StreamsItOnce()
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one);

        var answer = await fixture.Egress().PostAsync(Path, new ByteArrayContent(new byte[3_000_000]));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(3_000_000, fixture.Api.Seen.Single(s => s.Key == one).Body.Length);
    }

    internal static async Task BreakAsync(HttpContext http, string fault)
    {
        if (fault == "stall")
        {
            await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        if (fault != "drop")
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = 1000;
            await http.Response.WriteAsync("""{"half":""");
            await http.Response.Body.FlushAsync();
        }

        http.Abort();
    }

    private static string Secret() => $"r8_{Guid.NewGuid():N}";

    private HttpClient NoRedirects()
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = fixture.Stealth.Address };
        client.DefaultRequestHeaders.Add("X-Service-Credential", StealthFixture.Credential);
        return client;
    }

    private Task<HttpResponseMessage> PostAsync(params (string Name, string Value)[] headers) => SendAsync("POST", null, headers);

    private Task<HttpResponseMessage> SendAsync(string method, params (string Name, string Value)[] headers) => SendAsync(method, null, headers);

    private async Task<HttpResponseMessage> SendAsync(string method, HttpClient? client, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), Path);
        if (method == "POST")
            request.Content = new StringContent("""{"input":{}}""", Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await (client ?? fixture.Egress()).SendAsync(request);
    }
}
