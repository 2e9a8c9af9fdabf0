using System.Net.Http.Json;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Tests.Hosting;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.Testing;

namespace Son1kVers3.Pool.Tests.Moderation;

[Collection(SharedPool.Name)]
[Trait("Category", "Integration")]
public sealed class ModerationTests(PoolFixture fixture)
{
    [Fact]
    public async Task Hide_TakesTheTrackFromListAndClaimsAtOnce_AsksGeneration_AndRestoreBringsItBack()
    {
        var (owner, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
        var track = (await fixture.ContributeAsync(owner, genre)).GenerationId;
        var operators = fixture.Pool.Client(fixture.NewUser(), "operator");

        await (await operators.PostAsJsonAsync($"/api/admin/pool/{track}/hide", new { reason = "a cover song" })).JsonAsync();

        Assert.Empty((await fixture.GetAsync($"/api/community/pool?genre={genre}"))["items"]!.AsArray());
        await (await fixture.Pool.Client(fixture.NewUser()).PostAsJsonAsync("/api/community/pool/claim", new { genre }))
            .IsProblemAsync(404, "pool-empty");
        Assert.Equal(0, (int)(await fixture.GetAsync("/api/community/me", owner))["points"]!);
        var hidden = await (await operators.GetAsync("/api/admin/pool?limit=100")).JsonAsync();
        Assert.Equal("a cover song",
            (string)Assert.Single(hidden["items"]!.AsArray(), i => (Guid)i!["track"]!["generationId"]! == track)!["reason"]!);
        await Eventually.TrueAsync(() =>
            Task.FromResult(fixture.Bus.Heard<ModerateTrack>()
            .Any(m => m.GenerationId == track && m is { Hidden: true, Reason: "a cover song" })), "generation is asked");
        // What generation then tells is no news, and a copy of it that comes twice neither.
        await fixture.ApplyAsync<OnTrackModerated, TrackHidden>(new TrackHidden
        {
            GenerationId = track,
            UserId = owner,
            Reason = "a cover song",
            Sequence = 5
        });

        await (await operators.PostAsync($"/api/admin/pool/{track}/restore", null)).JsonAsync();
        await fixture.ApplyAsync<OnTrackModerated, TrackRestored>(new TrackRestored { GenerationId = track, UserId = owner, Sequence = 6 });
        await fixture.ApplyAsync<OnTrackModerated, TrackHidden>(new TrackHidden
        {
            GenerationId = track,
            UserId = owner,
            Reason = "a cover song",
            Sequence = 5
        });

        Assert.Single((await fixture.GetAsync($"/api/community/pool?genre={genre}"))["items"]!.AsArray());
        await Eventually.TrueAsync(() =>
            Task.FromResult(fixture.Bus.Heard<ModerateTrack>().Any(m => m.GenerationId == track && !m.Hidden)),
            "generation is asked to bring it back");
    }

    [Fact]
    public async Task Moderation_IsForOperators_OfTracksInThePool_WithAReason()
    {
        var track = (await fixture.ContributeAsync(fixture.NewUser(), PoolFixture.NewGenre())).GenerationId;
        var operators = fixture.Pool.Client(fixture.NewUser(), "operator");

        foreach (var path in (string[])[$"/api/admin/pool/{track}/hide", $"/api/admin/pool/{track}/restore"])
        {
            await (await fixture.Pool.Client().PostAsJsonAsync(path, new { reason = "x" })).IsProblemAsync(401, "unauthorized");
            await (await fixture.Pool.Client(fixture.NewUser()).PostAsJsonAsync(path, new { reason = "x" }))
                .IsProblemAsync(403, "forbidden");
        }

        await (await operators.PostAsJsonAsync($"/api/admin/pool/{Guid.CreateVersion7()}/hide", new { })).IsProblemAsync(404, "not-found");
        var invalid = await (await operators.PostAsJsonAsync($"/api/admin/pool/{track}/hide", new { reason = " " }))
            .IsProblemAsync(400, "validation");
        Assert.NotNull(invalid["errors"]!["reason"]);
    }
}
