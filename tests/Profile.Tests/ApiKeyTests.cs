using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Keys;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.Testing;
using StackExchange.Redis;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class ApiKeyTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Create_WhenTheTierHasNone_Is403()
    {
        using var client = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        await (await CreateAsync(client)).IsProblemAsync(403, "api-keys-not-in-tier");
        await (await CreateAsync(client, "nul\0")).IsProblemAsync(400, "validation");
        await (await CreateAsync(client, " ")).IsProblemAsync(400, "validation");
        using var anonymous = fixture.Client();
        await (await CreateAsync(anonymous)).IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Key_WhenMadeByAPro_IsShownOnceStoredHashedAndExchangedForAMembersToken()
    {
        var member = await ProAsync();
        using var client = fixture.Client(member.AccessToken);
        using var made = await CreateAsync(client, "my script");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var json = await made.JsonAsync();
        var (id, key) = ((Guid)json["id"]!, (string)json["key"]!);
        var listed = Assert.Single((await (await client.GetAsync("/api/auth/keys")).JsonAsync())["items"]!.AsArray())!;
        Assert.Null(listed["key"]);
        Assert.EndsWith((string)listed["hint"]!, key, StringComparison.Ordinal);
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM api_keys k WHERE position($1 in k::text) > 0", key));

        var exchanged = await (await ExchangeAsync(key)).JsonAsync();
        Assert.Equal((member.Id, id, "PRO", 120), ((Guid)exchanged["userId"]!, (Guid)exchanged["keyId"]!, (string)exchanged["tier"]!, (int)exchanged["expiresIn"]!));
        using var byKey = fixture.Client((string)exchanged["accessToken"]!);
        Assert.Equal(member.Id, (Guid)(await (await byKey.GetAsync("/api/auth/me")).JsonAsync())["id"]!);
        await (await CreateAsync(byKey)).IsProblemAsync(403, "sign-in-required");
        await (await byKey.PostAsJsonAsync("/api/auth/password", new { })).IsProblemAsync(403, "sign-in-required");
    }

    [Fact]
    public async Task Key_WhenItMayOnlyRead_ChangesNothing()
    {
        using var client = fixture.Client((await ProAsync()).AccessToken);
        await (await client.PostAsJsonAsync("/api/auth/keys", new { name = "reader", scopes = new[] { "operator" } })).IsProblemAsync(400, "validation");
        var made = await (await client.PostAsJsonAsync("/api/auth/keys", new { name = "reader", scopes = new[] { "read" } })).JsonAsync();
        Assert.Equal("read", (string)Assert.Single(made["scopes"]!.AsArray())!);
        using var reader = fixture.Client((string)(await (await ExchangeAsync((string)made["key"]!)).JsonAsync())["accessToken"]!);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/api/auth/me")).StatusCode);
        await (await reader.PatchAsJsonAsync("/api/profiles/me", new { bio = "by a key" })).IsProblemAsync(403, "scope-missing");
    }

    [Fact]
    public async Task Key_WhenRevoked_IsNoLongerExchangedAndTheGatewaysHearOfIt()
    {
        using var heard = new Revocations(fixture);
        using var client = fixture.Client((await ProAsync()).AccessToken);
        var json = await (await CreateAsync(client)).JsonAsync();
        Assert.Equal(HttpStatusCode.OK, (await ExchangeAsync((string)json["key"]!)).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/auth/keys/{(Guid)json["id"]!}")).StatusCode);

        await (await ExchangeAsync((string)json["key"]!)).IsProblemAsync(401, "invalid-api-key");
        await heard.HasAsync((Guid)json["id"]!);
        await (await client.DeleteAsync($"/api/auth/keys/{(Guid)json["id"]!}")).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Revoke_WhenTheKeyIsAnothers_Is404()
    {
        using var owner = fixture.Client((await ProAsync()).AccessToken);
        var id = (Guid)(await (await CreateAsync(owner)).JsonAsync())["id"]!;
        using var other = fixture.Client((await ProAsync()).AccessToken);
        await (await other.DeleteAsync($"/api/auth/keys/{id}")).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Key_WhenItsOwnerIsDowngraded_StopsAndReturnsWithTheTier()
    {
        using var heard = new Revocations(fixture);
        var member = await ProAsync();
        using var client = fixture.Client(member.AccessToken);
        var key = (string)(await (await CreateAsync(client)).JsonAsync())["key"]!;

        await TellAsync(member.Id, Tier.Free, apiKeys: false, sequence: 5);
        await Eventually.TrueAsync(async () => (await ExchangeAsync(key)).StatusCode == HttpStatusCode.Forbidden, "the key stops");
        await heard.HasAsync(member.Id);

        await TellAsync(member.Id, Tier.Pro, apiKeys: true, sequence: 4);
        await TellAsync(member.Id, Tier.Studio, apiKeys: true, sequence: 6);
        await Eventually.TrueAsync(async () => (await ExchangeAsync(key)).StatusCode == HttpStatusCode.OK, "the key works again");
        Assert.Equal("STUDIO", (string)(await (await ExchangeAsync(key)).JsonAsync())["tier"]!);
    }

    [Fact]
    public async Task Entitlement_WhenAnOlderOneComesLate_IsIgnored()
    {
        var member = await ProAsync();
        await TellAsync(member.Id, Tier.Studio, apiKeys: true, sequence: 9);
        await Eventually.TrueAsync(() => IsAsync(member, "STUDIO"), "the tier is known");
        await TellAsync(member.Id, Tier.Free, apiKeys: false, sequence: 8);
        var later = await ProAsync();
        Assert.True(await IsAsync(later, "PRO"));
        Assert.True(await IsAsync(member, "STUDIO"));
    }

    [Fact]
    public async Task Create_WhenTwentyExist_Is409AlsoForThoseAtOnce()
    {
        using var client = fixture.Client((await ProAsync()).AccessToken);
        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => CreateAsync(client)));
        Assert.Equal(20, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        await answers.First(a => a.StatusCode != HttpStatusCode.Created).IsProblemAsync(409, "too-many-keys");
        var page = await (await client.GetAsync("/api/auth/keys?limit=15")).JsonAsync();
        var rest = await (await client.GetAsync($"/api/auth/keys?limit=15&cursor={(string)page["nextCursor"]!}")).JsonAsync();
        Assert.Equal((15, 5), (page["items"]!.AsArray().Count, rest["items"]!.AsArray().Count));
        Assert.Null(rest["nextCursor"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s1k_unknown")]
    [InlineData(null)]
    public async Task Exchange_WhenTheKeyIsUnknown_Is401(string? key) => await (await ExchangeAsync(key)).IsProblemAsync(401, "invalid-api-key");

    private static Task<HttpResponseMessage> CreateAsync(HttpClient client, string name = "key") => client.PostAsJsonAsync("/api/auth/keys", new { name });

    private async Task<HttpResponseMessage> ExchangeAsync(string? key)
    {
        using var client = fixture.Client();
        return await client.PostAsJsonAsync("/internal/api-keys/exchange", new { key });
    }

    private async Task<Member> ProAsync()
    {
        var member = await fixture.RegisterAsync();
        await TellAsync(member.Id, Tier.Pro, apiKeys: true, sequence: 1);
        await Eventually.TrueAsync(() => IsAsync(member, "PRO"), "the tier is known");
        return member;
    }

    private async Task<bool> IsAsync(Member member, string tier)
    {
        using var client = fixture.Client(member.AccessToken);
        return (string)(await (await client.GetAsync("/api/auth/me")).JsonAsync())["tier"]! == tier;
    }

    private Task TellAsync(Guid user, Tier tier, bool apiKeys, long sequence) => fixture.Bus.PublishAsync(new EntitlementChanged
    {
        EventId = Guid.CreateVersion7(),
        Sequence = sequence,
        UserId = user,
        Tier = tier,
        Allowance = tier == Tier.Free ? Allowance.Free : Allowance.Paid,
        Qualities = [Quality.Standard],
        Stems = apiKeys,
        ApiKeys = apiKeys,
    });

    /// <summary>What a gateway hears.</summary>
    private sealed class Revocations : IDisposable
    {
        private readonly ConcurrentQueue<string> _ids = [];
        private readonly ISubscriber _subscriber;
        private readonly RedisChannel _channel = new(ApiKeyRevocations.Channel, RedisChannel.PatternMode.Literal);

        public Revocations(ProfileFixture fixture)
        {
            _subscriber = fixture.Profile.Services.GetRequiredService<IConnectionMultiplexer>().GetSubscriber();
            _subscriber.Subscribe(_channel, (_, id) => _ids.Enqueue(id!));
        }

        public Task HasAsync(Guid id) => Eventually.TrueAsync(() => Task.FromResult(_ids.Contains(id.ToString())), "the gateways hear of it");

        public void Dispose() => _subscriber.Unsubscribe(_channel);
    }
}
