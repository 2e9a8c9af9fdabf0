using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Contributions;
using Son1kVers3.Pool.Exports;
using Son1kVers3.Pool.Likes;
using Son1kVers3.Pool.Members;
using Son1kVers3.Pool.Tests.Hosting;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.Testing;

namespace Son1kVers3.Pool.Tests.Members;

[Collection(SharedPool.Name)]
[Trait("Category", "Integration")]
public sealed class MemberTests(PoolFixture fixture)
{
    [Fact]
    public async Task UserDeleted_KeepsTheContributionUnderNoName_AndTakesLikesAndPlaysAway()
    {
        var (gone, other, genre) = (fixture.NewUser(), fixture.NewUser(), PoolFixture.NewGenre());
        await fixture.ApplyAsync<OnProfile, UserRegistered>(new UserRegistered
        {
            UserId = gone,
            Username = "ana",
            Email = "ana@example.com",
            Sequence = 1
        });
        await fixture.ContributeAsync(gone, genre);
        var liked = (await fixture.ContributeAsync(other, genre)).GenerationId;
        await (await fixture.Pool.Client(gone).PutAsync($"/api/community/pool/{liked}/like", null)).JsonAsync();
        await (await fixture.Pool.Client(gone).PostAsync($"/api/community/pool/{liked}/play", null)).JsonAsync();

        await fixture.ApplyAsync<OnUserDeleted, UserDeleted>(new UserDeleted { UserId = gone, Sequence = 9 });
        // A name that comes late does not come back.
        await fixture.ApplyAsync<OnProfile, ProfileUpdated>(new ProfileUpdated { UserId = gone, Username = "ana", Sequence = 8 });
        await fixture.Pool.Services.GetRequiredService<ErasureWorker>().EraseAllAsync(CancellationToken.None);

        var cards = (await fixture.GetAsync($"/api/community/pool?genre={genre}"))["items"]!.AsArray();
        Assert.Equal(["deleted"], cards.Select(c => (string?)c!["artist"]!["username"]).OfType<string>());
        await Eventually.TrueAsync(async () =>
            await fixture.ScalarAsync<long>("SELECT count(*) FROM likes WHERE user_id = $1", gone) == 0, "the likes are gone");
        Assert.Equal(0, await fixture.ScalarAsync<int>("SELECT likes FROM tracks WHERE generation_id = $1", liked));
        await Eventually.TrueAsync(async () =>
            await fixture.ScalarAsync<long>("SELECT count(*) FROM plays WHERE user_id = $1", gone) == 0, "the plays are gone");
        await Eventually.TrueAsync(() =>
            Task.FromResult(fixture.Bus.Heard<TrackLiked>()
            .Any(e => e.GenerationId == liked && e.UserId == gone && e is { Liked: false, Likes: 0 })), "others hear of it");
    }

    [Fact]
    public async Task UserDeleted_LeavesNothingPersonalInTheDatabase_ButItsIdWhereItsContributionsStand()
    {
        var (gone, other, genre) = (fixture.NewUser(), fixture.NewUser(), PoolFixture.NewGenre());
        const string name = "marisol-the-forgotten";
        await fixture.ApplyAsync<OnProfile, UserRegistered>(new UserRegistered
        {
            UserId = gone,
            Username = name,
            Email = $"{name}@example.com",
            Sequence = 1,
        });
        await fixture.ApplyAsync<OnProfile, ProfileUpdated>(new ProfileUpdated { UserId = gone, Username = name, DisplayName = name, Sequence = 2 });
        var client = fixture.Pool.Client(gone);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "kept");
        var own = fixture.Completed(gone, genre) with { Allowance = Allowance.Free };
        var leftOut = fixture.Completed(gone, genre) with { Title = name };
        await fixture.CompleteAsync(own);
        await fixture.CompleteAsync(leftOut);
        await (await client.PostAsJsonAsync("/api/community/contribute", new { own.GenerationId })).JsonAsync(201);
        var liked = (await fixture.ContributeAsync(other, genre)).GenerationId;
        await (await client.PutAsync($"/api/community/pool/{liked}/like", null)).JsonAsync();
        await (await client.PostAsync($"/api/community/pool/{liked}/play", null)).JsonAsync();
        await (await client.PostAsJsonAsync("/api/community/pool/claim", new { genre })).JsonAsync(201);
        await fixture.RankAsync();

        await fixture.ApplyAsync<OnUserDeleted, UserDeleted>(new UserDeleted { UserId = gone, Sequence = 9 });
        await fixture.Pool.Services.GetRequiredService<ErasureWorker>().EraseAllAsync(CancellationToken.None);
        // Generation deletes the other tracks when it comes to them.
        await fixture.ApplyAsync<OnGenerationDeleted, GenerationDeleted>(
            new GenerationDeleted { GenerationId = leftOut.GenerationId, UserId = gone, Bytes = 0, Sequence = 9 });
        await fixture.Pool.Services.GetRequiredService<ErasureWorker>().EraseAllAsync(CancellationToken.None);
        await fixture.RankAsync();

        await Eventually.TrueAsync(async () => await fixture.Database.TablesThatHoldAsync(name) is [], "the name and the address are gone");
        // A row that says that the account is gone, and its contributions.
        await Eventually.TrueAsync(
            async () => (await fixture.Database.TablesThatHoldAsync($"{gone}")).Except(["members", "tracks"]).ToList() is [], "so is the id elsewhere");
    }

    [Fact]
    public async Task EventsOfATrack_InWhateverOrder_LeaveTheSame()
    {
        var owner = fixture.NewUser();
        var completed = fixture.Completed(owner) with { Allowance = Allowance.Free, Visibility = Visibility.Public };
        var id = completed.GenerationId;
        var moves = new List<Func<Task>>
        {
            () => fixture.CompleteAsync(completed with { GenerationId = id }),
            () => fixture.ApplyAsync<OnGenerationUpdated, GenerationUpdated>(new GenerationUpdated { GenerationId = id, UserId = owner,
            Title = "First", Visibility = Visibility.Unlisted, Bytes = 1, Sequence = 4 }),
            () => fixture.ApplyAsync<OnGenerationUpdated, GenerationUpdated>(new GenerationUpdated { GenerationId = id, UserId = owner,
            Title = "Last", Visibility = Visibility.Private, Bytes = 1, Sequence = 6 }),
            () => fixture.ApplyAsync<OnTrackModerated, TrackHidden>(new TrackHidden { GenerationId = id, UserId = owner, Reason = "spam",
            Sequence = 5 }),
            () => fixture.ApplyAsync<OnTrackModerated, TrackRestored>(new TrackRestored { GenerationId = id, UserId = owner,
            Sequence = 7 }),
        };
        foreach (var order in (int[][])[[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1, 3, 2]])
        {
            id = Guid.CreateVersion7();
            foreach (var move in order)
                await moves[move]();

            Assert.Equal("Last Private false",
                await fixture.ScalarAsync<string>("SELECT title || ' ' || visibility || ' ' || hidden FROM tracks WHERE generation_id = $1",
                id));
        }
    }

    [Fact]
    public async Task GenerationDeleted_TakesItsLikesAndPlaysAlong()
    {
        var (owner, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
        var track = (await fixture.ContributeAsync(owner, genre)).GenerationId;
        await (await fixture.Pool.Client(fixture.NewUser()).PutAsync($"/api/community/pool/{track}/like", null)).JsonAsync();

        await fixture.ApplyAsync<OnGenerationDeleted, GenerationDeleted>(new GenerationDeleted
        {
            GenerationId = track,
            UserId = owner,
            Bytes = 0,
            Sequence = 9
        });
        await fixture.Pool.Services.GetRequiredService<ErasureWorker>().EraseAllAsync(CancellationToken.None);

        await Eventually.TrueAsync(async () =>
            await fixture.ScalarAsync<long>("SELECT count(*) FROM likes WHERE generation_id = $1", track) == 0, "the likes are gone");
        Assert.Equal(0, await fixture.ScalarAsync<int>("SELECT likes FROM tracks WHERE generation_id = $1", track));
        await (await fixture.Pool.Client(fixture.NewUser()).PostAsync($"/api/community/pool/{track}/play", null))
            .IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task ExportRequested_HandsOverContributionsLikesAndPlays_InPartsThatAreNotTooLarge()
    {
        var (user, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
        var track = (await fixture.ContributeAsync(user, genre)).GenerationId;
        var liked = (await fixture.ContributeAsync(fixture.NewUser(), genre)).GenerationId;
        await (await fixture.Pool.Client(user).PutAsync($"/api/community/pool/{liked}/like", null)).JsonAsync();
        await fixture.ExecuteAsync(
            "INSERT INTO plays (generation_id, user_id, counted_at) SELECT gen_random_uuid(), $1, now() FROM generate_series(1, 3000)",
            user);
        var export = Guid.CreateVersion7();

        await fixture.ApplyAsync<OnExportRequested, ExportRequested>(new ExportRequested
        {
            ExportId = export,
            UserId = user,
            Sequence = 1
        });

        await Eventually.TrueAsync(() =>
            Task.FromResult(Parts().Any(p => p.Last) && Parts().Count == Parts().Single(p => p.Last).Index + 1), "every part has come");
        Assert.True(Parts().Count > 1);
        Assert.All(Parts(), p => Assert.True(JsonSerializer.SerializeToUtf8Bytes(p).Length <= 256_000));
        var items = Parts().SelectMany(p => JsonNode.Parse(p.Json)!.AsArray()).ToList();
        Assert.Equal(3000, items.Count(i => (string)i!["kind"]! == "play"));
        Assert.Contains(items, i => (string)i!["kind"]! == "contribution" && (Guid)i["generationId"]! == track);
        Assert.Contains(items, i => (string)i!["kind"]! == "like" && (Guid)i["generationId"]! == liked);

        List<ExportPart> Parts() => [.. fixture.Bus.Heard<ExportPart>().Where(p => p.ExportId == export).DistinctBy(p => p.Index)];
    }
}
