using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Profile.Collections;

/// <summary>Who sees a collection.</summary>
[JsonConverter(typeof(NamedEnumConverter<CollectionVisibility>))]
internal enum CollectionVisibility
{
    /// <summary>Its owner and its editors.</summary>
    [JsonStringEnumMemberName("private")] Private,

    /// <summary>Everybody, and search.</summary>
    [JsonStringEnumMemberName("public")] Public,
}

/// <summary>What orders a collection.</summary>
[JsonConverter(typeof(NamedEnumConverter<CollectionOrder>))]
internal enum CollectionOrder
{
    /// <summary>Its editors, by hand.</summary>
    [JsonStringEnumMemberName("manual")] Manual,

    /// <summary>The votes; among equals the order by hand.</summary>
    [JsonStringEnumMemberName("votes")] Votes,
}

/// <summary>Tracks that members gathered.</summary>
internal sealed class Collection
{
    public Guid Id { get; init; }
    public Guid OwnerId { get; init; }
    public required string Title { get; set; }
    public CollectionVisibility Visibility { get; set; }
    public CollectionOrder Order { get; set; }
    public int ItemCount { get; set; }
    public long Plays { get; init; }

    /// <summary>Grows by one with every change of the collection, its editors, items and votes.</summary>
    public long Version { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>What orders it, as a factor of an item's votes in <c>ORDER BY</c>.</summary>
    public int VoteWeight => Order == CollectionOrder.Votes ? 1 : 0;
}

/// <summary>A member who may change a collection's items besides its owner.</summary>
internal sealed class CollectionEditor
{
    public Guid CollectionId { get; init; }
    public Guid AccountId { get; init; }
    public DateTimeOffset AddedAt { get; init; }
}

/// <summary>A place in a collection: the same track may have several.</summary>
internal sealed class CollectionItem
{
    public Guid Id { get; init; }
    public Guid CollectionId { get; init; }
    public Guid GenerationId { get; init; }

    /// <summary>Null when the member is gone.</summary>
    public Guid? AddedBy { get; init; }
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>Its place in the order by hand, see <see cref="Ranks"/>.</summary>
    public long Rank { get; set; }
    public int Votes { get; set; }

    /// <summary>The collection's version when it was put at its place.</summary>
    public long Version { get; set; }
}

/// <summary>A member's vote for an item.</summary>
internal sealed class CollectionVote
{
    public Guid ItemId { get; init; }
    public Guid AccountId { get; init; }
    public DateTimeOffset VotedAt { get; init; }
}

/// <summary>What happened to a collection, for streams that go on after a break; what it is now stands in the rows themselves.</summary>
internal sealed class CollectionChange
{
    public Guid CollectionId { get; init; }
    public long Version { get; init; }
    public CollectionChangeKind Kind { get; init; }
    public Guid? ItemId { get; init; }
}

/// <summary>What can happen to a collection.</summary>
internal enum CollectionChangeKind
{
    /// <summary>Its title, its visibility, its editors.</summary>
    Updated,

    /// <summary>The whole of its order.</summary>
    Reordered,
    ItemAdded,
    ItemMoved,
    ItemRemoved,
    ItemVoted,
}

/// <summary>A member who played a collection.</summary>
internal sealed class CollectionListener
{
    public Guid CollectionId { get; init; }
    public Guid AccountId { get; init; }

    /// <summary>When a play of theirs counted last.</summary>
    public DateTimeOffset PlayedAt { get; init; }
}

/// <summary>How often a collection was played on a UTC day.</summary>
internal sealed class CollectionDay
{
    public Guid CollectionId { get; init; }
    public DateOnly Day { get; init; }
    public int Plays { get; init; }
}

internal sealed class CollectionTables : IEntityTypeConfiguration<Collection>, IEntityTypeConfiguration<CollectionEditor>,
    IEntityTypeConfiguration<CollectionItem>, IEntityTypeConfiguration<CollectionVote>, IEntityTypeConfiguration<CollectionChange>,
    IEntityTypeConfiguration<CollectionListener>, IEntityTypeConfiguration<CollectionDay>
{
    public void Configure(EntityTypeBuilder<Collection> table)
    {
        table.ToTable("collections");
        table.Ignore(c => c.VoteWeight);
        table.Property(c => c.Visibility).HasConversion<string>();
        table.Property(c => c.Order).HasColumnName("ordering").HasConversion<string>();
        table.HasIndex(c => new { c.OwnerId, c.Id }).HasDatabaseName("ix_collections_owner_id_id");
    }

    public void Configure(EntityTypeBuilder<CollectionEditor> table)
    {
        table.ToTable("collection_editors").HasKey(e => new { e.CollectionId, e.AccountId });
        table.HasIndex(e => new { e.AccountId, e.CollectionId }).HasDatabaseName("ix_collection_editors_account_id_collection_id");
        table.HasOne<Collection>().WithMany().HasForeignKey(e => e.CollectionId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<CollectionItem> table)
    {
        table.ToTable("collection_items");
        table.HasIndex(i => new { i.CollectionId, i.Rank, i.Id }).HasDatabaseName("ix_collection_items_in_order");
        table.HasIndex(i => i.GenerationId).HasDatabaseName("ix_collection_items_generation_id");
        table.HasIndex(i => i.AddedBy).HasDatabaseName("ix_collection_items_added_by");
        table.HasOne<Collection>().WithMany().HasForeignKey(i => i.CollectionId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<CollectionVote> table)
    {
        table.ToTable("collection_votes").HasKey(v => new { v.ItemId, v.AccountId });
        table.HasIndex(v => v.AccountId).HasDatabaseName("ix_collection_votes_account_id");
        table.HasOne<CollectionItem>().WithMany().HasForeignKey(v => v.ItemId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<CollectionChange> table)
    {
        table.ToTable("collection_changes").HasKey(c => new { c.CollectionId, c.Version });
        table.Property(c => c.Kind).HasConversion<string>();
        table.HasOne<Collection>().WithMany().HasForeignKey(c => c.CollectionId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<CollectionListener> table)
    {
        table.ToTable("collection_listeners").HasKey(l => new { l.CollectionId, l.AccountId });
        table.HasIndex(l => l.AccountId).HasDatabaseName("ix_collection_listeners_account_id");
        table.HasOne<Collection>().WithMany().HasForeignKey(l => l.CollectionId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<CollectionDay> table)
    {
        table.ToTable("collection_days").HasKey(d => new { d.CollectionId, d.Day });
        table.HasOne<Collection>().WithMany().HasForeignKey(d => d.CollectionId).OnDelete(DeleteBehavior.Cascade);
    }
}
