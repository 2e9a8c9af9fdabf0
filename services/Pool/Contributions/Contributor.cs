using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Pool.Contributions;

/// <summary>The accumulator's counters of one member. Its row is the lock that puts a member's contributions in line.</summary>
internal sealed class Contributor
{
    public Guid UserId { get; init; }

    /// <summary>Completed generations of the paid allowance, ever.</summary>
    public long Completed { get; init; }

    /// <summary>Tracks that the accumulator has contributed, ever; what was deleted with the account's own means is owed again.</summary>
    public long Contributed { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<Contributor>
    {
        public void Configure(EntityTypeBuilder<Contributor> builder) => builder.ToTable("contributors").HasKey(c => c.UserId);
    }
}
