using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Tests.Hosting;

namespace Son1kVers3.Pool.Tests.Members;

/// <summary>What happens at other services is told over the broker, and is true here within two seconds, whichever replica is asked.</summary>
[Collection(SharedPool.Name)]
[Trait("Category", "Integration")]
public sealed class MoveTests(PoolFixture fixture)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>A busy machine may be slow once; a service that only looks now and then is slow each time.</summary>
    private const int Attempts = 3;

    public enum Move
    {
        DeletedAccount,
        LikesOfADeletedAccount,
        DeletedTrack,
        HiddenTrack,
        HiddenTrackInTheRanking,
        TrackMadePrivate,
        Badge,
        PaidTier,
    }

    public static TheoryData<Move> Moves => [.. Enum.GetValues<Move>()];

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task Move_OfAnotherService_TakesEffectWithinTwoSeconds(Move move)
    {
        var times = new List<TimeSpan>();
        while (times.Count < Attempts && !times.Exists(time => time < Limit))
            times.Add(await MeasureAsync(move));
        Assert.True(times.Exists(time => time < Limit), $"{move} took {string.Join(", ", times.Select(t => $"{t.TotalSeconds:F1} s"))}");
    }

    private async Task<TimeSpan> MeasureAsync(Move move)
    {
        var (publish, isTrue) = await PrepareAsync(move);
        Assert.False(await isTrue());
        var begun = Stopwatch.GetTimestamp();
        await publish();
        while (!await isTrue() && Stopwatch.GetElapsedTime(begun) < Limit * 10)
            await Task.Delay(10);
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>How it is told, and whether it is true.</summary>
    private async Task<(Func<Task> Publish, Func<Task<bool>> IsTrue)> PrepareAsync(Move move)
    {
        var (owner, other, genre) = (fixture.NewUser(), fixture.NewUser(), PoolFixture.NewGenre());
        var track = move == Move.TrackMadePrivate ? await PublicAsync(owner, genre) : (await fixture.ContributeAsync(owner, genre)).GenerationId;
        switch (move)
        {
            case Move.DeletedAccount:
                return (() => TellAsync(new UserDeleted { UserId = owner, Sequence = 9 }),
                    async () => (string?)(await CardAsync(genre))?["artist"]!["username"] == "deleted");
            case Move.LikesOfADeletedAccount:
                await LikeAsync(other, track);
                return (() => TellAsync(new UserDeleted { UserId = other, Sequence = 9 }), async () => (int)(await CardAsync(genre))!["likes"]! == 0);
            case Move.DeletedTrack:
                return (() => TellAsync(new GenerationDeleted { GenerationId = track, UserId = owner, Bytes = 1, Sequence = 9 }),
                    async () => await CardAsync(genre) is null);
            case Move.HiddenTrack:
                return (() => TellAsync(new TrackHidden { GenerationId = track, UserId = owner, Reason = "spam", Sequence = 9 }),
                    async () => await CardAsync(genre) is null);
            case Move.HiddenTrackInTheRanking:
                await fixture.RankAsync();
                return (() => TellAsync(new TrackHidden { GenerationId = track, UserId = owner, Reason = "spam", Sequence = 9 }),
                    async () => await IsUnrankedAsync(owner));
            case Move.TrackMadePrivate:
                return (() => TellAsync(new GenerationUpdated
                {
                    GenerationId = track,
                    UserId = owner,
                    Title = "Mine alone",
                    Visibility = Visibility.Private,
                    Bytes = 1,
                    Sequence = 9,
                }),
                    async () => (await fixture.Second.Client().PostAsync($"/api/community/pool/{track}/play", null)).StatusCode == HttpStatusCode.NotFound);
            case Move.Badge:
                return (() => TellAsync(new AlvaeGranted { UserId = other, AlvaeId = "ALVAE-099", Level = AlvaeLevel.Tester, Sequence = 9 }),
                    () => MayNotClaimAsync(other));
            default:
                return (() => TellAsync(new EntitlementChanged
                {
                    UserId = other,
                    Tier = Tier.Creator,
                    Allowance = Allowance.Paid,
                    Qualities = [Quality.High],
                    Stems = false,
                    ApiKeys = false,
                    Sequence = 9,
                }),
                    () => MayNotClaimAsync(other));
        }
    }

    private Task TellAsync<T>(T move)
        where T : Event => fixture.Bus.PublishAsync(move with { EventId = Guid.CreateVersion7(), OccurredAt = fixture.Clock.GetUtcNow() });

    private async Task<Guid> PublicAsync(Guid owner, string genre)
    {
        var track = fixture.Completed(owner, genre) with { Allowance = Allowance.Free, Visibility = Visibility.Public };
        await fixture.CompleteAsync(track);
        return track.GenerationId;
    }

    private async Task LikeAsync(Guid user, Guid track) =>
        await (await fixture.Pool.Client(user).PutAsync($"/api/community/pool/{track}/like", null)).JsonAsync();

    private async Task<JsonNode?> CardAsync(string genre) =>
        (await fixture.Second.Client().GetFromJsonAsync<JsonNode>($"/api/community/pool?genre={genre}"))!["items"]!.AsArray().FirstOrDefault();

    private async Task<bool> IsUnrankedAsync(Guid member) =>
        (await fixture.Second.Client(member).GetFromJsonAsync<JsonNode>("/api/community/ranking?timeframe=all_time"))!["me"] is null;

    /// <summary>Whose day holds no claims: a member who may not claim at all.</summary>
    private async Task<bool> MayNotClaimAsync(Guid member) =>
        (int)(await fixture.Second.Client(member).GetFromJsonAsync<JsonNode>("/api/community/me"))!["claims"]!["remaining"]! == 0;
}
