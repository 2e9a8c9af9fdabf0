using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

/// <summary>What members leave behind here: nothing, in whatever order the platform tells of them.</summary>
[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class LeavingTests(ProfileFixture fixture)
{
    /// <summary>What other ids are of. A column of another name may hold a member's, and has to be erased.</summary>
    private static readonly string[] NoMembers =
    [
        "id", "generation_id", "parent_id", "creation_id", "challenge_id", "entry_id", "collection_id", "item_id", "proposal_id", "report_id", "notification_id", "subscription_id",
        "session_id", "message_id", "attempt_id", "operation_id", "unsubscribe_token", "comment_id",
    ];

    /// <summary>What stays, or goes another way than with the tables.</summary>
    private static readonly string[] ByOtherMeans =
    [
        // Taken out of the grant in the transaction that deletes the account; the FOUNDER grants, and stays.
        "alvae_grants.account_id", "alvae_grants.granted_by",
        // Who decided, for as long as the decision stands: see the decision's own remarks.
        "report_decisions.operator_id",
        // With the report of a profile; with the track or collection that it finds; of a track, a collection or another thing.
        "withheld_profiles.account_id", "search_documents.owner_id", "notifications.subject_id",
        // What is erased now, and which event of a member was the newest: numbers that lead to nobody.
        "erasures.account_id", "inbox_sequences.aggregate_id",
    ];

    [Fact]
    public async Task EveryColumnThatMayHoldAMember_IsErasedWithTheAccount()
    {
        var columns = await fixture.Database.TextsAsync(
            "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND udt_name IN ('uuid', '_uuid') AND column_name <> ALL ($1)",
            (object)NoMembers);
        var cascading = await fixture.Database.TextsAsync(
            """
            SELECT c.conrelid::regclass::text || '.' || a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND c.confrelid = 'accounts'::regclass AND c.confdeltype = 'c'
            """);
        var erasing = fixture.Profile.Services.GetServices<PersonalTable>().Select(table => table.Erase ?? "").ToList();

        var forgotten = columns.Except(cascading).Except(ByOtherMeans).Where(column => !erasing.Any(sql => column.Split('.').All(word => sql.Contains(word, StringComparison.Ordinal))));
        Assert.Empty(forgotten.ToList());
    }

    [Fact]
    public async Task Leave_WhenEventsComeLate_BringsNothingOfTheMemberBack()
    {
        var (member, fan, words) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), $"secret {Guid.NewGuid():N}");
        var (own, kept, other, unheard) = (
            await fixture.CompleteTrackAsync(member), await fixture.CompleteTrackAsync(member, title: "kept"), await fixture.CompleteTrackAsync(fan, title: "other"), Guid.CreateVersion7());
        using var client = fixture.Client(member.AccessToken);
        (await client.PostAsync($"/api/profiles/{fan.Username}/follow", null)).EnsureSuccessStatusCode();
        await client.CommentAsync(other, words);
        await TellAsync(Liked(other, fan, member, liked: true, sequence: 1), Claimed(other, fan, member));
        await client.LeaveAsync();
        await Eventually.TrueAsync(() => fixture.ScalarAsync<bool>("SELECT finished_at IS NOT NULL FROM erasures WHERE account_id = $1", member.Id), "it is erased");

        await TellAsync(
            new GenerationDeleted { EventId = Guid.CreateVersion7(), OccurredAt = Now, Sequence = 9, GenerationId = own, UserId = member.Id, Bytes = 1 },
            new GenerationDeleted { EventId = Guid.CreateVersion7(), OccurredAt = Now, Sequence = 9, GenerationId = unheard, UserId = member.Id, Bytes = 1 },
            Contributed(kept, member));
        await TellAsync(
            fixture.Completed(member.Id, unheard, Visibility.Public, 1, words),
            fixture.Completed(member.Id, own, Visibility.Public, 1, words),
            new GenerationUpdated { EventId = Guid.CreateVersion7(), OccurredAt = Now, Sequence = 10, GenerationId = own, UserId = member.Id, Title = words, Visibility = Visibility.Public, Bytes = 1 },
            new GenerationFailed { EventId = Guid.CreateVersion7(), OccurredAt = Now, Sequence = 1, GenerationId = Guid.CreateVersion7(), UserId = member.Id, Reason = words },
            new TrackHidden { EventId = Guid.CreateVersion7(), OccurredAt = Now, Sequence = 11, GenerationId = own, UserId = member.Id, Reason = words },
            Liked(other, fan, member, liked: false, sequence: 2),
            Liked(kept, member, fan, liked: true, sequence: 1),
            new TrackPlayed { EventId = Guid.CreateVersion7(), OccurredAt = Now, Sequence = 2, GenerationId = other, OwnerId = fan.Id, UserId = member.Id, Plays = 1 },
            Claimed(other, fan, member),
            new RankingChanged { EventId = Guid.CreateVersion7(), OccurredAt = Now, Sequence = 1, Timeframe = "week", LeaderId = member.Id, FirstPlaces = [member.Id] },
            new QuotaExhausted { EventId = Guid.CreateVersion7(), OccurredAt = Now, Sequence = 1, UserId = member.Id, Tier = Tier.Free, Allowance = Allowance.Free, ResetAt = Now },
            new EntitlementChanged { EventId = Guid.CreateVersion7(), OccurredAt = Now, Sequence = 2, UserId = member.Id, Tier = Tier.Free, Allowance = Allowance.Free, Limit = 3, Qualities = [Quality.Standard], Stems = false, ApiKeys = false });

        Assert.Empty((await fixture.Database.TablesThatHoldAsync($"{member.Id}")).Except(["erasures", "inbox_sequences"]));
        Assert.Empty((await fixture.Database.TablesThatHoldAsync(member.Email, member.Username, words)).Except(["search_words"]));
        Assert.True(await fixture.ScalarAsync<bool>("SELECT audible AND title = 'kept' FROM tracks WHERE generation_id = $1", kept));
    }

    private DateTimeOffset Now => fixture.Clock.GetUtcNow();

    private TrackLiked Liked(Guid track, Member owner, Member who, bool liked, long sequence) => new()
    {
        EventId = Guid.CreateVersion7(),
        OccurredAt = Now,
        Sequence = sequence,
        GenerationId = track,
        OwnerId = owner.Id,
        UserId = who.Id,
        Liked = liked,
        Likes = liked ? 1 : 0,
    };

    private TrackClaimed Claimed(Guid track, Member artist, Member claimer) => new()
    {
        EventId = Guid.CreateVersion7(),
        OccurredAt = Now,
        Sequence = 1,
        GenerationId = track,
        ClaimedBy = claimer.Id,
        ContributedBy = artist.Id,
        Title = "other",
    };

    private TrackContributed Contributed(Guid track, Member artist) => new()
    {
        EventId = Guid.CreateVersion7(),
        OccurredAt = Now,
        Sequence = 1,
        GenerationId = track,
        UserId = artist.Id,
        Automatic = true,
        Points = 1,
    };

    /// <summary>Publishes events, and returns when all of them are applied.</summary>
    private async Task TellAsync(params Event[] events)
    {
        await fixture.Bus.PublishAllAsync(events);
        var ids = events.Select(e => e.EventId).ToArray();
        await Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE message_id = ANY($1)", ids) == ids.Length, "they are applied");
    }
}
