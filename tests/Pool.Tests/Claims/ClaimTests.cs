using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Claims;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Members;
using Son1kVers3.Pool.Tests.Hosting;
using Son1kVers3.Testing;

namespace Son1kVers3.Pool.Tests.Claims;

[Collection(SharedPool.Name)]
[Trait("Category", "Integration")]
public sealed class ClaimTests(PoolFixture fixture)
{
    [Fact]
    public async Task Claim_GivesACopyUnderTheContributorsName_AndTakesTheTrackFromTheList()
    {
        var (owner, user, genre) = (fixture.NewUser(), fixture.NewUser(), PoolFixture.NewGenre());
        await fixture.ApplyAsync<OnProfile, ProfileUpdated>(new ProfileUpdated
        {
            UserId = owner,
            Username = "ana",
            DisplayName = "Ana",
            AlvaeId = "ALVAE-042",
            Border = "#00FFE7",
            Sequence = 2
        });
        await fixture.ApplyAsync<OnAlvae, AlvaeGranted>(new AlvaeGranted { UserId = owner, AlvaeId = "ALVAE-042", Level = AlvaeLevel.Tester, Sequence = 1 });
        var track = await fixture.ContributeAsync(owner, genre, Quality.Ultra);

        var claimed = await (await ClaimAsync(user, genre)).JsonAsync(201);

        Assert.Equal((track.GenerationId, 2, true, false),
            ((Guid)claimed["generationId"]!, (int)claimed["claimsRemaining"]!, (bool)claimed["claimed"]!, (bool)claimed["mine"]!));
        Assert.Equal("""{"username":"ana","displayName":"Ana","alvae":"TESTER","border":"#00FFE7"}""",
            claimed["artist"]!.ToJsonString());
        Assert.Empty((await fixture.GetAsync($"/api/community/pool?genre={genre}"))["items"]!.AsArray());
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<TrackClaimed>()
            .Any(e => e.GenerationId == track.GenerationId && e.ClaimedBy == user && e.ContributedBy == owner && e.Title == track.Title
            && e.Sequence > 0)),
            "the claim is announced");
        var me = await fixture.GetAsync("/api/community/me", user);
        Assert.Equal((2, "2026-11-26T00:00:00+00:00"), ((int)me["claims"]!["remaining"]!, (string)me["claims"]!["resetAt"]!));
        // What was claimed can still be played and liked by everybody.
        await (await fixture.Pool.Client(fixture.NewUser()).PutAsync($"/api/community/pool/{track.GenerationId}/like", null)).JsonAsync();
    }

    [Fact]
    public async Task Claim_WhenTheDayIsSpent_WaitsForMidnight()
    {
        var (user, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
        for (var n = 0; n < 4; n++)
            await fixture.ContributeAsync(fixture.NewUser(), genre);
        for (var n = 0; n < 3; n++)
            await (await ClaimAsync(user, genre)).JsonAsync(201);

        var refused = await ClaimAsync(user, genre);

        Assert.Equal(TimeSpan.FromHours(12), refused.Headers.RetryAfter!.Delta);
        var problem = await refused.IsProblemAsync(429, "daily-claims-spent");
        Assert.Equal("2026-11-26T00:00:00+00:00", (string?)problem["resetAt"]);
        // The pool being empty besides is not what the member needs to hear.
        await (await ClaimAsync(user, PoolFixture.NewGenre())).IsProblemAsync(429, "daily-claims-spent");
    }

    [Fact]
    public async Task Claim_WhenTheMemberPaysOrHoldsABadge_IsForOthers_WhateverThePoolHolds()
    {
        var genre = PoolFixture.NewGenre();
        var (payer, granted, entitled) = (fixture.NewUser(), fixture.NewUser(), fixture.NewUser());
        await EntitleAsync(payer, Tier.Creator, null, 1);
        await fixture.ApplyAsync<OnAlvae, AlvaeGranted>(new AlvaeGranted
        {
            UserId = granted,
            AlvaeId = "ALVAE-007",
            Level = AlvaeLevel.Tester,
            Sequence = 2
        });
        await EntitleAsync(entitled, Tier.Free, AlvaeLevel.EarlyAdopter, 1);

        foreach (var user in (Guid[])[payer, granted, entitled])
        {
            await (await ClaimAsync(user, genre)).IsProblemAsync(403, "claims-are-for-free-tier");
            Assert.Equal(0, (int)(await fixture.GetAsync("/api/community/me", user))["claims"]!["remaining"]!);
        }

        // News that were overtaken change nothing; the newest do.
        await EntitleAsync(payer, Tier.Free, null, 3);
        await EntitleAsync(payer, Tier.Pro, null, 2);
        await fixture.ApplyAsync<OnAlvae, AlvaeRevoked>(new AlvaeRevoked
        {
            UserId = granted,
            AlvaeId = "ALVAE-007",
            Level = AlvaeLevel.Tester,
            Sequence = 3
        });
        await fixture.ApplyAsync<OnAlvae, AlvaeGranted>(new AlvaeGranted
        {
            UserId = granted,
            AlvaeId = "ALVAE-007",
            Level = AlvaeLevel.Tester,
            Sequence = 2
        });
        foreach (var user in (Guid[])[payer, granted])
            await (await ClaimAsync(user, genre)).IsProblemAsync(404, "pool-empty");
    }

    [Fact]
    public async Task Claim_WhenOnlyOnesOwnTracksAreThere_FindsThePoolEmpty_AndSaysWhenTheNextIsExpected()
    {
        var (owner, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
        await fixture.ContributeAsync(owner, genre);

        var problem = await (await ClaimAsync(owner, genre)).IsProblemAsync(404, "pool-empty");

        Assert.True((DateTimeOffset)problem["nextExpectedAt"]! > fixture.Clock.GetUtcNow());
        Assert.Equal(3, (int)(await fixture.GetAsync("/api/community/me", owner))["claims"]!["remaining"]!);
    }

    [Fact]
    public async Task Claim_WhenSentTwiceUnderOneKey_ClaimsOnceAndAnswersTheSame()
    {
        var (user, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
        await fixture.ContributeAsync(fixture.NewUser(), genre);
        await fixture.ContributeAsync(fixture.NewUser(), genre);
        var client = fixture.Pool.Client(user);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "once");

        var first = await (await client.PostAsJsonAsync("/api/community/pool/claim", new { genre })).JsonAsync(201);
        var again = await (await client.PostAsJsonAsync("/api/community/pool/claim", new { genre })).JsonAsync(201);

        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        Assert.Equal(1, await fixture.ScalarAsync<int>("SELECT used FROM claim_days WHERE user_id = $1", user));
        await (await client.PostAsJsonAsync("/api/community/pool/claim", new { genre = "other" }))
            .IsProblemAsync(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Claim_WhenRepeatedAfterItsArtistLeft_ShowsNoName_AndNoneIsKept()
    {
        var (owner, user, genre) = (fixture.NewUser(), fixture.NewUser(), PoolFixture.NewGenre());
        const string name = "leandro-who-leaves";
        await fixture.ApplyAsync<OnProfile, UserRegistered>(new UserRegistered { UserId = owner, Username = name, Email = "l@example.com", Sequence = 1 });
        await fixture.ContributeAsync(owner, genre);
        var client = fixture.Pool.Client(user);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "kept");
        var first = await (await client.PostAsJsonAsync("/api/community/pool/claim", new { genre })).JsonAsync(201);
        Assert.Equal(name, (string?)first["artist"]!["username"]);

        await fixture.ApplyAsync<OnUserDeleted, UserDeleted>(new UserDeleted { UserId = owner, Sequence = 9 });

        var repeated = await client.PostAsJsonAsync("/api/community/pool/claim", new { genre });
        Assert.Equal("true", Assert.Single(repeated.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal($"/api/wall/{(Guid)first["generationId"]!}", repeated.Headers.Location?.OriginalString);
        var again = await repeated.JsonAsync(201);
        Assert.Equal("deleted", (string?)again["artist"]!["username"]);
        first["artist"] = again["artist"]!.DeepClone();
        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        Assert.Equal(0, await fixture.ScalarAsync<long>(
            "SELECT count(*) FROM idempotency_keys WHERE position(convert_to($1, 'UTF8') IN body) > 0", name));
    }

    [Fact]
    public async Task Claim_WithoutABody_TakesAnyGenre_AndWithABrokenOneIs400()
    {
        await fixture.ContributeAsync(fixture.NewUser(), PoolFixture.NewGenre());

        await (await fixture.Pool.Client(fixture.NewUser()).PostAsync("/api/community/pool/claim", null)).JsonAsync(201);
        await (await fixture.Pool.Client(fixture.NewUser())
            .PostAsync("/api/community/pool/claim", new StringContent("{", null, "application/json")))
            .IsProblemAsync(400, "malformed-json");
        await (await fixture.Pool.Client(fixture.NewUser())
            .PostAsJsonAsync("/api/community/pool/claim", new { genre = new string('x', 101) })).IsProblemAsync(400, "validation");
        await (await fixture.Pool.Client().PostAsync("/api/community/pool/claim", null)).IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Claim_WhenAHundredRaceForSixtyTracksOverTwoReplicas_GivesEachTrackToOne()
    {
        var genre = PoolFixture.NewGenre();
        var tracks = await SeedAsync(genre, 60);
        var users = Enumerable.Range(0, 100).Select(_ => fixture.NewUser()).ToList();

        var answers = await Task.WhenAll(users.Select(async (user, n) =>
        {
            var replica = n % 2 == 0 ? fixture.Pool : fixture.Second;
            var answer = await replica.Client(user).PostAsJsonAsync("/api/community/pool/claim", new { genre });
            return (Status: (int)answer.StatusCode, Body: JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
        }));

        Assert.Equal(tracks.Order(), answers.Where(a => a.Status == 201).Select(a => (Guid)a.Body["generationId"]!).Order());
        Assert.Equal(40, answers.Count(a => a.Status == 404 && (string)a.Body["type"]! == "https://son1kvers3.dev/problems/pool-empty"));
        Assert.Equal(60,
            await fixture.ScalarAsync<long>("SELECT sum(used)::bigint FROM claim_days WHERE user_id = ANY($1)", users.ToArray()));
    }

    [Fact]
    public async Task Claim_WhenConnectionsAreKilledInTheMiddle_LeavesEachTrackWithOneClaimerOrNone_AndNoneIsLost()
    {
        var genre = PoolFixture.NewGenre();
        var tracks = await SeedAsync(genre, 30);
        var users = Enumerable.Range(0, 60).Select(_ => fixture.NewUser()).ToList();
        using var over = new CancellationTokenSource();
        var killer = KillAsync(over.Token);

        // Each claimer goes on under one key until there is an answer that is final, as a client would.
        var claimed = await Task.WhenAll(users.Select((user, n) =>
            ClaimUntilAnsweredAsync(n % 2 == 0 ? fixture.Pool : fixture.Second, user, genre)));
        await over.CancelAsync();
        await killer;

        Assert.Equal(tracks.Order(), claimed.OfType<Guid>().Order());
        Assert.Equal(30,
            await fixture.ScalarAsync<long>("SELECT sum(used)::bigint FROM claim_days WHERE user_id = ANY($1)", users.ToArray()));
        await Eventually.TrueAsync(
            () => Task.FromResult(tracks.All(t =>
            fixture.Bus.Heard<TrackClaimed>().Where(e => e.GenerationId == t).Select(e => e.EventId).Distinct().Count() == 1)),
            "each claim is announced, as one event");
    }

    [Fact]
    public async Task Claim_WhenInterruptedBeforeItsCommit_LeavesNothing_AndWhoWaitedGetsTheTrack()
    {
        var (first, second, genre) = (fixture.NewUser(), fixture.NewUser(), PoolFixture.NewGenre());
        var track = await fixture.ContributeAsync(fixture.NewUser(), genre);
        await using var scope = fixture.Pool.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PoolDb>();
        var transaction = await db.Database.BeginTransactionAsync();
        var held = await scope.ServiceProvider.GetRequiredService<ClaimDesk>()
            .TryAsync((NpgsqlConnection)db.Database.GetDbConnection(), first, genre, ClaimDraw.Any(0), CancellationToken.None);
        Assert.Equal(track.GenerationId, held.Card!.GenerationId);

        var waiting = ClaimAsync(second, genre);
        await transaction.RollbackAsync();

        Assert.Equal(track.GenerationId, (Guid)(await (await waiting).JsonAsync(201))["generationId"]!);
        Assert.Equal(3, (int)(await fixture.GetAsync("/api/community/me", first))["claims"]!["remaining"]!);
    }

    [Fact]
    public async Task Claim_OfOneMemberTenTimesAtOnce_GivesThree()
    {
        var (user, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
        await SeedAsync(genre, 10);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(n => (n % 2 == 0 ? fixture.Pool : fixture.Second).Client(user)
            .PostAsJsonAsync("/api/community/pool/claim", new { genre })));

        Assert.Equal(3, answers.Count(a => (int)a.StatusCode == 201));
        Assert.All(answers.Where(a => (int)a.StatusCode != 201), a => Assert.Equal(429, (int)a.StatusCode));
        Assert.Equal(3, await fixture.ScalarAsync<long>("SELECT count(*) FROM tracks WHERE claimed_by = $1", user));
    }

    [Fact]
    public async Task Claim_HandsOutOtherTracksThanTheNewestAndTheMostLiked()
    {
        var genre = PoolFixture.NewGenre();
        var tracks = await SeedAsync(genre, 300);
        // The later the newer, and the more liked.
        await fixture.ExecuteAsync(
            "UPDATE tracks SET likes = n, contributed_at = contributed_at + n * interval '1 minute' FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, n) WHERE generation_id = t.id", tracks.ToArray());
        var claimed = new List<Guid>();
        for (var n = 0; n < 20; n++)
        {
            var user = fixture.NewUser();
            for (var m = 0; m < 3; m++)
                claimed.Add((Guid)(await (await ClaimAsync(user, genre)).JsonAsync(201))["generationId"]!);
        }

        // By the leading ones alone all sixty would be among the last sixty; that fewer than six of sixty are not has a chance below one in
        // a billion.
        Assert.InRange(claimed.Count(id => tracks.IndexOf(id) < 240), 6, 60);
    }

    private async Task<List<Guid>> SeedAsync(string genre, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToList();
        await fixture.ExecuteAsync(
            """
            INSERT INTO tracks (generation_id, user_id, quality, title, genre, tempo, key, duration_seconds, completed_at, contributed_at,
                points, sequence, allowance)
            SELECT id, $2, 'High', 'Seeded', $3, 100, 'C major', 60, $4, $4, 2, 1, 'Paid' FROM unnest($1::uuid[]) AS id
            """,
            ids.ToArray(), fixture.NewUser(), genre, fixture.Clock.GetUtcNow());
        return ids;
    }

    private async Task<Guid?> ClaimUntilAnsweredAsync(ServiceHost<Program> replica, Guid user, string genre)
    {
        var client = replica.Client(user);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "claim");
        var begun = Environment.TickCount64;
        while (true)
        {
            var answer = await client.PostAsJsonAsync("/api/community/pool/claim", new { genre });
            if ((int)answer.StatusCode == 201)
                return (Guid)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["generationId"]!;
            if ((int)answer.StatusCode == 404)
                return null;
            Assert.True(Environment.TickCount64 - begun < 120_000, $"No answer but {(int)answer.StatusCode}");
            await Task.Delay(50);
            // The stored marker of an attempt that died is taken over after a minute: here it is that minute later.
            await fixture.ExecuteAsync("UPDATE idempotency_keys SET locked_until = created_at - interval '1 second' WHERE user_id = $1 AND status IS NULL", user);
        }
    }

    /// <summary>Cuts connections of both replicas wherever they are.</summary>
    private async Task KillAsync(CancellationToken cancellationToken)
    {
        for (var n = 0; n < 15 && !cancellationToken.IsCancellationRequested; n++)
        {
            await fixture.ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND query LIKE '%claim_days%' AND random() < 0.5");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private Task<HttpResponseMessage> ClaimAsync(Guid user, string genre) =>
        fixture.Pool.Client(user).PostAsJsonAsync("/api/community/pool/claim", new { genre });

    private Task EntitleAsync(Guid user, Tier tier, AlvaeLevel? alvae, long sequence) =>
        fixture.ApplyAsync<OnEntitlementChanged, EntitlementChanged>(new EntitlementChanged
        {
            UserId = user,
            Tier = tier,
            Alvae = alvae,
            Allowance = alvae is not null ? Allowance.Alvae : tier == Tier.Free ? Allowance.Free : Allowance.Paid,
            Limit = 50,
            Qualities = [Quality.Standard],
            Stems = false,
            ApiKeys = false,
            Sequence = sequence,
        });
}
