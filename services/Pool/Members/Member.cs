using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Pool.Members;

/// <summary>What the pool knows of a member. Nothing waits for it: one not heard of yet is a FREE member without a name.</summary>
/// <remarks>Three streams of events fill a row, each its own columns, and each group keeps the sequence that it stands at: their order
/// among each other does not matter.</remarks>
internal sealed class Member
{
    /// <summary>Who may claim, as a condition on <c>members AS m</c>, left joined: FREE by the tier, and no ALVAE badge by anybody's
    /// account.</summary>
    public const string MayClaimSql = "(COALESCE(m.tier, 'Free') = 'Free' AND m.alvae IS NULL AND m.entitled_alvae IS NULL)";

    public Guid UserId { get; init; }
    public string? Username { get; init; }
    public string? DisplayName { get; init; }
    public string? Border { get; init; }
    public long ProfileSequence { get; init; }

    /// <summary>Null is FREE.</summary>
    public Tier? Tier { get; init; }
    public Allowance? Allowance { get; init; }

    /// <summary>Generations of a period; null when unlimited or not known.</summary>
    public int? UnitLimit { get; init; }

    /// <summary>The badge as billing counts it.</summary>
    public AlvaeLevel? EntitledAlvae { get; init; }
    public long EntitlementSequence { get; init; }

    /// <summary>The badge as it was granted.</summary>
    public AlvaeLevel? Alvae { get; init; }
    public long AlvaeSequence { get; init; }

    /// <summary>The account is gone; what it contributed stays, under no name.</summary>
    public bool Deleted { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<Member>
    {
        public void Configure(EntityTypeBuilder<Member> builder)
        {
            builder.ToTable("members").HasKey(m => m.UserId);
            builder.Property(m => m.Tier).HasConversion<string>();
            builder.Property(m => m.Allowance).HasConversion<string>();
            builder.Property(m => m.EntitledAlvae).HasConversion<string>();
            builder.Property(m => m.Alvae).HasConversion<string>();
            foreach (var counter in (string[])[nameof(ProfileSequence), nameof(EntitlementSequence), nameof(AlvaeSequence)])
                builder.Property(counter).HasDefaultValue(0L);
            builder.Property(m => m.Deleted).HasDefaultValue(false);
            builder.HasIndex(m => m.Tier).HasFilter("allowance = 'Paid' AND NOT deleted").HasDatabaseName("ix_members_paid");
        }
    }
}
