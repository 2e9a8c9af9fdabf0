using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Contributions;
using Son1kVers3.Pool.Likes;
using Son1kVers3.Pool.Tests.Hosting;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.Testing;

namespace Son1kVers3.Pool.Tests.Likes;

[Collection(SharedPool.Name)]
[Trait("Category", "Integration")]
public sealed class LikeTests(PoolFixture fixture)
{
    [Fact]
    public async Task Like_OfAPublicTrackOutsideThePool_CountsOnceAMember_ByEitherAddress()
    {
        var (owner, user) = (fixture.NewUser(), fixture.NewUser());
        var track = await CompletedAsync(owner, Visibility.Public);

        Assert.Equal((true, 1), Of(await (await fixture.Pool.Client(user).PostAsync($"/api/wall/{track}/like", null)).JsonAsync()));
        Assert.Equal((true, 1),
            Of(await (await fixture.Pool.Client(user).PutAsync($"/api/community/pool/{track}/like", null)).JsonAsync()));
        await EventuallyHeardAsync(track, user, liked: true, likes: 1, owner);
        Assert.Equal((false, 0), Of(await (await fixture.Pool.Client(user).DeleteAsync($"/api/community/pool/{track}/like")).JsonAsync()));
        Assert.Equal((false, 0), Of(await (await fixture.Pool.Client(user).DeleteAsync($"/api/wall/{track}/like")).JsonAsync()));
        await EventuallyHeardAsync(track, user, liked: false, likes: 0, owner);
        Assert.Equal(2, fixture.Bus.Heard<TrackLiked>().Where(e => e.GenerationId == track).Select(e => e.EventId).Distinct().Count());
    }

    [Fact]
    public async Task Like_WhenAllAtOnceAndAgain_KeepsTheCounterExact()
    {
        var track = await CompletedAsync(fixture.NewUser(), Visibility.Unlisted);
        var users = Enumerable.Range(0, 20).Select(_ => fixture.NewUser()).ToList();

        await Task.WhenAll(users.Concat(users).Select(async (user, n) =>
            await (await (n % 2 == 0 ? fixture.Pool : fixture.Second).Client(user).PutAsync($"/api/community/pool/{track}/like", null))
                .JsonAsync()));
        await Task.WhenAll(users.Take(5).Concat(users.Take(5)).Select(async user =>
            await (await fixture.Pool.Client(user).DeleteAsync($"/api/community/pool/{track}/like")).JsonAsync()));

        Assert.Equal(15, await fixture.ScalarAsync<int>("SELECT likes FROM tracks WHERE generation_id = $1", track));
        Assert.Equal(15, await fixture.ScalarAsync<long>("SELECT count(*) FROM likes WHERE generation_id = $1", track));
        var news = fixture.Bus.Heard<TrackLiked>;
        await Eventually.TrueAsync(() =>
            Task.FromResult(news().Where(e => e.GenerationId == track).DistinctBy(e => e.EventId).Count() == 25),
            "each change is told once");
        Assert.Equal(15, news().Where(e => e.GenerationId == track).MaxBy(e => e.Sequence)!.Likes);
    }

    [Fact]
    public async Task Like_OfOnesOwnTrack_IsRefused_AndOfOneThatCannotBeHeardIsNotThere()
    {
        var (owner, user) = (fixture.NewUser(), fixture.NewUser());
        var shown = await CompletedAsync(owner, Visibility.Public);
        var hidden = await CompletedAsync(owner, Visibility.Public);
        var secret = await CompletedAsync(owner, Visibility.Private);
        await fixture.ApplyAsync<OnTrackModerated, TrackHidden>(new TrackHidden
        {
            GenerationId = hidden,
            UserId = owner,
            Reason = "spam",
            Sequence = 4
        });

        await (await fixture.Pool.Client(owner).PutAsync($"/api/community/pool/{shown}/like", null)).IsProblemAsync(403, "own-track");
        await (await fixture.Pool.Client(owner).PostAsync($"/api/wall/{secret}/like", null)).IsProblemAsync(403, "own-track");
        foreach (var track in (Guid[])[hidden, secret, Guid.CreateVersion7()])
        {
            await (await fixture.Pool.Client(user).PutAsync($"/api/community/pool/{track}/like", null)).IsProblemAsync(404, "not-found");
            await (await fixture.Pool.Client(user).DeleteAsync($"/api/wall/{track}/like")).IsProblemAsync(404, "not-found");
            await (await fixture.Pool.Client(user).PostAsync($"/api/community/pool/{track}/play", null)).IsProblemAsync(404, "not-found");
            await (await fixture.Pool.Client().PostAsync($"/api/community/pool/{track}/play", null)).IsProblemAsync(404, "not-found");
        }

        await (await fixture.Pool.Client().PutAsync($"/api/community/pool/{shown}/like", null)).IsProblemAsync(401, "unauthorized");
        // What was liked while it could be heard can be let go of afterwards.
        await (await fixture.Pool.Client(user).PostAsync($"/api/wall/{shown}/like", null)).JsonAsync();
        await fixture.ApplyAsync<OnGenerationUpdated, GenerationUpdated>(
            new GenerationUpdated
            {
                GenerationId = shown,
                UserId = owner,
                Title = "Mine",
                Visibility = Visibility.Private,
                Bytes = 1,
                Sequence = 7
            });
        Assert.Equal((false, 0), Of(await (await fixture.Pool.Client(user).DeleteAsync($"/api/wall/{shown}/like")).JsonAsync()));
        await (await fixture.Pool.Client(user).PostAsync($"/api/wall/{shown}/like", null)).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Play_CountsOnceAMemberTrackAndHalfHour_AndIsOpenToAll()
    {
        var (owner, user) = (fixture.NewUser(), fixture.NewUser());
        var track = await CompletedAsync(owner, Visibility.Public);

        Assert.Equal((false, 0), Played(await PlayAsync(null)));
        Assert.Equal((true, 1), Played(await PlayAsync(user)));
        Assert.Equal((false, 1), Played(await PlayAsync(user)));
        Assert.Equal((true, 2), Played(await PlayAsync(fixture.NewUser())));
        await fixture.ExecuteAsync("UPDATE plays SET counted_at = counted_at - interval '30 minutes' WHERE generation_id = $1 AND user_id = $2", track, user);
        Assert.Equal((true, 3), Played(await PlayAsync(user)));
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<TrackPlayed>().Where(e => e.GenerationId == track && e.OwnerId == owner)
            .Select(e => e.Plays).Distinct().Order().SequenceEqual([1L, 2L, 3L])), "each counted play is told");

        async Task<JsonNode> PlayAsync(Guid? listener) =>
            await (await (listener is { } id ? fixture.Pool.Client(id) : fixture.Pool.Client())
                .PostAsync($"/api/community/pool/{track}/play", null)).JsonAsync();

        static (bool, long) Played(JsonNode play) => ((bool)play["counted"]!, (long)play["plays"]!);
    }

    [Fact]
    public async Task HiddenTrack_IsHeardByItsClaimerAlone_UnlessItIsIllegal()
    {
        var (owner, claimer, genre) = (fixture.NewUser(), fixture.NewUser(), PoolFixture.NewGenre());
        var track = (await fixture.ContributeAsync(owner, genre)).GenerationId;
        await fixture.ExecuteAsync("UPDATE tracks SET claimed_by = $2, claimed_at = contributed_at WHERE generation_id = $1", track,
            claimer);

        await fixture.ApplyAsync<OnTrackModerated, TrackHidden>(new TrackHidden
        {
            GenerationId = track,
            UserId = owner,
            Reason = "too loud",
            Sequence = 4
        });
        await (await fixture.Pool.Client(claimer).PostAsync($"/api/community/pool/{track}/play", null)).JsonAsync();
        await (await fixture.Pool.Client(owner).PostAsync($"/api/community/pool/{track}/play", null)).IsProblemAsync(404, "not-found");
        await fixture.ApplyAsync<OnTrackModerated, TrackHidden>(new TrackHidden
        {
            GenerationId = track,
            UserId = owner,
            Reason = ModerateTrack.Illegal,
            Sequence = 5
        });
        await (await fixture.Pool.Client(claimer).PostAsync($"/api/community/pool/{track}/play", null)).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task LikesOfAYoungAccount_CountInTheRankingOnceItIsADayOld()
    {
        var (owner, young, genre) = (fixture.NewUser(), fixture.NewUser(TimeSpan.FromHours(23)), PoolFixture.NewGenre());
        var track = (await fixture.ContributeAsync(owner, genre)).GenerationId;
        await (await fixture.Pool.Client(young).PutAsync($"/api/community/pool/{track}/like", null)).JsonAsync();
        Assert.Equal((1, 0), await CountersAsync(track));

        await fixture.ExecuteAsync("UPDATE likes SET counts_from = counts_from - interval '1 hour' WHERE generation_id = $1", track);
        await fixture.Pool.Services.GetRequiredService<LikeMaturity>().MatureAsync(CancellationToken.None);
        Assert.Equal((1, 1), await CountersAsync(track));

        await (await fixture.Pool.Client(young).DeleteAsync($"/api/community/pool/{track}/like")).JsonAsync();
        Assert.Equal((0, 0), await CountersAsync(track));
    }

    private async Task<(int, int)> CountersAsync(Guid track) => (
        await fixture.ScalarAsync<int>("SELECT likes FROM tracks WHERE generation_id = $1", track),
        await fixture.ScalarAsync<int>("SELECT ranked_likes FROM tracks WHERE generation_id = $1", track));

    private async Task<Guid> CompletedAsync(Guid owner, Visibility visibility)
    {
        var track = fixture.Completed(owner) with { Allowance = Allowance.Free, Visibility = visibility };
        await fixture.CompleteAsync(track);
        return track.GenerationId;
    }

    private Task EventuallyHeardAsync(Guid track, Guid user, bool liked, int likes, Guid owner) => Eventually.TrueAsync(
        () => Task.FromResult(fixture.Bus.Heard<TrackLiked>()
        .Any(e => e.GenerationId == track && e.UserId == user && e.OwnerId == owner && e.Liked == liked && e.Likes == likes
        && e.Sequence > 0)), "it is announced");

    private static (bool, int) Of(JsonNode like) => ((bool)like["liked"]!, (int)like["likes"]!);
}
