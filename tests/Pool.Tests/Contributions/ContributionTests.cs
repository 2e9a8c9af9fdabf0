using System.Net.Http.Json;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Contributions;
using Son1kVers3.Pool.Tests.Hosting;
using Son1kVers3.Testing;

namespace Son1kVers3.Pool.Tests.Contributions;

[Collection(SharedPool.Name)]
[Trait("Category", "Integration")]
public sealed class ContributionTests(PoolFixture fixture)
{
    [Fact]
    public async Task Completions_WhenTwentyOfThePaidAllowance_ContributeExactlyTheOneThatCrossedTheThreshold()
    {
        var user = fixture.NewUser();
        var tracks = Enumerable.Range(0, 20).Select(_ => fixture.Completed(user)).ToList();
        foreach (var track in tracks.Take(19))
            await fixture.Bus.PublishAsync(track);
        await CountedAsync(user, 19);
        Assert.Equal(0, await ContributionsAsync(user));

        await fixture.Bus.PublishAsync(tracks[19]);

        await CountedAsync(user, 20);
        Assert.Equal(tracks[19].GenerationId,
            await fixture.ScalarAsync<Guid>("SELECT generation_id FROM tracks WHERE user_id = $1 AND contributed_at IS NOT NULL", user));
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<TrackContributed>()
            .Any(e => e.GenerationId == tracks[19].GenerationId && e is { Automatic: true, Points: 2 })), "the contribution is announced");
        var me = await fixture.GetAsync("/api/community/me", user);
        Assert.Equal((20, 1, 0, 20, 2),
            ((int)me["completedPaid"]!, (int)me["contributed"]!, (int)me["owed"]!, (int)me["nextIn"]!, (int)me["points"]!));
        Assert.Equal(tracks[19].GenerationId, (Guid)me["latest"]!["generationId"]!);
    }

    [Fact]
    public async Task Completions_WhenRedeliveredAndConcurrent_AreCountedOnce()
    {
        var user = fixture.NewUser();
        var tracks = Enumerable.Range(0, 60).Select(_ => fixture.Completed(user)).ToList();

        // The second round comes with other message ids, as a track published anew does.
        await Task.WhenAll(tracks.Concat(tracks.Select(t => t with { EventId = Guid.CreateVersion7() })).Concat(tracks)
            .Select(fixture.Bus.PublishAsync));

        await CountedAsync(user, 60);
        await Eventually.TrueAsync(async () => await ContributionsAsync(user) == 3, "three are contributed");
    }

    [Fact]
    public async Task Completions_OfFreeAndAlvaeAllowances_DoNotCount()
    {
        var user = fixture.NewUser();
        for (var i = 0; i < 25; i++)
            await fixture.CompleteAsync(fixture.Completed(user) with { Allowance = i % 2 == 0 ? Allowance.Free : Allowance.Alvae });

        Assert.Equal(0, await ContributionsAsync(user));
        Assert.Equal(0, (int)(await fixture.GetAsync("/api/community/me", user))["completedPaid"]!);
    }

    [Fact]
    public async Task Completion_WhenTheCrossingTrackCannotBeContributed_ContributesTheNewestThatCan()
    {
        var user = fixture.NewUser();
        var tracks = Enumerable.Range(0, 20)
            .Select(n => fixture.Completed(user) with { OccurredAt = fixture.Clock.GetUtcNow().AddMinutes(n) }).ToList();
        // The twentieth to be heard of is the tenth made, and not the newest.
        var crossing = tracks[10];
        foreach (var track in tracks.Where(t => t != crossing))
            await fixture.CompleteAsync(track);
        await fixture.ExecuteAsync("UPDATE tracks SET withdrawn = true WHERE generation_id = $1", tracks[19].GenerationId);
        await fixture.ApplyAsync<OnGenerationDeleted, GenerationDeleted>(
            new GenerationDeleted { GenerationId = crossing.GenerationId, UserId = user, Bytes = 0, Sequence = 9 });

        await fixture.CompleteAsync(crossing);

        Assert.Equal(tracks[18].GenerationId,
            await fixture.ScalarAsync<Guid>("SELECT generation_id FROM tracks WHERE user_id = $1 AND contributed_at IS NOT NULL", user));
    }

    [Fact]
    public async Task Completion_AfterAHandContribution_StillOwesItsShare()
    {
        var user = fixture.NewUser();
        var tracks = Enumerable.Range(0, 20).Select(_ => fixture.Completed(user)).ToList();
        foreach (var track in tracks.Take(19))
            await fixture.CompleteAsync(track);
        await (await ContributeAsync(user, tracks[3].GenerationId)).JsonAsync(201);

        await fixture.CompleteAsync(tracks[19]);

        var me = await fixture.GetAsync("/api/community/me", user);
        Assert.Equal((1, 1, 0, 4), ((int)me["contributed"]!, (int)me["contributedByHand"]!, (int)me["owed"]!, (int)me["points"]!));
    }

    [Fact]
    public async Task Completions_WhenNothingCanBeContributed_OweItToTheNextTrack()
    {
        var user = fixture.NewUser();
        var tracks = Enumerable.Range(0, 21).Select(_ => fixture.Completed(user)).ToList();
        foreach (var track in tracks.Take(20))
        {
            Assert.True((await fixture.MayDeleteAsync(track.GenerationId, user)).Allowed);
            await fixture.CompleteAsync(track);
        }

        Assert.Equal(0, await ContributionsAsync(user));
        Assert.Equal(1, (int)(await fixture.GetAsync("/api/community/me", user))["owed"]!);

        await fixture.CompleteAsync(tracks[20]);
        Assert.Equal(tracks[20].GenerationId,
            await fixture.ScalarAsync<Guid>("SELECT generation_id FROM tracks WHERE user_id = $1 AND contributed_at IS NOT NULL", user));
        Assert.Equal(0, (int)(await fixture.GetAsync("/api/community/me", user))["owed"]!);
    }

    [Fact]
    public async Task MayDelete_SaysOwedForAutomaticOnes_ClaimedForClaimedOnes_AndLetsHandContributionsGoWithTheirPoints()
    {
        var (user, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
        var tracks = Enumerable.Range(0, 20).Select(_ => fixture.Completed(user, genre)).ToList();
        foreach (var track in tracks)
            await fixture.CompleteAsync(track);
        var byHand = tracks[5].GenerationId;
        await (await ContributeAsync(user, byHand)).JsonAsync(201);

        Assert.Equal((false, "owed-to-pool"), Of(await fixture.MayDeleteAsync(tracks[19].GenerationId, user)));
        Assert.Equal(4, (int)(await fixture.GetAsync("/api/community/me", user))["points"]!);
        Assert.Equal((true, null), Of(await fixture.MayDeleteAsync(byHand, user)));
        Assert.Equal(2, (int)(await fixture.GetAsync("/api/community/me", user))["points"]!);
        await (await fixture.Pool.Client(fixture.NewUser()).PostAsJsonAsync("/api/community/pool/claim", new { genre })).JsonAsync(201);
        Assert.Equal((false, "claimed"), Of(await fixture.MayDeleteAsync(tracks[19].GenerationId, user)));

        static (bool, string?) Of(DeletionDecision decision) => (decision.Allowed, decision.Denial);
    }

    [Fact]
    public async Task Contribute_Refuses_WhatIsNotThere_WhatIsNotOnesOwn_AndWhatIsInThePool()
    {
        var (user, other, genre) = (fixture.NewUser(), fixture.NewUser(), PoolFixture.NewGenre());
        var hidden = fixture.Completed(other) with { Allowance = Allowance.Free };
        await fixture.CompleteAsync(hidden);
        var shown = await fixture.ContributeAsync(other, genre);
        var own = await fixture.ContributeAsync(user, genre);

        await (await fixture.Pool.Client().PostAsJsonAsync("/api/community/contribute", new { generationId = Guid.CreateVersion7() }))
            .IsProblemAsync(401, "unauthorized");
        await (await ContributeAsync(user, Guid.CreateVersion7())).IsProblemAsync(404, "not-found");
        await (await ContributeAsync(user, hidden.GenerationId)).IsProblemAsync(404, "not-found");
        await (await ContributeAsync(user, shown.GenerationId)).IsProblemAsync(403, "not-your-track");
        await (await ContributeAsync(user, own.GenerationId)).IsProblemAsync(409, "already-contributed");
        var invalid = await (await fixture.Pool.Client(user).PostAsJsonAsync("/api/community/contribute", new { }))
            .IsProblemAsync(400, "validation");
        Assert.NotNull(invalid["errors"]!["generationId"]);
    }

    [Fact]
    public async Task Contribute_WhatWasMadeFromAnotherMembersTrack_IsRefused_OverHoweverManyRemixes_AndFromOnesOwnIsNot()
    {
        var (user, other) = (fixture.NewUser(), fixture.NewUser());
        var theirs = fixture.Completed(other) with { Allowance = Allowance.Free, Visibility = Visibility.Public };
        var own = fixture.Completed(user) with { Allowance = Allowance.Free };
        var ownRemix = fixture.Completed(user) with { Allowance = Allowance.Free, ParentId = own.GenerationId };
        var remix = fixture.Completed(user) with { Allowance = Allowance.Free, ParentId = theirs.GenerationId };
        var remixOfIt = fixture.Completed(user) with { Allowance = Allowance.Free, ParentId = remix.GenerationId };
        // The parent is heard of last.
        foreach (var track in (GenerationCompleted[])[remixOfIt, remix, ownRemix, own, theirs])
            await fixture.CompleteAsync(track);

        await (await ContributeAsync(user, remix.GenerationId)).IsProblemAsync(403, "not-your-track");
        await (await ContributeAsync(user, remixOfIt.GenerationId)).IsProblemAsync(403, "not-your-track");
        await (await ContributeAsync(user, own.GenerationId)).JsonAsync(201);
        await (await fixture.Pool.Client(user).PostAsJsonAsync($"/api/community/pool/{own.GenerationId}/swap", new { remix.GenerationId }))
            .IsProblemAsync(403, "not-your-track");
        await (await ContributeAsync(user, ownRemix.GenerationId)).JsonAsync(201);
    }

    [Fact]
    public async Task Completion_OfARemixThatCrossesTheThreshold_IsContributed_ForItWasPaidFor()
    {
        var user = fixture.NewUser();
        var theirs = fixture.Completed(fixture.NewUser()) with { Allowance = Allowance.Free, Visibility = Visibility.Public };
        await fixture.CompleteAsync(theirs);
        for (var n = 0; n < 19; n++)
            await fixture.CompleteAsync(fixture.Completed(user));
        var remix = fixture.Completed(user) with { ParentId = theirs.GenerationId };

        await fixture.CompleteAsync(remix);

        Assert.Equal(remix.GenerationId,
            await fixture.ScalarAsync<Guid>("SELECT generation_id FROM tracks WHERE user_id = $1 AND contributed_at IS NOT NULL", user));
    }

    [Fact]
    public async Task Contribute_WhenSentTwiceUnderOneKey_ContributesOnceAndAnswersTheSame()
    {
        var user = fixture.NewUser();
        var track = fixture.Completed(user) with { Allowance = Allowance.Free };
        await fixture.CompleteAsync(track);
        var client = fixture.Pool.Client(user);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "once");

        var first = await (await client.PostAsJsonAsync("/api/community/contribute", new { track.GenerationId })).JsonAsync(201);
        var again = await (await client.PostAsJsonAsync("/api/community/contribute", new { track.GenerationId })).JsonAsync(201);

        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        await (await client.PostAsJsonAsync("/api/community/contribute", new { generationId = Guid.CreateVersion7() }))
            .IsProblemAsync(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Swap_GivesThePlaceToTheOtherTrack_WithItsPointsAndTheOldTime_AndLikesStayWithTheirTrack()
    {
        var (user, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
        var old = await fixture.ContributeAsync(user, genre);
        await fixture.Pool.Client(fixture.NewUser()).PutAsync($"/api/community/pool/{old.GenerationId}/like", null);
        var better = fixture.Completed(user, genre, Quality.Ultra) with { Allowance = Allowance.Free };
        await fixture.CompleteAsync(better);

        var card = await (await SwapAsync(user, old.GenerationId, better.GenerationId)).JsonAsync(201);

        Assert.Equal((better.GenerationId, 3, 0), ((Guid)card["generationId"]!, (int)card["points"]!, (int)card["likes"]!));
        Assert.Equal(fixture.Clock.GetUtcNow(), (DateTimeOffset)card["contributedAt"]!);
        var items = (await fixture.GetAsync($"/api/community/pool?genre={genre}"))["items"]!.AsArray();
        Assert.Equal(better.GenerationId, (Guid)Assert.Single(items)!["generationId"]!);
        Assert.Equal(1, await fixture.ScalarAsync<int>("SELECT likes FROM tracks WHERE generation_id = $1", old.GenerationId));
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<TrackSwapped>()
            .Any(e => e.OldGenerationId == old.GenerationId && e.NewGenerationId == better.GenerationId && e.Points == 3)),
            "the swap is announced");
    }

    [Fact]
    public async Task Swap_WhenLowerInQuality_ClaimedOrLate_IsTooLate()
    {
        var (user, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
        var old = await fixture.ContributeAsync(user, genre);
        var (worse, equal) = (fixture.Completed(user, genre, Quality.Standard) with { Allowance = Allowance.Free },
            fixture.Completed(user, genre) with { Allowance = Allowance.Free });
        await fixture.CompleteAsync(worse);
        await fixture.CompleteAsync(equal);

        await (await SwapAsync(user, old.GenerationId, worse.GenerationId)).IsProblemAsync(409, "swap-too-late");
        await (await SwapAsync(fixture.NewUser(), old.GenerationId, equal.GenerationId)).IsProblemAsync(403, "not-your-track");
        await (await SwapAsync(user, equal.GenerationId, worse.GenerationId)).IsProblemAsync(404, "not-found");
        await fixture.ExecuteAsync("UPDATE tracks SET contributed_at = contributed_at - interval '24 hours 1 second' WHERE generation_id = $1", old.GenerationId);
        await (await SwapAsync(user, old.GenerationId, equal.GenerationId)).IsProblemAsync(409, "swap-too-late");
        await fixture.ExecuteAsync("UPDATE tracks SET contributed_at = contributed_at + interval '1 hour' WHERE generation_id = $1",
            old.GenerationId);
        await (await fixture.Pool.Client(fixture.NewUser()).PostAsJsonAsync("/api/community/pool/claim", new { genre })).JsonAsync(201);
        await (await SwapAsync(user, old.GenerationId, equal.GenerationId)).IsProblemAsync(409, "swap-too-late");
    }

    [Fact]
    public async Task GenerationDeleted_WhenItTakesAnAutomaticContribution_OwesItAgain()
    {
        var user = fixture.NewUser();
        var tracks = Enumerable.Range(0, 20).Select(_ => fixture.Completed(user)).ToList();
        foreach (var track in tracks)
            await fixture.CompleteAsync(track);

        await fixture.ApplyAsync<OnGenerationDeleted, GenerationDeleted>(new GenerationDeleted
        {
            GenerationId = tracks[19].GenerationId,
            UserId = user,
            Bytes = 1,
            Sequence = 9
        });

        var me = await fixture.GetAsync("/api/community/me", user);
        Assert.Equal((0, 1, 0), ((int)me["contributed"]!, (int)me["owed"]!, (int)me["points"]!));
    }

    private Task<HttpResponseMessage> ContributeAsync(Guid user, Guid track) =>
        fixture.Pool.Client(user).PostAsJsonAsync("/api/community/contribute", new { generationId = track });

    private Task<HttpResponseMessage> SwapAsync(Guid user, Guid old, Guid other) =>
        fixture.Pool.Client(user).PostAsJsonAsync($"/api/community/pool/{old}/swap", new { generationId = other });

    private Task CountedAsync(Guid user, long completed) => Eventually.TrueAsync(
        async () => await fixture.ScalarAsync<long>(
            "SELECT completed FROM contributors WHERE user_id = $1", user) == completed, $"{completed} completions are counted");

    private Task<long> ContributionsAsync(Guid user) =>
        fixture.ScalarAsync<long>("SELECT count(*) FROM tracks WHERE user_id = $1 AND contributed_at IS NOT NULL", user);
}
