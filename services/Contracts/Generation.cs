using System.Text.Json.Serialization;

namespace Son1kVers3.Contracts;

/// <summary>A job is stored and its unit is meant: billing confirms the reservation.</summary>
public sealed record GenerationRequested : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }
    public required Tier Tier { get; init; }
    public required Allowance Allowance { get; init; }
    public required Quality Quality { get; init; }
    public string? Title { get; init; }
    public Guid? ParentId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>A worker took the job up.</summary>
public sealed record GenerationStarted : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>A track exists; everything as of its reservation.</summary>
public sealed record GenerationCompleted : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }
    public required Tier Tier { get; init; }
    public required Allowance Allowance { get; init; }
    public required Quality Quality { get; init; }
    public required string Title { get; init; }
    public required string Genre { get; init; }
    public string? Mood { get; init; }

    /// <summary>Beats a minute.</summary>
    public required double Tempo { get; init; }
    public required string Key { get; init; }
    public required double DurationSeconds { get; init; }

    /// <summary>Size of the stored files together.</summary>
    public required long Bytes { get; init; }
    public required Visibility Visibility { get; init; }
    public Guid? ParentId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>The job ended without a track.</summary>
public sealed record GenerationFailed : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }
    public required string Reason { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>The member called the job off.</summary>
public sealed record GenerationCancelled : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>Title, visibility or stored size of a finished track changed.</summary>
public sealed record GenerationUpdated : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }
    public required string Title { get; init; }
    public required Visibility Visibility { get; init; }
    public required long Bytes { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>A track is gone and its bytes are free.</summary>
public sealed record GenerationDeleted : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }
    public required long Bytes { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>Billing asks generation what became of jobs whose end it was not told of in a long time.</summary>
public sealed record AskJobStates
{
    public required IReadOnlyList<Guid> GenerationIds { get; init; }
}

/// <summary>Generation's answer: one state for each id that was asked for.</summary>
public sealed record JobStates
{
    public required IReadOnlyList<JobState> Jobs { get; init; }
}

/// <summary>Where one job stands.</summary>
public sealed record JobState
{
    public required Guid GenerationId { get; init; }

    /// <summary><c>running</c>, <c>completed</c>, <c>failed</c>, <c>cancelled</c>, or <c>unknown</c> when there is no such job.</summary>
    public required string State { get; init; }
}
