using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Profile.Challenges;

/// <summary>Where a challenge stands.</summary>
[JsonConverter(typeof(NamedEnumConverter<ChallengeStatus>))]
internal enum ChallengeStatus
{
    /// <summary>It can still be changed.</summary>
    Scheduled,

    /// <summary>Takes entries and votes.</summary>
    Open,

    /// <summary>Votes are counted, places are known.</summary>
    Closed,

    /// <summary>Called off by operators.</summary>
    Cancelled,
}

/// <summary>A theme to which members enter tracks and on which they vote.</summary>
internal sealed class Challenge
{
    public Guid Id { get; init; }
    public required string Title { get; set; }
    public required string Description { get; set; }
    public ChallengeStatus Status { get; set; }
    public DateTimeOffset OpensAt { get; set; }

    /// <summary>The first instant that takes no votes.</summary>
    public DateTimeOffset ClosesAt { get; set; }
    public string? CancelReason { get; set; }
}

/// <summary>A member's track in a challenge.</summary>
internal sealed class ChallengeEntry
{
    public Guid Id { get; init; }
    public Guid ChallengeId { get; init; }
    public Guid AccountId { get; init; }
    public Guid GenerationId { get; init; }
    public DateTimeOffset EnteredAt { get; init; }

    /// <summary>The track was private, hidden or deleted before the challenge closed: for good, a member may enter anew.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>Known when the challenge has closed; those with as many votes share a place, and the next place counts them all.</summary>
    public int? Place { get; init; }

    /// <summary>As of closing; null until then.</summary>
    public int? Votes { get; init; }

    /// <summary>The member heard how it ended.</summary>
    public bool Told { get; init; }
}

/// <summary>A member's one vote in a challenge.</summary>
internal sealed class ChallengeVote
{
    public Guid ChallengeId { get; init; }
    public Guid VoterId { get; init; }
    public Guid EntryId { get; init; }
    public DateTimeOffset At { get; init; }
}

internal sealed class ChallengeTables : IEntityTypeConfiguration<Challenge>, IEntityTypeConfiguration<ChallengeEntry>, IEntityTypeConfiguration<ChallengeVote>
{
    public void Configure(EntityTypeBuilder<Challenge> table)
    {
        table.ToTable("challenges");
        table.Property(c => c.Status).HasConversion<string>();
        table.HasIndex(c => new { c.OpensAt, c.Id }).HasDatabaseName("ix_challenges_in_order");
        table.HasIndex(c => c.OpensAt).HasFilter("status = 'Scheduled'").HasDatabaseName("ix_challenges_to_open");
        table.HasIndex(c => c.ClosesAt).HasFilter("status = 'Open'").HasDatabaseName("ix_challenges_to_close");
    }

    public void Configure(EntityTypeBuilder<ChallengeEntry> table)
    {
        table.ToTable("challenge_entries");
        table.HasOne<Challenge>().WithMany().HasForeignKey(e => e.ChallengeId).OnDelete(DeleteBehavior.Cascade);
        table.HasIndex(e => new { e.ChallengeId, e.AccountId }).IsUnique().HasFilter("NOT withdrawn").HasDatabaseName("ix_challenge_entries_one_a_member");
        table.HasIndex(e => new { e.ChallengeId, e.Id }).HasFilter("NOT withdrawn").HasDatabaseName("ix_challenge_entries_newest");
        table.HasIndex(e => new { e.ChallengeId, e.Place, e.Id }).HasFilter("place IS NOT NULL").HasDatabaseName("ix_challenge_entries_places");
        table.HasIndex(e => e.ChallengeId).HasFilter("NOT told AND NOT withdrawn").HasDatabaseName("ix_challenge_entries_to_tell");
        table.HasIndex(e => e.GenerationId).HasDatabaseName("ix_challenge_entries_generation_id");
        table.HasIndex(e => e.AccountId).HasDatabaseName("ix_challenge_entries_account_id");
    }

    public void Configure(EntityTypeBuilder<ChallengeVote> table)
    {
        table.ToTable("challenge_votes").HasKey(v => new { v.ChallengeId, v.VoterId });
        table.HasOne<ChallengeEntry>().WithMany().HasForeignKey(v => v.EntryId).OnDelete(DeleteBehavior.Cascade);
        table.HasIndex(v => v.EntryId).HasDatabaseName("ix_challenge_votes_entry_id");
        table.HasIndex(v => v.VoterId).HasDatabaseName("ix_challenge_votes_voter_id");
    }
}
