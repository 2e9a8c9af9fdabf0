using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Claims;
using Son1kVers3.Pool.Contributions;
using Son1kVers3.Pool.Members;
using Son1kVers3.Pool.Tests.Hosting;
using Son1kVers3.Pool.Tracks;

namespace Son1kVers3.Pool.Tests.Claims;

/// <summary>Claims beside a model, while tracks come, are hidden, restored and deleted and members change tier, in any order and
/// twice.</summary>
[Collection(SharedPool.Name)]
[Trait("Category", "Integration")]
public sealed class ClaimModelTests(PoolFixture fixture)
{
    private const int Tracks = 12;
    private const int Members = 5;

    private enum Step
    {
        Claim,
        Contribute,
        Hide,
        Restore,
        Delete,
        Upgrade,
        Downgrade,
    }

    [Fact]
    public void Claims_WhateverHappens_EndAsTheModelSays_AndNoTrackGoesTwice()
    {
        var step = Gen.Frequency([
            (10, Gen.Constant(Step.Claim)), (6, Gen.Constant(Step.Contribute)), (2, Gen.Constant(Step.Hide)),
                (2, Gen.Constant(Step.Restore)),
            (1, Gen.Constant(Step.Delete)), (1, Gen.Constant(Step.Upgrade)), (1, Gen.Constant(Step.Downgrade))]);
        var steps = step.Zip(Gen.Choose(0, Tracks - 1)).Zip(Gen.Choose(0, Members - 1)).Select(t => (t.Item1.Item1, t.Item1.Item2, t.Item2))
            .ArrayOf(60);
        Prop.ForAll(steps.ToArbitrary(), run => CheckAsync(run).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(15).WithEndSize(1));
    }

    private async Task<bool> CheckAsync((Step Step, int Track, int Member)[] run)
    {
        var genre = PoolFixture.NewGenre();
        var members = Enumerable.Range(0, Members).Select(_ => fixture.NewUser()).ToList();
        // Each track is of one of the members, so that nobody may claim some of them.
        var tracks = Enumerable.Range(0, Tracks)
            .Select(n => fixture.Completed(members[n % Members], genre) with { Allowance = Allowance.Free }).ToList();
        var (inPool, hidden, deleted, paid, claimed) = (new HashSet<int>(), new HashSet<int>(), new HashSet<int>(), new HashSet<int>(),
            new Dictionary<int, int>());
        var sequence = 10L;
        foreach (var track in tracks)
            await fixture.CompleteAsync(track);

        foreach (var (step, track, member) in run)
        {
            var (id, owner) = (tracks[track].GenerationId, tracks[track].UserId);
            sequence++;
            switch (step)
            {
                case Step.Contribute when !inPool.Contains(track) && !deleted.Contains(track) && !hidden.Contains(track):
                    await fixture.ExecuteAsync("UPDATE tracks SET contributed_at = $2, points = 2 WHERE generation_id = $1", id,
                        fixture.Clock.GetUtcNow());
                    inPool.Add(track);
                    break;
                case Step.Hide:
                    await fixture.ApplyAsync<OnTrackModerated, TrackHidden>(new TrackHidden
                    {
                        GenerationId = id,
                        UserId = owner,
                        Reason = "spam",
                        Sequence = sequence
                    });
                    hidden.Add(track);
                    // What comes late and is older than what is known changes nothing.
                    await fixture.ApplyAsync<OnTrackModerated, TrackRestored>(new TrackRestored
                    {
                        GenerationId = id,
                        UserId = owner,
                        Sequence = sequence - 1
                    });
                    break;
                case Step.Restore:
                    await fixture.ApplyAsync<OnTrackModerated, TrackRestored>(new TrackRestored
                    {
                        GenerationId = id,
                        UserId = owner,
                        Sequence = sequence
                    });
                    hidden.Remove(track);
                    break;
                case Step.Delete when !claimed.ContainsKey(track):
                    await fixture.ApplyAsync<OnGenerationDeleted, GenerationDeleted>(new GenerationDeleted
                    {
                        GenerationId = id,
                        UserId = owner,
                        Bytes = 0,
                        Sequence = sequence
                    });
                    (_, _) = (deleted.Add(track), inPool.Remove(track));
                    break;
                case Step.Upgrade or Step.Downgrade:
                    await EntitleAsync(members[member], step == Step.Upgrade ? Tier.Pro : Tier.Free, sequence);
                    (_, _) = step == Step.Upgrade ? (paid.Add(member), 0) : (paid.Remove(member), 0);
                    break;
                case Step.Claim:
                    var possible = inPool.Where(t => !claimed.ContainsKey(t) && !hidden.Contains(t) && t % Members != member).ToList();
                    var outcome = await ClaimAsync(members[member], genre);
                    var expected = paid.Contains(member) ? ClaimOutcome.NotForTier
                        : claimed.Values.Count(m => m == member) == ClaimRules.PerDay ? ClaimOutcome.Spent
                        : possible.Count == 0 ? ClaimOutcome.Empty : ClaimOutcome.Claimed;
                    Assert.Equal(expected, outcome.Outcome);
                    if (outcome.Card is { } card)
                        claimed.Add(possible.Single(t => tracks[t].GenerationId == card.GenerationId), member);
                    break;
            }
        }

        return true;
    }

    private async Task<ClaimAttempt> ClaimAsync(Guid user, string genre)
    {
        await using var scope = fixture.Pool.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ClaimDesk>()
            .ClaimAsync(user, genre, record: null, CancellationToken.None);
    }

    private Task EntitleAsync(Guid user, Tier tier, long sequence) =>
        fixture.ApplyAsync<OnEntitlementChanged, EntitlementChanged>(new EntitlementChanged
        {
            UserId = user,
            Tier = tier,
            Allowance = tier == Tier.Free ? Allowance.Free : Allowance.Paid,
            Qualities = [Quality.Standard],
            Stems = false,
            ApiKeys = false,
            Sequence = sequence,
        });
}
