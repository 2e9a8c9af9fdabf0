using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;

namespace Son1kVers3.Generation.Tracks;

internal sealed class TrackTable : IEntityTypeConfiguration<Track>
{
    public void Configure(EntityTypeBuilder<Track> table)
    {
        table.ToTable("tracks");
        table.Property(t => t.Id).ValueGeneratedNever();
        table.Property(t => t.Request).HasColumnType("jsonb")
            .HasConversion(request => JsonSerializer.Serialize(request, JsonSerializerOptions.Web),
                text => JsonSerializer.Deserialize<TrackRequest>(text, JsonSerializerOptions.Web)!);
        // Whatever else is stored, sentences of earlier versions among it, is the first reason: it could not be made.
        table.Property(t => t.Reason).HasConversion(reason => EnumNames<FailureReason>.Of(reason!.Value), text => EnumNames<FailureReason>.Values.GetValueOrDefault(text));
        table.Property(t => t.Plan).HasColumnType("jsonb");
        table.Property(t => t.Checkpoint).HasColumnType("jsonb")
            .HasConversion(checkpoint => JsonSerializer.Serialize(checkpoint, JsonSerializerOptions.Web),
                text => JsonSerializer.Deserialize<ProviderCheckpoint>(text, JsonSerializerOptions.Web)!);
        table.Ignore(t => t.IsFinal);
        table.HasIndex(t => new { t.UserId, t.Id }).IsDescending(false, true).HasFilter("deleted_at IS NULL")
            .HasDatabaseName("ix_tracks_own_list");
        table.HasIndex(t => new { t.UserId, t.Status, t.Id }).IsDescending(false, false, true).HasFilter("deleted_at IS NULL")
            .HasDatabaseName("ix_tracks_own_by_status");
        table.HasIndex(t => new { t.UserId, t.Genre, t.Id }).IsDescending(false, false, true).HasFilter("deleted_at IS NULL")
            .HasDatabaseName("ix_tracks_own_by_genre");
        table.HasIndex(t => new { t.Priority, t.Turn, t.Id }).IsDescending(true, false, false).HasFilter("status = 'queued'")
            .HasDatabaseName("ix_tracks_queue");
        table.HasIndex(t => new { t.UserId, t.Turn }).HasFilter("status = 'queued'").HasDatabaseName("ix_tracks_queue_of_user");
        table.HasIndex(t => t.LeaseUntil).HasFilter("lease_token IS NOT NULL").HasDatabaseName("ix_tracks_leases");
        table.HasIndex(t => t.FinishedAt, "left_at_providers").HasFilter("checkpoint IS NOT NULL")
            .HasDatabaseName("ix_tracks_left_at_providers");
        table.HasIndex(t => new { t.ParentId, t.Id }).IsDescending(false, true).HasFilter("parent_id IS NOT NULL")
            .HasDatabaseName("ix_tracks_lineage");
        table.HasIndex(t => t.FinishedAt).HasFilter("status = 'completed'").HasDatabaseName("ix_tracks_finished");
        table.HasIndex(t => t.PlayedAt).HasFilter("status = 'completed' AND archived_at IS NULL AND deleted_at IS NULL")
            .HasDatabaseName("ix_tracks_last_played");
        table.HasIndex(t => new { t.MeasuresVersion, t.Id }).HasFilter("status = 'completed' AND deleted_at IS NULL")
            .HasDatabaseName("ix_tracks_to_measure");
    }
}

/// <summary>The tables of tracks, as the database's context offers them.</summary>
internal static class TrackSets
{
    extension(GenerationDb db)
    {
        /// <summary>All tracks, deleted ones too.</summary>
        public DbSet<Track> Tracks => db.Set<Track>();

        /// <summary>The stored steps of jobs.</summary>
        public DbSet<TrackEvent> TrackEvents => db.Set<TrackEvent>();
    }
}
