using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Profile.Digest;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class DigestTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Digest_WhenManyWorkersFindItDue_IsMailedOnceADayUntilTheLinkEndsIt()
    {
        var member = await VerifiedAsync();
        using var client = fixture.Client(member.AccessToken);
        var fans = new[] { await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterAsync() };
        (await client.PutAsJsonAsync("/api/notifications/preferences", new { emailDigest = true, timeZone = "Europe/Madrid" })).EnsureSuccessStatusCode();
        await FollowAsync(fans[0], member);
        await FollowAsync(fans[1], member);
        await RoundAsync(member);
        var mail = Assert.Single(await DigestsAsync(member));
        Assert.Contains($"{fans[1].Username} and 1 other follow you", (string)mail["text"]!, StringComparison.Ordinal);
        Assert.Contains($"{ProfileFixture.PublicUrl}/notifications", (string)mail["text"]!, StringComparison.Ordinal);

        // The same is not told twice; the next day's tells what is new.
        await RoundAsync(member);
        Assert.Single(await DigestsAsync(member));
        await FollowAsync(fans[2], member);
        await RoundAsync(member);
        Assert.Equal(2, (await DigestsAsync(member)).Count);

        var link = ((string)mail["text"]!).Split('\n').Single(line => line.Contains("unsubscribe", StringComparison.Ordinal))[ProfileFixture.PublicUrl.Length..];
        using var anonymous = fixture.Client();
        Assert.Contains("<form method=post>", await anonymous.GetStringAsync(link), StringComparison.Ordinal);
        Assert.True(await WantsAsync(client));
        using var oneClick = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        Assert.Equal(HttpStatusCode.OK, (await anonymous.PostAsync(link, oneClick)).StatusCode);
        Assert.False(await WantsAsync(client));
        await (await anonymous.GetAsync(link[..^32] + Guid.NewGuid().ToString("N"))).IsProblemAsync(404, "not-found");
        await (await anonymous.GetAsync(link[..^32] + "x")).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Digest_WhenTurnedOffAndOnAgain_ComesOnAnotherDay()
    {
        var member = await VerifiedAsync();
        using var client = fixture.Client(member.AccessToken);
        (await client.PutAsJsonAsync("/api/notifications/preferences", new { emailDigest = true })).EnsureSuccessStatusCode();
        await FollowAsync(await fixture.RegisterAsync(), member);
        await RoundAsync(member);
        var today = DateOnly.FromDateTime(fixture.Clock.GetUtcNow().UtcDateTime);
        (await client.PutAsJsonAsync("/api/notifications/preferences", new { emailDigest = false })).EnsureSuccessStatusCode();
        (await client.PutAsJsonAsync("/api/notifications/preferences", new { emailDigest = true })).EnsureSuccessStatusCode();
        var next = await fixture.ScalarAsync<DateTime>("SELECT next_digest_at FROM notification_preferences WHERE account_id = $1", member.Id);
        Assert.True(DateOnly.FromDateTime(next) > today);
    }

    [Fact]
    public async Task Digest_WhenTheAddressIsNotVerified_IsNotMailed()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        (await client.PutAsJsonAsync("/api/notifications/preferences", new { emailDigest = true })).EnsureSuccessStatusCode();
        await FollowAsync(await fixture.RegisterAsync(), member);
        await RoundAsync(member);
        Assert.Empty(await DigestsAsync(member));
    }

    private async Task<Member> VerifiedAsync()
    {
        var member = await fixture.RegisterAsync();
        await fixture.ScalarAsync<object>("UPDATE accounts SET email_verified_at = now() WHERE id = $1", member.Id);
        return member;
    }

    /// <summary>The member's digest is due, and eight workers look at once.</summary>
    private async Task RoundAsync(Member member)
    {
        await fixture.ScalarAsync<object>("UPDATE notification_preferences SET next_digest_at = $2 WHERE account_id = $1", member.Id, fixture.Clock.GetUtcNow());
        var worker = fixture.Profile.Services.GetRequiredService<DigestWorker>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => { while (await worker.DigestNextAsync(CancellationToken.None)) { } }));
    }

    private async Task<IReadOnlyList<JsonNode>> DigestsAsync(Member member) =>
        [.. (await fixture.MailsAsync(member.Email)).Where(m => ((string)m["text"]!).Contains("digest", StringComparison.Ordinal))];

    private static async Task<bool> WantsAsync(HttpClient client) => (bool)(await (await client.GetAsync("/api/notifications/preferences")).JsonAsync())["emailDigest"]!;

    private async Task FollowAsync(Member who, Member whom)
    {
        using var client = fixture.Client(who.AccessToken);
        (await client.PostAsync($"/api/profiles/{whom.Username}/follow", null)).EnsureSuccessStatusCode();
    }
}
