using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class PushTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Push_WhenSomebodyFollows_ReachesTheBrowserEncryptedInTheMembersLanguage()
    {
        await using var service = await FakePushService.StartAsync();
        var (member, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var client = fixture.Client(member.AccessToken);
        (await client.PutAsJsonAsync("/api/profiles/me/settings", new { language = "es" })).EnsureSuccessStatusCode();
        var browser = await SubscribeAsync(service, client);
        await FollowAsync(fan, member);
        var message = await FirstAsync(service, browser);
        Assert.Equal((string)(await (await client.GetAsync("/api/notifications")).JsonAsync())["items"]![0]!["id"]!, (string)message["id"]!);
        Assert.Equal(("followed", $"{fan.Username} te sigue", $"/u/{fan.Username}", 1), ((string)message["kind"]!, (string)message["text"]!, (string)message["url"]!, (int)message["unread"]!));
        await Eventually.TrueAsync(async () => await PendingAsync(member) == 0, "nothing waits any more");
        Assert.Single(service.MessagesOf(browser));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task Push_WhenTheBrowserIsGone_EndsTheSubscription(int status)
    {
        await using var service = await FakePushService.StartAsync();
        var (member, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var client = fixture.Client(member.AccessToken);
        await SubscribeAsync(service, client);
        service.Refusal = status;
        await FollowAsync(fan, member);
        await Eventually.TrueAsync(async () => await SubscriptionsAsync(member) == 0, "the subscription is gone");
        Assert.Equal(0, await PendingAsync(member));
    }

    [Fact]
    public async Task Push_WhenTheServiceIsAway_IsSentLater()
    {
        await using var service = await FakePushService.StartAsync();
        var (member, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var client = fixture.Client(member.AccessToken);
        var browser = await SubscribeAsync(service, client);
        service.Refusal = 503;
        await FollowAsync(fan, member);
        await Eventually.TrueAsync(() => Task.FromResult(service.Attempts == 1), "it was tried");
        service.Refusal = null;
        await Task.Delay(3000);
        Assert.Equal(1, service.Attempts);
        fixture.Clock.Advance(TimeSpan.FromMinutes(2));
        await FirstAsync(service, browser);
        Assert.Equal(1, await SubscriptionsAsync(member));
    }

    [Fact]
    public async Task Push_WhenItIsQuiet_ComesWhenTheQuietEnds()
    {
        await using var service = await FakePushService.StartAsync();
        var (member, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var client = fixture.Client(member.AccessToken);
        var browser = await SubscribeAsync(service, client);
        var now = fixture.Clock.GetUtcNow();
        var quietHours = new { from = $"{now.AddHours(-1):HH:mm}", to = $"{now.AddMinutes(5):HH:mm}" };
        (await client.PutAsJsonAsync("/api/notifications/preferences", new { quietHours, timeZone = "Etc/UTC" })).EnsureSuccessStatusCode();
        await FollowAsync(fan, member);
        await Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>(
            "SELECT count(*) FROM pending_pushes p JOIN push_subscriptions s ON s.id = p.subscription_id WHERE s.account_id = $1 AND p.next_attempt_at > $2", member.Id, now.AddMinutes(3)) == 1, "it waits");
        Assert.Equal(0, service.Attempts);
        fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        await FirstAsync(service, browser);
    }

    [Fact]
    public async Task Push_WhenTheSignInEndsOrTheNotificationWasRead_IsNotSent()
    {
        await using var service = await FakePushService.StartAsync();
        var (member, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var client = fixture.Client(member.AccessToken);
        await SubscribeAsync(service, client);
        (await client.PostAsJsonAsync("/api/auth/logout", new { refreshToken = member.RefreshToken })).EnsureSuccessStatusCode();
        await FollowAsync(fan, member);
        await Eventually.TrueAsync(async () => await PendingAsync(member) == 0, "nothing waits");
        Assert.Equal(0, service.Attempts);
    }

    [Fact]
    public async Task Subscribe_WhenTheBrowserChangesHands_TellsTheNewMemberAlone()
    {
        await using var service = await FakePushService.StartAsync();
        var (first, second, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var one = fixture.Client(first.AccessToken);
        using var two = fixture.Client(second.AccessToken);
        var browser = await SubscribeAsync(service, one);
        Assert.Equal(HttpStatusCode.NoContent, (await browser.SubscribeAsync(one)).StatusCode);
        Assert.Equal(1, await SubscriptionsAsync(first));
        Assert.Equal(HttpStatusCode.NoContent, (await browser.SubscribeAsync(two)).StatusCode);
        Assert.Equal((0, 1), (await SubscriptionsAsync(first), await SubscriptionsAsync(second)));
        using var ended = await EndAsync(one, browser.Endpoint);
        Assert.Equal((HttpStatusCode.NoContent, 1L), (ended.StatusCode, await SubscriptionsAsync(second)));
        await FollowAsync(fan, first);
        await FollowAsync(fan, second);
        await FirstAsync(service, browser);
        Assert.Single(service.MessagesOf(browser));
        using var own = await EndAsync(two, browser.Endpoint);
        Assert.Equal((HttpStatusCode.NoContent, 0L), (own.StatusCode, await SubscriptionsAsync(second)));
    }

    [Theory]
    [InlineData("ftp://push.example.org/x", null, "endpoint")]
    [InlineData("no address", null, "endpoint")]
    [InlineData("https://user@push.example.org/x", null, "endpoint")]
    [InlineData(null, null, "endpoint")]
    [InlineData("https://push.example.org/x", "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "keys.p256dh")]
    [InlineData("https://push.example.org/x", "%%", "keys.p256dh")]
    public async Task Subscribe_WhenItIsNoBrowsers_Is400(string? endpoint, string? p256dh, string field)
    {
        using var client = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        var problem = await (await client.PostAsJsonAsync("/api/notifications/push", new { endpoint, keys = new { p256dh, auth = "AAAAAAAAAAAAAAAAAAAAAA" } })).IsProblemAsync(400, "validation");
        Assert.NotNull(problem["errors"]![field]);
        await (await client.PostAsJsonAsync("/api/notifications/push", new { endpoint = "https://push.example.org/x" })).IsProblemAsync(400, "validation");
        using var anonymous = fixture.Client();
        await (await anonymous.PostAsJsonAsync("/api/notifications/push", new { })).IsProblemAsync(401, "unauthorized");
    }

    [Theory]
    [InlineData("""{"quietHours":{"from":"22:00","to":"22:00"}}""")]
    [InlineData("""{"quietHours":{"from":"22:00"}}""")]
    [InlineData("""{"quietHours":{"from":"24:00","to":"07:00"}}""")]
    [InlineData("""{"timeZone":"Mars/Olympus"}""")]
    [InlineData("""{"timeZone":"../../etc/passwd"}""")]
    public async Task Preferences_WhenTheyMakeNoSense_Are400(string json)
    {
        using var client = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        await (await client.PutAsync("/api/notifications/preferences", content)).IsProblemAsync(400, "validation");
    }

    [Fact]
    public async Task Preferences_WhenReplaced_AreAnsweredAsSet()
    {
        using var client = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        var wanted = JsonNode.Parse("""{"muted":["followed"],"quietHours":{"from":"22:30","to":"07:00"},"timeZone":"Europe/Madrid","emailDigest":true}""")!;
        Assert.True(JsonNode.DeepEquals(wanted, await (await client.PutAsJsonAsync("/api/notifications/preferences", wanted)).JsonAsync()));
        Assert.True(JsonNode.DeepEquals(wanted, await (await client.GetAsync("/api/notifications/preferences")).JsonAsync()));
        (await client.PutAsJsonAsync("/api/notifications/preferences", new { })).EnsureSuccessStatusCode();
        var none = await (await client.GetAsync("/api/notifications/preferences")).JsonAsync();
        Assert.Equal((0, null, "Etc/UTC", false), (none["muted"]!.AsArray().Count, none["quietHours"], (string)none["timeZone"]!, (bool)none["emailDigest"]!));
    }

    private async Task<FakeBrowser> SubscribeAsync(FakePushService service, HttpClient client)
    {
        var key = (string)(await (await client.GetAsync("/api/notifications/push/key")).JsonAsync())["publicKey"]!;
        var browser = service.NewBrowser(key);
        using var subscribed = await browser.SubscribeAsync(client);
        Assert.Equal(HttpStatusCode.NoContent, subscribed.StatusCode);
        return browser;
    }

    private static async Task<JsonNode> FirstAsync(FakePushService service, FakeBrowser browser)
    {
        await Eventually.TrueAsync(() => Task.FromResult(service.MessagesOf(browser).Count > 0), "the browser is told");
        return service.MessagesOf(browser)[0];
    }

    private static Task<HttpResponseMessage> EndAsync(HttpClient client, string endpoint) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/notifications/push") { Content = JsonContent.Create(new { endpoint }) });

    private async Task FollowAsync(Member who, Member whom)
    {
        using var client = fixture.Client(who.AccessToken);
        (await client.PostAsync($"/api/profiles/{whom.Username}/follow", null)).EnsureSuccessStatusCode();
    }

    private Task<long> SubscriptionsAsync(Member member) => fixture.ScalarAsync<long>("SELECT count(*) FROM push_subscriptions WHERE account_id = $1", member.Id);

    private Task<long> PendingAsync(Member member) => fixture.ScalarAsync<long>(
        "SELECT count(*) FROM pending_pushes p JOIN push_subscriptions s ON s.id = p.subscription_id WHERE s.account_id = $1", member.Id);
}
