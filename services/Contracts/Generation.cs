using System.Text.Json.Serialization;

namespace Son1kVers3.Contracts;

/// <summary>
/// A job is stored and its unit is meant: billing confirms the reservation.
/// Published by generation; consumed by billing.
/// </summary>
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

/// <summary>A worker took the job up. Published by generation; consumed by nobody.</summary>
public sealed record GenerationStarted : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>
/// A track exists: tier, allowance and quality as of its reservation, everything else as of completion.
/// Published by generation; consumed by billing, pool, profile.
/// </summary>
/// <remarks>Published anew, with another event id and the same sequence, for tracks that were made before the event carried all of this.</remarks>
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

    /// <summary>The five colours of its cover, <c>#RRGGBB</c>.</summary>
    public IReadOnlyList<string> Palette { get; init; } = [];

    /// <summary>Its waveform in 64 numbers, 0–100.</summary>
    public IReadOnlyList<int> Peaks { get; init; } = [];

    /// <summary>32 numbers that say what it sounds like; their order stands beside the code that measures them. Empty where it was not measured.</summary>
    public IReadOnlyList<float> Features { get; init; } = [];

    /// <summary>Which provider made it, for example <c>studio</c>.</summary>
    public string Provider { get; init; } = "studio";
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>The job ended without a track. Published by generation; consumed by billing, profile.</summary>
public sealed record GenerationFailed : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }
    public required string Reason { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>The member called the job off. Published by generation; consumed by billing.</summary>
public sealed record GenerationCancelled : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>Title, visibility or stored size of a finished track changed. Published by generation; consumed by billing, pool, profile.</summary>
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

/// <summary>A track is gone and its bytes are free. Published by generation; consumed by billing, pool, profile.</summary>
public sealed record GenerationDeleted : Event
{
    public required Guid GenerationId { get; init; }
    public required Guid UserId { get; init; }
    public required long Bytes { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>
/// Asks generation to take a track out of sight, or to bring it back. Sent by whoever moderates: pool, and the reports of profile.
/// Published by pool, profile; consumed by generation.
/// </summary>
public sealed record ModerateTrack
{
    public required Guid GenerationId { get; init; }

    /// <summary>True hides, false restores.</summary>
    public required bool Hidden { get; init; }

    /// <summary>For its owner to read; <see cref="Illegal"/> also takes it from those who claimed it.</summary>
    public required string Reason { get; init; }

    /// <summary>The report that led to it, through which its owner is told; null for what nobody reported.</summary>
    public Guid? ReportId { get; init; }

    /// <summary>When it was decided: messages may overtake each other, and the later decision of one moderator stands. Null counts as on arrival.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>The reason that claimers' copies do not survive.</summary>
    public const string Illegal = "illegal";
}

/// <summary>A track is out of sight for everybody but operators; it leaves every list. Published by generation; consumed by pool, profile.</summary>
public sealed record TrackHidden : Event
{
    public required Guid GenerationId { get; init; }

    /// <summary>Its owner.</summary>
    public required Guid UserId { get; init; }
    public required string Reason { get; init; }

    /// <summary>The report that led to it, through which its owner is told; null for what nobody reported.</summary>
    public Guid? ReportId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>A hidden track is back where it was. Published by generation; consumed by pool, profile.</summary>
public sealed record TrackRestored : Event
{
    public required Guid GenerationId { get; init; }

    /// <summary>Its owner.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The report that led to it, through which its owner is told; null for what nobody reported.</summary>
    public Guid? ReportId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => GenerationId;
}

/// <summary>A member's export is written and can be fetched. Published by generation; consumed by profile.</summary>
public sealed record ExportReady : Event
{
    public required Guid ExportId { get; init; }
    public required Guid UserId { get; init; }
    public required long Bytes { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => ExportId;
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
