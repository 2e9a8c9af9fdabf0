using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Generation.Generations;

/// <summary>Where a generation stands. The last three are final.</summary>
[JsonConverter(typeof(LowerCaseEnum<TrackStatus>))]
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

/// <summary>How a generation came about.</summary>
[JsonConverter(typeof(LowerCaseEnum<TrackKind>))]
internal enum TrackKind
{
    Original,
    Remix,
    Extension,
    Variation,
}

/// <summary>Writes an enum as one lower-case word.</summary>
internal sealed class LowerCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>A generation: what was asked, the job that makes it, and the track that came of it.</summary>
/// <remarks>
/// The row is the job, too: a worker holds it while <see cref="LeaseToken"/> is its own and <see cref="LeaseUntil"/> (by the database's clock) has not passed.
/// Every change that others may see adds one to <see cref="Sequence"/>.
/// </remarks>
internal sealed class Track
{
    public Guid Id { get; init; }
    public Guid UserId { get; init; }
    public TrackStatus Status { get; init; }
    public TrackKind Kind { get; init; }
    public Guid? ParentId { get; init; }
    public required TrackOrder Order { get; init; }
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

    /// <summary>Why it failed, in words for its owner.</summary>
    public string? Reason { get; init; }

    /// <summary>The whole plan as its provider wrote it.</summary>
    public string? Plan { get; init; }
    public string? Genre { get; init; }

    /// <summary>Percent of the whole, 0–100.</summary>
    public int Progress { get; init; }
    public double? DurationSeconds { get; init; }
    public long Sequence { get; set; }
    public int Attempts { get; init; }
    public Guid? LeaseToken { get; init; }
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Stored size of all files.</summary>
    public long Bytes { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public DateTimeOffset? PlayedAt { get; init; }
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>By the database's clock: since when somebody wants it back from the archive. Null again once it is back, or could not be brought back.</summary>
    public DateTimeOffset? RestoreRequestedAt { get; init; }

    /// <summary>The pool's track made of it: everyone may play it then.</summary>
    public Guid? PoolTrackId { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }

    [JsonIgnore]
    public bool IsFinal => Status is TrackStatus.Completed or TrackStatus.Failed or TrackStatus.Cancelled;

    /// <summary>Private ones are their owner's alone, unless the pool holds them.</summary>
    public bool IsVisibleTo(Guid? user) => user == UserId || Visibility != Visibility.Private || PoolTrackId is not null;

    /// <summary>Sees the plan, progress and failure of a job, not only the finished track.</summary>
    public bool IsShownTo(Guid? user) => user == UserId || (Status == TrackStatus.Completed && IsVisibleTo(user));
}

internal sealed class TrackTable : IEntityTypeConfiguration<Track>
{
    public void Configure(EntityTypeBuilder<Track> table)
    {
        table.ToTable("generations");
        table.Property(t => t.Id).ValueGeneratedNever();
        table.Property(t => t.Order).HasColumnName("request").HasColumnType("jsonb")
            .HasConversion(order => JsonSerializer.Serialize(order, JsonSerializerOptions.Web), text => JsonSerializer.Deserialize<TrackOrder>(text, JsonSerializerOptions.Web)!);
        table.Property(t => t.Plan).HasColumnType("jsonb");
        table.Ignore(t => t.IsFinal);
        table.HasIndex(t => new { t.UserId, t.Id }).IsDescending(false, true).HasFilter("deleted_at IS NULL").HasDatabaseName("ix_generations_own_list");
        table.HasIndex(t => new { t.UserId, t.Status, t.Id }).IsDescending(false, false, true).HasFilter("deleted_at IS NULL").HasDatabaseName("ix_generations_own_by_status");
        table.HasIndex(t => new { t.UserId, t.Genre, t.Id }).IsDescending(false, false, true).HasFilter("deleted_at IS NULL").HasDatabaseName("ix_generations_own_by_genre");
        table.HasIndex(t => new { t.Priority, t.Turn, t.Id }).IsDescending(true, false, false).HasFilter("status = 'queued'").HasDatabaseName("ix_generations_queue");
        table.HasIndex(t => new { t.UserId, t.Turn }).HasFilter("status = 'queued'").HasDatabaseName("ix_generations_queue_of_user");
        table.HasIndex(t => t.LeaseUntil).HasFilter("lease_token IS NOT NULL").HasDatabaseName("ix_generations_leases");
        table.HasIndex(t => new { t.ParentId, t.Id }).IsDescending(false, true).HasFilter("parent_id IS NOT NULL").HasDatabaseName("ix_generations_lineage");
        table.HasIndex(t => t.PoolTrackId).HasFilter("pool_track_id IS NOT NULL").HasDatabaseName("ix_generations_pool");
        table.HasIndex(t => t.FinishedAt).HasFilter("status = 'completed'").HasDatabaseName("ix_generations_finished");
        table.HasIndex(t => t.PlayedAt).HasFilter("status = 'completed' AND archived_at IS NULL AND deleted_at IS NULL").HasDatabaseName("ix_generations_last_played");
        table.HasIndex(t => t.RestoreRequestedAt).HasFilter("restore_requested_at IS NOT NULL AND deleted_at IS NULL").HasDatabaseName("ix_generations_restores");
    }
}
