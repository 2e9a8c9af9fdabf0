using System.Text.Json.Serialization;

namespace Son1kVers3.Contracts;

/// <summary>A track is in the community pool from now on.</summary>
public sealed record TrackContributed : Event
{
    public required Guid TrackId { get; init; }
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>True when the accumulator contributed it, false by the member's own hand.</summary>
    public required bool Automatic { get; init; }
    public required int Points { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => TrackId;
}

/// <summary>A contributed track took the place of another one.</summary>
public sealed record TrackSwapped : Event
{
    public required Guid TrackId { get; init; }
    public required Guid UserId { get; init; }
    public required Guid OldGenerationId { get; init; }
    public required Guid NewGenerationId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => TrackId;
}

/// <summary>A FREE member has a licensed copy from now on.</summary>
public sealed record TrackClaimed : Event
{
    public required Guid TrackId { get; init; }
    public required Guid GenerationId { get; init; }
    public required Guid ClaimedBy { get; init; }
    public required Guid ContributedBy { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => TrackId;
}

/// <summary>The likes of a track changed.</summary>
public sealed record TrackLiked : Event
{
    public required Guid TrackId { get; init; }
    public required Guid UserId { get; init; }
    public required bool Liked { get; init; }
    public required int Likes { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => TrackId;
}

/// <summary>A play was counted.</summary>
public sealed record TrackPlayed : Event
{
    public required Guid TrackId { get; init; }
    public required Guid GenerationId { get; init; }
    public Guid? UserId { get; init; }
    public required long Plays { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => TrackId;
}

/// <summary>An operator took a track out of sight.</summary>
public sealed record TrackHidden : Event
{
    public required Guid TrackId { get; init; }
    public required string Reason { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => TrackId;
}

/// <summary>The leading places of a time frame changed.</summary>
public sealed record RankingChanged : Event
{
    public required string Timeframe { get; init; }
    public required Guid LeaderId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => LeaderId;
}

/// <summary>The pool holds less than the claims of the next day are expected to take.</summary>
public sealed record PoolLow : Event
{
    public required Guid PoolId { get; init; }
    public required int Available { get; init; }
    public required int Threshold { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => PoolId;
}

/// <summary>Asks pool whether a track may be deleted: one that is owed to the pool may not.</summary>
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

    /// <summary>The slug of the problem when not: <c>owed-to-pool</c>.</summary>
    public string? Denial { get; init; }
}
