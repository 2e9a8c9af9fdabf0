using System.Text.Json.Serialization;

namespace Son1kVers3.Contracts;

/// <summary>A track is in the community pool from now on. Published by pool; consumed by billing, generation, profile.</summary>
public sealed record TrackContributed : Event
{
    public required Guid GenerationId { get; init; }

    /// <summary>Its contributor.</summary>
    public required Guid UserId { get; init; }

    /// <summary>True when the accumulator contributed it, false by the member's own hand.</summary>
    public required bool Automatic { get; init; }

    /// <summary>1 standard, 2 high, 3 ultra.</summary>
    public required int Points { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>A contributed track gave its place to another one of the same member. Published by pool; consumed by generation, profile.</summary>
public sealed record TrackSwapped : Event
{
    /// <summary>Its contributor.</summary>
    public required Guid UserId { get; init; }
    public required Guid OldGenerationId { get; init; }
    public required Guid NewGenerationId { get; init; }

    /// <summary>Points of the new one, which take the place of the old one's.</summary>
    public required int Points { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => OldGenerationId;
}

/// <summary>A FREE member has a licensed copy from now on. Published by pool; consumed by billing, generation, profile.</summary>
public sealed record TrackClaimed : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid ClaimedBy { get; init; }
    public required Guid ContributedBy { get; init; }

    /// <summary>As it is called at this moment, for the contributor's notification.</summary>
    public required string Title { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>The likes of a track changed; any track, in the pool or not. Published by pool; consumed by profile.</summary>
public sealed record TrackLiked : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid OwnerId { get; init; }

    /// <summary>Who likes it, or does no longer.</summary>
    public required Guid UserId { get; init; }
    public required bool Liked { get; init; }

    /// <summary>All likes after this one.</summary>
    public required int Likes { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>A play was counted; of any track, in the pool or not. Published by pool; consumed by profile.</summary>
public sealed record TrackPlayed : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid OwnerId { get; init; }

    /// <summary>Who listened.</summary>
    public required Guid UserId { get; init; }

    /// <summary>All plays after this one.</summary>
    public required long Plays { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>The first ten places of a time frame changed. Published by pool; consumed by profile.</summary>
public sealed record RankingChanged : Event
{
    public required string Timeframe { get; init; }
    public required Guid LeaderId { get; init; }

    /// <summary>Who holds these places, the leader first; fewer than ten where there are no more.</summary>
    public IReadOnlyList<Guid> FirstPlaces { get; init; } = [];
    [JsonIgnore]
    public override Guid AggregateId => LeaderId;
}

/// <summary>The pool holds less than the claims of the next day are expected to take. Published by pool; consumed by nobody.</summary>
public sealed record PoolLow : Event
{
    public required Guid PoolId { get; init; }
    public required int Available { get; init; }
    public required int Threshold { get; init; }

    /// <summary>When the next contribution is expected; null where none is.</summary>
    public DateTimeOffset? NextExpectedAt { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => PoolId;
}

/// <summary>Asks pool whether a track may be deleted: one that is owed to the pool, or that somebody has claimed, may not.</summary>
public sealed record MayDelete
{
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }
}

/// <summary>Pool's answer; when it is yes, pool has withdrawn the track from what it could still contribute.</summary>
public sealed record DeletionDecision
{
    public required Guid GenerationId { get; init; }
    public required bool Allowed { get; init; }

    /// <summary>The slug of the problem when not: <c>owed-to-pool</c> or <c>claimed</c>.</summary>
    public string? Denial { get; init; }
}
