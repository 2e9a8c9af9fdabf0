using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>Tracks that moderators take out of sight.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class ModerationTests(GenerationFixture fixture)
{
    private static readonly string[] Media = ["audio", "preview", "waveform", "cover", "midi", "score"];

    [Fact]
    public async Task Track_WhenHidden_IsHeardByNobodyButOperators()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        using var anybody = fixture.Service.Client();
        using var member = fixture.Service.Client(Guid.CreateVersion7());
        using var moderator = fixture.Service.Client(Guid.CreateVersion7(), "operator");
        var id = await PublicAsync(owner);
        var signed = (await ViewAsync(owner, id))["files"]!.AsArray()[0]!["url"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.OK, (await anybody.GetAsync($"/api/generations/{id}/audio")).StatusCode);

        await HideAsync(id, "spam");

        foreach (var client in (HttpClient[])[owner, member])
        {
            foreach (var kind in Media)
                Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/generations/{id}/{kind}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync($"/api/generations/{id}/remix", null)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.GetAsync($"/api/generations/{id}/audio")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await anybody.GetAsync(signed)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync($"/api/generations/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await moderator.GetAsync($"/api/generations/{id}/audio")).StatusCode);
        var heard = Assert.Single(fixture.Bus.Heard<TrackHidden>(), e => e.GenerationId == id);
        Assert.Equal("spam", heard.Reason);
    }

    [Fact]
    public async Task Owner_OfAHiddenTrack_SeesWhyAndCannotUndoIt()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        using var anybody = fixture.Service.Client();
        var id = await PublicAsync(owner);

        await HideAsync(id, "not yours");

        var change = await owner.PatchAsJsonAsync($"/api/generations/{id}", new { visibility = "public" });
        Assert.Equal(HttpStatusCode.NotFound, change.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.GetAsync($"/api/generations/{id}")).StatusCode);
        var view = JsonNode.Parse(await owner.GetStringAsync("/api/generations"))!["items"]!.AsArray().Single()!;
        Assert.Equal("not yours", view["hiddenReason"]!.GetValue<string>());
        Assert.NotNull(view["hiddenAt"]);
        Assert.Empty(view["files"]!.AsArray());
        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.GetAsync($"/api/generations/{id}/audio")).StatusCode);

        await fixture.Bus.PublishAsync(new ModerateTrack { GenerationId = id, Hidden = false, Reason = "appeal" });
        await Eventually.TrueAsync(async () => (await anybody.GetAsync($"/api/generations/{id}/audio")).IsSuccessStatusCode, "it is back");
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Bus.Heard<TrackRestored>().Any(e => e.GenerationId == id)), "it is told");
        Assert.Null((await ViewAsync(owner, id))["hiddenAt"]);
    }

    [Fact]
    public async Task Owner_OfAHiddenTrack_MayDeleteIt()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        using var member = fixture.Service.Client(Guid.CreateVersion7());
        var id = await PublicAsync(owner);
        await HideAsync(id, "not yours");

        Assert.Equal(HttpStatusCode.NotFound, (await member.DeleteAsync($"/api/generations/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"/api/generations/{id}")).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Track_WhenThePoolAndAReportHideIt_IsBackWhenBothRestoreIt(bool reportFirst)
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        using var anybody = fixture.Service.Client();
        var id = await PublicAsync(owner);
        var (report, pool) = ((Guid?)Guid.CreateVersion7(), (Guid?)null);
        await HideAsync(id, "illegal", report);
        await fixture.Bus.PublishAsync(new ModerateTrack { GenerationId = id, Hidden = true, Reason = "spam" });
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<TrackHidden>().Count(e => e.GenerationId == id && e.Reason == "illegal") == 2),
            "the pool is told that the weightier reason stands");

        var (first, second, left) = reportFirst ? (report, pool, "spam") : (pool, report, "illegal");
        var told = fixture.Bus.Heard<TrackHidden>().Count(e => e.GenerationId == id);
        await fixture.Bus.PublishAsync(new ModerateTrack { GenerationId = id, Hidden = false, Reason = "restored", ReportId = first });
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<TrackHidden>().Count(e => e.GenerationId == id) > told), "it is told that it stays hidden");
        var last = fixture.Bus.Heard<TrackHidden>().Where(e => e.GenerationId == id).MaxBy(e => e.Sequence)!;
        Assert.Equal((left, second), (last.Reason, last.ReportId));
        Assert.Equal(left, await fixture.ScalarAsync<string>("SELECT hidden_reason FROM tracks WHERE id = $1", id));
        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.GetAsync($"/api/generations/{id}/audio")).StatusCode);

        await fixture.Bus.PublishAsync(new ModerateTrack { GenerationId = id, Hidden = false, Reason = "restored", ReportId = second });
        await Eventually.TrueAsync(async () => (await anybody.GetAsync($"/api/generations/{id}/audio")).IsSuccessStatusCode, "it is back");
    }

    [Theory]
    [InlineData("spam", HttpStatusCode.OK)]
    [InlineData(ModerateTrack.Illegal, HttpStatusCode.NotFound)]
    public async Task Claimer_OfAHiddenTrack_KeepsTheCopyUnlessItIsIllegal(string reason, HttpStatusCode heard)
    {
        var (contributor, claimer) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var owner = fixture.Service.Client(contributor);
        using var holder = fixture.Service.Client(claimer);
        using var other = fixture.Service.Client(Guid.CreateVersion7());
        var id = await PublicAsync(owner);
        await fixture.Bus.PublishAsync(
            new TrackClaimed
            {
                EventId = Guid.CreateVersion7(),
                Sequence = 2,
                GenerationId = id,
                ClaimedBy = claimer,
                ContributedBy = contributor,
                Title = "a tone"
            });
        await Eventually.TrueAsync(
            async () => await fixture.ScalarAsync<long>("SELECT count(*) FROM claims WHERE track_id = $1", id) == 1, "the claim is known");

        await HideAsync(id, reason);

        Assert.Equal(heard, (await holder.GetAsync($"/api/generations/{id}/audio")).StatusCode);
        Assert.Equal(heard, (await holder.GetAsync($"/api/generations/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/generations/{id}/audio")).StatusCode);
    }

    [Fact]
    public async Task Track_WhenHiddenTwice_IsToldOnce()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        var id = await PublicAsync(owner);

        await HideAsync(id, "spam");
        await HideAsync(id, "spam");
        await HideAsync(id, "illegal");

        await Eventually.TrueAsync(() => Task.FromResult(fixture.Bus.Heard<TrackHidden>()
            .Any(e => e.GenerationId == id && e.Reason == "illegal")), "the new reason is told");
        Assert.Equal(["spam", "illegal"],
            fixture.Bus.Heard<TrackHidden>().Where(e => e.GenerationId == id).OrderBy(e => e.Sequence).Select(e => e.Reason));
    }

    [Fact]
    public async Task Track_WhenDecisionsOvertakeEachOther_IsAsTheLatestSays()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        var (back, gone) = (await PublicAsync(owner), await PublicAsync(owner));
        var now = DateTimeOffset.UtcNow.AddMinutes(-1);
        foreach (var (id, hiddenAt, restoredAt) in new[] { (back, now, now.AddSeconds(1)), (gone, now.AddSeconds(1), now) })
        {
            // The restoring one arrives first, in both.
            await fixture.Bus.PublishAsync(new ModerateTrack { GenerationId = id, Hidden = false, Reason = "restored", DecidedAt = restoredAt });
            await Eventually.TrueAsync(
                async () => await fixture.ScalarAsync<long>("SELECT count(*) FROM track_hides WHERE track_id = $1", id) == 1, "it is known");
            await fixture.Bus.PublishAsync(new ModerateTrack { GenerationId = id, Hidden = true, Reason = "spam", DecidedAt = hiddenAt });
        }

        await Eventually.TrueAsync(() => Task.FromResult(fixture.Bus.Heard<TrackHidden>().Any(e => e.GenerationId == gone)), "the later one hides");
        Assert.Equal("spam", await fixture.ScalarAsync<string>("SELECT hidden_reason FROM tracks WHERE id = $1", gone));
        await HideAsync(back, "illegal");
        Assert.Equal(["illegal"], fixture.Bus.Heard<TrackHidden>().Where(e => e.GenerationId == back).Select(e => e.Reason));
    }

    private static async Task<Guid> PublicAsync(HttpClient owner)
    {
        var id = await GenerationFixture.OrderAsync(owner);
        await GenerationFixture.WhenAsync(owner, id, "completed");
        (await owner.PatchAsJsonAsync($"/api/generations/{id}", new { visibility = "public" })).EnsureSuccessStatusCode();
        return id;
    }

    private async Task HideAsync(Guid id, string reason, Guid? report = null)
    {
        await fixture.Bus.PublishAsync(
            new ModerateTrack { GenerationId = id, Hidden = true, Reason = reason, ReportId = report, DecidedAt = DateTimeOffset.UtcNow });
        await Eventually.TrueAsync(
            async () => await fixture.ScalarAsync<string>("SELECT hidden_reason FROM tracks WHERE id = $1", id) == reason, "it is hidden");
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<TrackHidden>().Any(e => e.GenerationId == id && e.Reason == reason)), "it is told");
    }

    private static async Task<JsonNode> ViewAsync(HttpClient client, Guid id) =>
        JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}"))!;
}

/// <summary>Who may hear what, as a table.</summary>
[Trait("Category", "Unit")]
public sealed class TrackAccessTests
{
    private static readonly Guid Owner = Guid.CreateVersion7();
    private static readonly Viewer Anybody = default;
    private static readonly Viewer Stranger = new(Guid.CreateVersion7());

    [Theory]
    [InlineData(Visibility.Private, false, false)]
    [InlineData(Visibility.Private, true, true)]
    [InlineData(Visibility.Unlisted, false, true)]
    [InlineData(Visibility.Public, false, true)]
    public void Track_ForAnybody_IsOpenByVisibilityAndPool(Visibility visibility, bool contributed, bool open)
    {
        var track = TrackOf(visibility, contributed);

        Assert.Equal(open, track.MayBeHeardBy(Anybody));
        Assert.Equal(open, track.MayBeHeardBy(Stranger));
        Assert.True(track.MayBeHeardBy(new Viewer(Owner)));
    }

    [Theory]
    [InlineData("spam", true)]
    [InlineData("illegal", false)]
    public void Track_WhenHidden_IsForOperatorsAndClaimers(string reason, bool claimerHears)
    {
        var track = TrackOf(Visibility.Public, contributed: true, reason);

        Assert.False(track.MayBeHeardBy(new Viewer(Owner)));
        Assert.False(track.MayBeSeenBy(new Viewer(Owner)));
        Assert.False(track.MayBeSeenBy(Stranger));
        Assert.Equal(claimerHears, track.MayBeHeardBy(Stranger, claimed: true));
        Assert.True(track.MayBeHeardBy(new Viewer(Guid.CreateVersion7(), IsOperator: true)));
    }

    private static Track TrackOf(Visibility visibility, bool contributed, string? hidden = null) => new()
    {
        UserId = Owner,
        Status = TrackStatus.Completed,
        Request = new TrackRequest { Prompt = "" },
        Title = "",
        Visibility = visibility,
        Contributed = contributed,
        HiddenAt = hidden is null ? null : DateTimeOffset.UnixEpoch,
        HiddenReason = hidden,
    };
}
