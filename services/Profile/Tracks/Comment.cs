using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Profile.Tracks;

/// <summary>What a member says about a creation.</summary>
internal sealed class Comment
{
    public Guid Id { get; init; }
    public Guid GenerationId { get; init; }
    public Guid AuthorId { get; init; }
    public required string Text { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EditedAt { get; set; }

    /// <summary>When operators took it out of sight: it is there for nobody, and not counted.</summary>
    public DateTimeOffset? HiddenAt { get; init; }
}

internal sealed class CommentTable : IEntityTypeConfiguration<Comment>
{
    public void Configure(EntityTypeBuilder<Comment> table)
    {
        table.ToTable("comments");
        table.HasIndex(c => new { c.GenerationId, c.Id }).HasDatabaseName("ix_comments_generation_id_id");
        table.HasIndex(c => c.AuthorId).HasDatabaseName("ix_comments_author_id");
    }
}
