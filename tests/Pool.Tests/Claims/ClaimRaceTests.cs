using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Contributions;
using Son1kVers3.Pool.Members;
using Son1kVers3.Pool.Tests.Hosting;

namespace Son1kVers3.Pool.Tests.Claims;

/// <summary>A claim at one replica, and at the same moment something at the other that concerns its track or its claimer.</summary>
[Collection(SharedPool.Name)]
[Trait("Category", "Integration")]
public sealed class ClaimRaceTests(PoolFixture fixture)
{
    private const int Rounds = 20;

    [Fact]
    public async Task Claim_RacingASwap_GetsTheTrackThatIsInThePool_AndTheSwapIsWholeOrTooLate()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (artist, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
            var old = (await fixture.ContributeAsync(artist, genre)).GenerationId;
            var other = fixture.Completed(artist, genre) with { Allowance = Allowance.Free };
            await fixture.CompleteAsync(other);

            var claiming = ClaimAsync(fixture.NewUser(), genre);
            var swapping = fixture.Second.Client(artist).PostAsJsonAsync($"/api/community/pool/{old}/swap", new { other.GenerationId });
            var (claim, swap) = (await claiming, await swapping);

            Assert.Equal(201, claim.Status);
            if ((int)swap.StatusCode == 201)
                Assert.Equal(other.GenerationId, claim.Track);
            else
            {
                await swap.IsProblemAsync(409, "swap-too-late");
                Assert.Equal(old, claim.Track);
            }

            Assert.Equal(claim.Track, await InPoolAsync(artist));
        }
    }

    [Fact]
    public async Task Claim_RacingADeletion_EitherKeepsTheTrackForEver_OrFindsNone()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (artist, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
            var track = (await fixture.ContributeAsync(artist, genre)).GenerationId;

            var claiming = ClaimAsync(fixture.NewUser(), genre);
            var deciding = fixture.MayDeleteAsync(track, artist);
            var (claim, decision) = (await claiming, await deciding);

            Assert.Equal(claim.Status == 201 ? (false, "claimed") : (true, null), (decision.Allowed, decision.Denial));
            Assert.Equal(claim.Status == 201 ? track : Guid.Empty, await InPoolAsync(artist));
        }
    }

    [Fact]
    public async Task Claim_RacingTheArtistsDeletion_GetsTheTrackUnderNoName_OrUnderTheOldOne()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (artist, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
            await fixture.ApplyAsync<OnProfile, UserRegistered>(new UserRegistered
            {
                UserId = artist,
                Username = "ana",
                Email = "ana@example.com",
                Sequence = 1,
            });
            var track = (await fixture.ContributeAsync(artist, genre)).GenerationId;

            var claiming = ClaimAsync(fixture.NewUser(), genre);
            var deleting = fixture.ApplyAsync<OnUserDeleted, UserDeleted>(new UserDeleted { UserId = artist, Sequence = 9 }, fixture.Second);
            var claim = await claiming;
            await deleting;

            Assert.Equal((201, track), (claim.Status, claim.Track));
            Assert.Contains(claim.Artist, (string[])["ana", "deleted"]);
        }
    }

    [Fact]
    public async Task Claim_RacingAnUpgrade_IsWholeOrForOthers()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (user, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
            await fixture.ContributeAsync(fixture.NewUser(), genre);
            await fixture.ContributeAsync(fixture.NewUser(), genre);

            var claiming = ClaimAsync(user, genre);
            await fixture.ApplyAsync<OnEntitlementChanged, EntitlementChanged>(new EntitlementChanged
            {
                UserId = user,
                Tier = Tier.Pro,
                Allowance = Allowance.Paid,
                Qualities = [Quality.Standard],
                Stems = true,
                ApiKeys = true,
                Sequence = 2,
            }, fixture.Second);
            var claim = await claiming;

            Assert.Contains(claim.Status, (int[])[201, 403]);
            Assert.Equal(claim.Status == 201 ? 1 : 0, await fixture.ScalarAsync<long>("SELECT count(*) FROM tracks WHERE claimed_by = $1", user));
            Assert.Equal(403, (await ClaimAsync(user, genre)).Status);
        }
    }

    [Fact]
    public async Task Claim_RacingAHide_IsWholeOrFindsNone_AndAfterItNoneIsFound()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var genre = PoolFixture.NewGenre();
            var track = (await fixture.ContributeAsync(fixture.NewUser(), genre)).GenerationId;

            var claiming = ClaimAsync(fixture.NewUser(), genre);
            var hiding = fixture.Second.Client(fixture.NewUser(), "operator")
                .PostAsJsonAsync($"/api/admin/pool/{track}/hide", new { reason = "spam" });
            var claim = await claiming;
            await (await hiding).JsonAsync();

            Assert.Contains(claim.Status, (int[])[201, 404]);
            Assert.Equal(claim.Status == 201,
                await fixture.ScalarAsync<bool>("SELECT claimed_at IS NOT NULL FROM tracks WHERE generation_id = $1", track));
            Assert.Equal(404, (await ClaimAsync(fixture.NewUser(), genre)).Status);
        }
    }

    [Fact]
    public async Task Claim_InTheLastSecondOfADay_CountsForThatDay_AndTheNextSecondBringsThreeMore()
    {
        var noon = fixture.Clock.GetUtcNow();
        var (user, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
        for (var n = 0; n < 4; n++)
            await fixture.ContributeAsync(fixture.NewUser(), genre);
        try
        {
            fixture.Clock.Set(new DateTimeOffset(2026, 11, 25, 23, 59, 59, TimeSpan.Zero));
            for (var n = 0; n < 3; n++)
                Assert.Equal(201, (await ClaimAsync(user, genre)).Status);
            var refused = await fixture.Second.Client(user).PostAsJsonAsync("/api/community/pool/claim", new { genre });
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
            Assert.Equal("2026-11-26T00:00:00+00:00", (string?)(await refused.IsProblemAsync(429, "daily-claims-spent"))["resetAt"]);

            fixture.Clock.Set(new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.Zero));
            var claimed = await (await fixture.Pool.Client(user).PostAsJsonAsync("/api/community/pool/claim", new { genre })).JsonAsync(201);

            Assert.Equal((2, "2026-11-27T00:00:00+00:00"), ((int)claimed["claimsRemaining"]!, (string?)claimed["resetAt"]));
        }
        finally
        {
            fixture.Clock.Set(noon);
        }
    }

    private async Task<(int Status, Guid Track, string? Artist)> ClaimAsync(Guid user, string genre)
    {
        var answer = await fixture.Pool.Client(user).PostAsJsonAsync("/api/community/pool/claim", new { genre });
        var body = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        return (int)answer.StatusCode == 201
            ? (201, (Guid)body["generationId"]!, (string?)body["artist"]!["username"])
            : ((int)answer.StatusCode, Guid.Empty, null);
    }

    /// <summary>The member's one track in the pool, or none.</summary>
    private Task<Guid> InPoolAsync(Guid artist) =>
        fixture.ScalarAsync<Guid>("SELECT generation_id FROM tracks WHERE user_id = $1 AND contributed_at IS NOT NULL", artist);
}
