using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Profile.Notifications;

/// <summary>What a member is told.</summary>
[JsonConverter(typeof(NamedEnumConverter<NotificationKind>))]
internal enum NotificationKind
{
    [JsonStringEnumMemberName("track-completed")] TrackCompleted,
    [JsonStringEnumMemberName("track-failed")] TrackFailed,
    [JsonStringEnumMemberName("track-hidden")] TrackHidden,
    [JsonStringEnumMemberName("track-restored")] TrackRestored,
    [JsonStringEnumMemberName("track-contributed")] TrackContributed,
    [JsonStringEnumMemberName("track-claimed")] TrackClaimed,
    [JsonStringEnumMemberName("track-liked")] TrackLiked,
    [JsonStringEnumMemberName("track-commented")] TrackCommented,
    [JsonStringEnumMemberName("followed")] Followed,
    [JsonStringEnumMemberName("collection-shared")] CollectionShared,
    [JsonStringEnumMemberName("badge-awarded")] BadgeAwarded,
    [JsonStringEnumMemberName("alvae-granted")] AlvaeGranted,
    [JsonStringEnumMemberName("alvae-revoked")] AlvaeRevoked,
    [JsonStringEnumMemberName("alvae-feedback")] AlvaeFeedback,
    [JsonStringEnumMemberName("export-ready")] ExportReady,
    [JsonStringEnumMemberName("quota-exhausted")] QuotaExhausted,
    [JsonStringEnumMemberName("report-accepted")] ReportAccepted,
    [JsonStringEnumMemberName("report-dismissed")] ReportDismissed,
    [JsonStringEnumMemberName("content-hidden")] ContentHidden,
    [JsonStringEnumMemberName("content-restored")] ContentRestored,
    [JsonStringEnumMemberName("appeal-rejected")] AppealRejected,
    [JsonStringEnumMemberName("challenge-won")] ChallengeWon,
    [JsonStringEnumMemberName("challenge-closed")] ChallengeClosed,
    [JsonStringEnumMemberName("challenge-cancelled")] ChallengeCancelled,
}

/// <summary>Something that a member is told, or several of one kind together: "Ana and 3 others liked …".</summary>
internal sealed class Notification
{
    public Guid Id { get; init; }
    public Guid AccountId { get; init; }
    public NotificationKind Kind { get; init; }

    /// <summary>What is told together while it is unread.</summary>
    public required string GroupKey { get; init; }

    /// <summary>The track, export or other thing that it is about.</summary>
    public Guid? SubjectId { get; init; }
    public string? Title { get; init; }
    public string? Detail { get; init; }

    /// <summary>The comment whose text, as it is now, is the detail.</summary>
    public Guid? CommentId { get; init; }

    /// <summary>Who did it, the latest first; without those who are gone, who still count.</summary>
    public Guid[] Actors { get; init; } = [];
    public int ActorCount { get; init; }

    /// <summary>Its place among the member's: grows with every change, without gaps.</summary>
    public long Position { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? ReadAt { get; init; }
}

/// <summary>The last position of a member's notifications.</summary>
internal sealed class NotificationPosition
{
    public Guid AccountId { get; init; }
    public long Position { get; init; }
}

/// <summary>What a member wants to be told, and when.</summary>
internal sealed class NotificationPreferences
{
    public Guid AccountId { get; init; }
    public string[] Muted { get; set; } = [];

    /// <summary>Start and end of the quiet hours in the member's own time; null without any.</summary>
    public TimeOnly? QuietFrom { get; set; }
    public TimeOnly? QuietTo { get; set; }

    /// <summary>The IANA name of the member's time zone.</summary>
    public string TimeZone { get; set; } = LocalTime.Default;

    /// <summary>When the next digest is due; null for who wants none.</summary>
    public DateTimeOffset? NextDigestAt { get; set; }

    /// <summary>The member's own day of the last digest.</summary>
    public DateOnly? DigestedOn { get; set; }

    /// <summary>The position up to which notifications were in a digest.</summary>
    public long DigestPosition { get; set; }

    /// <summary>What the link in a digest ends it by.</summary>
    public Guid? UnsubscribeToken { get; set; }

    public QuietHours? QuietHours => QuietFrom is { } from && QuietTo is { } to ? new QuietHours(from, to) : null;
}

internal sealed class NotificationTables : IEntityTypeConfiguration<Notification>, IEntityTypeConfiguration<NotificationPosition>, IEntityTypeConfiguration<NotificationPreferences>
{
    public void Configure(EntityTypeBuilder<Notification> table)
    {
        table.ToTable("notifications");
        table.Property(n => n.Kind).HasConversion<string>();
        table.HasIndex(n => new { n.AccountId, n.Position }).HasDatabaseName("ix_notifications_account_id_position");
        table.HasIndex(n => n.Actors).HasMethod("gin").HasDatabaseName("ix_notifications_actors");
        table.HasIndex(n => new { n.AccountId, n.GroupKey }).IsUnique().HasFilter("read_at IS NULL").HasDatabaseName("ix_notifications_unread_group");
    }

    public void Configure(EntityTypeBuilder<NotificationPosition> table) => table.ToTable("notification_positions").HasKey(p => p.AccountId);

    public void Configure(EntityTypeBuilder<NotificationPreferences> table)
    {
        table.ToTable("notification_preferences").HasKey(p => p.AccountId);
        table.Ignore(p => p.QuietHours);
        table.Property(p => p.TimeZone).HasDefaultValue(LocalTime.Default);
        table.HasIndex(p => p.NextDigestAt).HasFilter("next_digest_at IS NOT NULL").HasDatabaseName("ix_notification_preferences_next_digest_at");
        table.HasIndex(p => p.UnsubscribeToken).IsUnique().HasDatabaseName("ix_notification_preferences_unsubscribe_token");
    }
}
