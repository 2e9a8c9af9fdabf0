using System.Net;
using System.Net.Http.Json;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>What the community pool refuses, and how.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class PoolRefusalTests(Platform platform)
{
    // Nobody contributes to it.
    private const string Deserted = "no-such-genre";

    [Fact]
    public async Task Claim_ByWhoPaysOrHoldsABadge_IsForFreeMembers_AlsoWhenThePoolIsEmpty()
    {
        var payer = await platform.SignUpAsync();
        await payer.SubscribeAsync("CREATOR");
        var founder = await platform.Founder.Value;

        foreach (var member in (Member[])[payer, founder])
        {
            await Eventually.TrueAsync(async () => (int)(await member.GetJsonAsync("/api/community/me"))["claims"]!["remaining"]! == 0, "the pool knows");
            await (await member.ClaimAsync(Deserted)).ProblemAsync(HttpStatusCode.Forbidden, "claims-are-for-free-tier");
        }
    }

    [Fact]
    public async Task Claim_WhenThereIsNothing_SaysWhenTheNextIsExpected()
    {
        var member = await platform.SignUpAsync();

        var problem = await (await member.ClaimAsync(Deserted)).ProblemAsync(HttpStatusCode.NotFound, "pool-empty");

        Assert.True(problem.AsObject().ContainsKey("nextExpectedAt"));
        Assert.Equal(3, (int)(await member.GetJsonAsync("/api/community/me"))["claims"]!["remaining"]!);
    }

    [Fact]
    public async Task Claim_AFourthTimeADay_IsToComeBackTomorrow_AlsoWhenThePoolIsEmpty()
    {
        var (artist, fan) = (await platform.SignUpAsync(), await platform.SignUpAsync());
        await artist.ContributeTracksAsync("reggae", 3);
        for (var n = 0; n < 3; n++)
            await (await fan.ClaimAsync("reggae")).JsonAsync(HttpStatusCode.Created);

        var refused = await fan.ClaimAsync(Deserted);

        var problem = await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "daily-claims-spent");
        Assert.Equal(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(1), DateTimeOffset.Parse((string)problem["resetAt"]!).UtcDateTime);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task ContributedTrack_IsSharedOnce_ByItsArtist_AndStaysOnceItIsClaimed()
    {
        var (artist, fan) = (await platform.SignUpAsync(), await platform.SignUpAsync());
        var tracks = await artist.ContributeTracksAsync("flamenco", 2);
        var spare = (await artist.MakeTracksAsync("flamenco", 1))[0];

        await (await artist.ContributeAsync(tracks[0])).ProblemAsync(HttpStatusCode.Conflict, "already-contributed");
        await (await fan.ContributeAsync(tracks[0])).ProblemAsync(HttpStatusCode.Forbidden, "not-your-track");
        await (await fan.ContributeAsync(spare)).ProblemAsync(HttpStatusCode.NotFound);
        await (await fan.ContributeAsync(Guid.CreateVersion7())).ProblemAsync(HttpStatusCode.NotFound);
        await (await artist.Client.PostAsJsonAsync("/api/community/contribute", new { })).ProblemAsync(HttpStatusCode.BadRequest, "validation");
        await (await fan.SwapAsync(tracks[0], spare)).ProblemAsync(HttpStatusCode.Forbidden, "not-your-track");
        await (await artist.SwapAsync(spare, tracks[0])).ProblemAsync(HttpStatusCode.NotFound);
        await (await artist.SwapAsync(tracks[0], tracks[1])).ProblemAsync(HttpStatusCode.Conflict, "already-contributed");

        var claimed = (Guid)(await (await fan.ClaimAsync("flamenco")).JsonAsync(HttpStatusCode.Created))["generationId"]!;
        await (await artist.SwapAsync(claimed, spare)).ProblemAsync(HttpStatusCode.Conflict, "swap-too-late");
        await (await fan.ContributeAsync(claimed)).ProblemAsync(HttpStatusCode.Forbidden, "not-your-track");
        await (await artist.Client.DeleteAsync($"/api/generations/{claimed}")).ProblemAsync(HttpStatusCode.Conflict, "claimed");
        // By hand and unclaimed it may go.
        var other = tracks.Single(track => track != claimed);
        Assert.Equal(HttpStatusCode.NoContent, (await artist.Client.DeleteAsync($"/api/generations/{other}")).StatusCode);
        await (await artist.ClaimAsync("flamenco")).ProblemAsync(HttpStatusCode.NotFound, "pool-empty");
    }

    [Fact]
    public async Task Like_OfOnesOwnTrack_IsRefused_AndOfNoTrackIsNotFound()
    {
        var artist = await platform.SignUpAsync();
        var track = (await artist.ContributeTracksAsync("salsa", 1))[0];

        await (await artist.Client.PutAsync($"/api/community/pool/{track}/like", null)).ProblemAsync(HttpStatusCode.Forbidden, "own-track");
        await (await artist.Client.PostAsync($"/api/wall/{track}/like", null)).ProblemAsync(HttpStatusCode.Forbidden, "own-track");
        foreach (var nothing in (string[])[$"/api/community/pool/{Guid.CreateVersion7()}/like", "/api/community/pool/nonsense/like"])
            await (await artist.Client.PutAsync(nothing, null)).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task HiddenTrack_LeavesListsAndClaims_UntilAnOperatorBringsItBack()
    {
        var (artist, fan, founder) = (await platform.SignUpAsync(), await platform.SignUpAsync(), await platform.Founder.Value);
        var track = (await artist.ContributeTracksAsync("merengue", 1))[0];
        var hide = new { reason = "Not music" };

        await (await fan.Client.PostAsJsonAsync($"/api/admin/pool/{track}/hide", hide)).ProblemAsync(HttpStatusCode.Forbidden);
        await (await founder.Client.PostAsJsonAsync($"/api/admin/pool/{track}/hide", new { })).ProblemAsync(HttpStatusCode.BadRequest);
        await (await founder.Client.PostAsJsonAsync($"/api/admin/pool/{track}/hide", hide)).JsonAsync();
        await (await fan.ClaimAsync("merengue")).ProblemAsync(HttpStatusCode.NotFound, "pool-empty");
        Assert.Empty((await fan.GetJsonAsync("/api/community/pool?genre=merengue"))["items"]!.AsArray());
        await (await fan.Client.PutAsync($"/api/community/pool/{track}/like", null)).ProblemAsync(HttpStatusCode.NotFound);

        await (await founder.Client.PostAsync($"/api/admin/pool/{track}/restore", null)).JsonAsync();
        // What generation told of the hiding may come after it was undone here; then generation's word on the undoing does, too.
        var claimed = await Eventually.GetAsync(
            async () => await fan.ClaimAsync("merengue") is { StatusCode: HttpStatusCode.Created } claim ? await claim.JsonAsync(HttpStatusCode.Created) : null,
            "it can be claimed again");
        Assert.Equal(track, (Guid)claimed["generationId"]!);
    }

    [Theory]
    [InlineData("pool?limit=0")]
    [InlineData("pool?limit=101")]
    [InlineData("pool?cursor=nonsense")]
    [InlineData("pool?sort=random")]
    [InlineData("pool?quality=loud")]
    [InlineData("pool?q=%00")]
    [InlineData("ranking?timeframe=day")]
    [InlineData("ranking?on=yesterday")]
    [InlineData("ranking?cursor=nonsense")]
    public async Task List_WhenAskedNonsense_NamesTheField(string query)
    {
        using var anybody = platform.CreateClient();

        var problem = await (await anybody.GetAsync($"/api/community/{query}")).ProblemAsync(HttpStatusCode.BadRequest, "validation");

        Assert.NotNull(problem["errors"]![query.Split('?', '=')[1]]);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"genre":7}""")]
    [InlineData("""{"genre":"\u0000"}""")]
    public async Task Claim_OfNonsense_Is400_AndSpendsNothing(string body)
    {
        var member = await platform.SignUpAsync();

        await (await member.Client.PostAsync("/api/community/pool/claim", new StringContent(body, null, "application/json"))).ProblemAsync(HttpStatusCode.BadRequest);

        Assert.Equal(3, (int)(await member.GetJsonAsync("/api/community/me"))["claims"]!["remaining"]!);
    }

    [Fact]
    public async Task Community_WithoutSignIn_IsForReading()
    {
        using var anybody = platform.CreateClient();

        foreach (var path in (string[])["pool/claim", "contribute", $"pool/{Guid.CreateVersion7()}/swap"])
            await (await anybody.PostAsJsonAsync($"/api/community/{path}", new { })).ProblemAsync(HttpStatusCode.Unauthorized);
        await (await anybody.GetAsync("/api/community/me")).ProblemAsync(HttpStatusCode.Unauthorized);
        foreach (var path in (string[])["pool", "ranking", "sustainability"])
            await (await anybody.GetAsync($"/api/community/{path}")).JsonAsync();
    }
}
