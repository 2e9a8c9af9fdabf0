using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.Profile.Sessions;

namespace Son1kVers3.Profile.Push;

/// <summary>A browser that is told of a member's notifications, for as long as the member is signed in there.</summary>
internal sealed class PushSubscription
{
    public Guid Id { get; init; }
    public Guid AccountId { get; init; }

    /// <summary>The sign-in that it belongs to.</summary>
    public Guid SessionId { get; init; }

    /// <summary>Where its push service takes messages. Whoever knows it can be told by nobody else: it is a secret.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The browser's public key, base64url.</summary>
    public required string P256dh { get; init; }

    /// <summary>The browser's authentication secret, base64url.</summary>
    public required string Auth { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A notification that a browser is still to be told.</summary>
internal sealed class PendingPush
{
    public Guid NotificationId { get; init; }
    public Guid SubscriptionId { get; init; }

    /// <summary>Of the notification: grows when the notification does.</summary>
    public long Position { get; init; }
    public int Attempts { get; init; }

    /// <summary>Nobody sends it before: whoever sends it holds it until then, and a failed one or one in quiet hours waits.</summary>
    public DateTimeOffset NextAttemptAt { get; init; }
}

internal sealed class PushTables : IEntityTypeConfiguration<PushSubscription>, IEntityTypeConfiguration<PendingPush>
{
    public void Configure(EntityTypeBuilder<PushSubscription> table)
    {
        table.ToTable("push_subscriptions");
        table.HasIndex(s => s.Endpoint).IsUnique();
        table.HasIndex(s => new { s.AccountId, s.Id }).HasDatabaseName("ix_push_subscriptions_account_id_id");
        table.HasOne<Session>().WithMany().HasForeignKey(s => s.SessionId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<PendingPush> table)
    {
        table.ToTable("pending_pushes").HasKey(p => new { p.NotificationId, p.SubscriptionId });
        table.HasIndex(p => p.NextAttemptAt).HasDatabaseName("ix_pending_pushes_next_attempt_at");
        table.HasOne<Notification>().WithMany().HasForeignKey(p => p.NotificationId).OnDelete(DeleteBehavior.Cascade);
        table.HasOne<PushSubscription>().WithMany().HasForeignKey(p => p.SubscriptionId).OnDelete(DeleteBehavior.Cascade);
    }
}
