using System.Text.Json.Serialization;
using Son1kVers3.Contracts;

namespace Son1kVers3.Generation.Tracks;

/// <summary>Where a track stands. The last three are final.</summary>
[JsonConverter(typeof(NamedEnumConverter<TrackStatus>))]
internal enum TrackStatus
{
    Queued,
    Composing,
    Rendering,
    Mastering,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>How a track came about.</summary>
[JsonConverter(typeof(NamedEnumConverter<TrackKind>))]
internal enum TrackKind
{
    Original,
    Remix,
    Extension,
    Variation,
}

/// <summary>A generation: what was asked, the job that makes it, and the track that came of it.</summary>
/// <remarks>
/// The row is the job, too: a worker holds it while <see cref="LeaseToken"/> is its own and <see cref="LeaseUntil"/> (by the database's
/// clock) has not passed.
/// Every change that others may see adds one to <see cref="Sequence"/>.
/// </remarks>
internal sealed class Track
{
    public Guid Id { get; init; }
    public Guid UserId { get; init; }
    public TrackStatus Status { get; init; }
    public TrackKind Kind { get; init; }
    public Guid? ParentId { get; init; }
    public required TrackRequest Request { get; init; }
    public required string Title { get; set; }
    public Quality Quality { get; init; }
    public Visibility Visibility { get; set; }

    /// <summary>As of the reservation; what the completed event tells.</summary>
    public Tier Tier { get; init; }
    public Allowance Allowance { get; init; }

    /// <summary>Higher goes first.</summary>
    public int Priority { get; init; }

    /// <summary>Place in the fair order among jobs of one priority, see <c>JobQueue</c>.</summary>
    public long Turn { get; init; }

    /// <summary>Who made it, once somebody does.</summary>
    public string? Provider { get; init; }

    /// <summary>Why it failed.</summary>
    public FailureReason? Reason { get; init; }

    /// <summary>The whole plan as its provider wrote it.</summary>
    public string? Plan { get; init; }
    public string? Genre { get; init; }

    /// <summary>Percent of the whole, 0–100.</summary>
    public int Progress { get; init; }
    public double? DurationSeconds { get; init; }

    /// <summary>The five colours of its cover, <c>#RRGGBB</c>; empty until it was measured.</summary>
    public string[] Palette { get; init; } = [];

    /// <summary>Its waveform in 64 numbers, 0–100.</summary>
    public int[] Peaks { get; init; } = [];

    /// <summary>32 numbers that say what it sounds like.</summary>
    public float[] Features { get; init; } = [];

    /// <summary>By which version of the measuring; what is older is measured and announced again.</summary>
    public int MeasuresVersion { get; init; }
    public long Sequence { get; set; }
    public int Attempts { get; init; }
    public Guid? LeaseToken { get; init; }
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>The job at a provider elsewhere that makes it; after a worker's death the next one goes on with it.</summary>
    public ProviderCheckpoint? Checkpoint { get; init; }

    /// <summary>Stored size of all files.</summary>
    public long Bytes { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public DateTimeOffset? PlayedAt { get; init; }
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>
    /// By the database's clock: since when somebody wants it back from the archive. Null again once it is back, or could not be brought
    /// back.
    /// </summary>
    public DateTimeOffset? RestoreRequestedAt { get; init; }

    /// <summary>In the community pool: everyone may hear it then, claimed or not.</summary>
    public bool Contributed { get; init; }

    /// <summary>Taken out of sight by a moderator; its owner cannot undo it.</summary>
    public DateTimeOffset? HiddenAt { get; init; }

    /// <summary>Why, for its owner to read.</summary>
    public string? HiddenReason { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }

    [JsonIgnore]
    public bool IsFinal => Status is TrackStatus.Completed or TrackStatus.Failed or TrackStatus.Cancelled;
}
