using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Son1kVers3.Stealth.Tests.Egress;

[Collection(StealthCollection.Name)]
[Trait("Category", "Integration")]
public sealed class LeaseTests(StealthFixture fixture)
{
    private readonly string one = $"r8_{Guid.NewGuid():N}";
    private readonly string other = $"r8_{Guid.NewGuid():N}";

    [Fact]
    public async Task Lease_KeepsAJobOnItsAccount_AndHoldsItsSlot()
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one, new { concurrency = 1 });
        await fixture.AddAsync("replicate", other, new { concurrency = 1 });
        var begun = await CallAsync(("X-Stealth-Lease", "new; ttl=60"));
        var (lease, account) = (Header(begun, "X-Stealth-Lease"), Header(begun, "X-Stealth-Account"));

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(account, Header(await CallAsync(("X-Stealth-Lease", lease)), "X-Stealth-Account"));
            Assert.NotEqual(account, Header(await CallAsync(), "X-Stealth-Account"));
        }

        Assert.Equal(HttpStatusCode.NoContent, (await fixture.Egress().DeleteAsync($"/egress/leases/{lease}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.Egress().DeleteAsync($"/egress/leases/{lease}")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await CallAsync(("X-Stealth-Lease", lease))).StatusCode);
        var used = new HashSet<string>();
        for (var i = 0; i < 4; i++)
            used.Add(Header(await CallAsync(), "X-Stealth-Account"));
        Assert.Equal(2, used.Count);
    }

    [Fact]
    public async Task Lease_WhenTakenOver_RefusesItsEarlierHolder()
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one);
        var old = Header(await CallAsync(("X-Stealth-Lease", "new")), "X-Stealth-Lease");

        var taken = (string)(await (await fixture.Egress().PostAsync($"/egress/leases/{old}/take-over", null)).Content.ReadFromJsonAsync<JsonNode>())!["lease"]!;

        var refused = await CallAsync(("X-Stealth-Lease", old));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("lease-fenced", await refused.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(("X-Stealth-Lease", taken))).StatusCode);
    }

    [Fact]
    public async Task Lease_WhenTheAccountsKeyIsReplaced_GoesOnWithItsOwn()
    {
        await fixture.ResetAsync("stability", new { allowPrivateHosts = true, rest = (object?)null });
        var account = await fixture.AddAsync("stability", one);
        var lease = Header(await SendAsync("/egress/stability/v2beta/audio/results/x", ("X-Stealth-Lease", "new")), "X-Stealth-Lease");
        await fixture.Operator().PostAsJsonAsync($"/api/stealth/accounts/{account}/keys", new { secret = other });

        await SendAsync("/egress/stability/v2beta/audio/results/leased", ("X-Stealth-Lease", lease));
        await SendAsync("/egress/stability/v2beta/audio/results/plain");

        Assert.Equal(one, fixture.Api.Seen.Single(s => s.Target.EndsWith("/leased")).Key);
        Assert.Equal(other, fixture.Api.Seen.Last(s => s.Target.EndsWith("/plain")).Key);
    }

    [Fact]
    public async Task Lease_WhenTheJobDoesNotBegin_HoldsNothing()
    {
        await fixture.ResetAsync("replicate");
        await fixture.AddAsync("replicate", one, new { concurrency = 1 });
        fixture.Api.Once(one, 422);

        var refused = await CallAsync(("X-Stealth-Lease", "new"));
        Assert.Equal((HttpStatusCode)422, refused.StatusCode);
        Assert.False(refused.Headers.Contains("X-Stealth-Lease"));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync()).StatusCode);
    }

    [Theory]
    [InlineData("new; ttl=0")]
    [InlineData("new; ttl=a")]
    public async Task Lease_OfABadDuration_Answers400(string lease)
    {
        await fixture.ResetAsync("replicate");
        Assert.Equal(HttpStatusCode.BadRequest, (await CallAsync(("X-Stealth-Lease", lease))).StatusCode);
    }

    private Task<HttpResponseMessage> CallAsync(params (string Name, string Value)[] headers) => SendAsync("/egress/replicate/v1/predictions", headers);

    private async Task<HttpResponseMessage> SendAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await fixture.Egress().SendAsync(request);
    }

    private static string Header(HttpResponseMessage answer, string name)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues(name).Single();
    }
}
