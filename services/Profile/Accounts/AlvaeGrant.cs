using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Data;

namespace Son1kVers3.Profile.Accounts;

/// <summary>A number that was given to a member. The row stays after it was revoked: its number is used up.</summary>
internal sealed class AlvaeGrant
{
    public Guid Id { get; init; }
    public int Number { get; init; }

    /// <summary>Who has it; null when that account was deleted.</summary>
    public Guid? AccountId { get; init; }
    public AlvaeLevel Level { get; init; }
    public string? Note { get; init; }

    /// <summary>Null for the FOUNDER, whom nobody granted.</summary>
    public Guid? GrantedBy { get; init; }
    public DateTimeOffset GrantedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }
}

internal sealed class AlvaeGrantTable : IEntityTypeConfiguration<AlvaeGrant>
{
    public void Configure(EntityTypeBuilder<AlvaeGrant> table)
    {
        table.ToTable("alvae_grants");
        table.Property(g => g.Level).HasConversion<string>();
        table.HasIndex(g => g.Number).IsUnique();
        table.HasIndex(g => g.AccountId).IsUnique().HasFilter("revoked_at IS NULL");
        // Numbers outlive accounts.
        table.HasOne<Account>().WithMany().HasForeignKey(g => g.AccountId).OnDelete(DeleteBehavior.SetNull);
    }
}

/// <summary>The badge as everyone sees it.</summary>
/// <param name="AlvaeId">For example <c>ALVAE-042</c>.</param>
/// <param name="Level">FOUNDER, TESTER or EARLY_ADOPTER.</param>
/// <param name="Border">Colour of the frame.</param>
internal sealed record AlvaeBadge(string AlvaeId, AlvaeLevel Level, string Border)
{
    public static AlvaeBadge Of(AlvaeGrant grant) => new(AlvaeLevels.IdOf(grant.Number), grant.Level, AlvaeLevels.Of(grant.Level).Border);
}

internal static class AlvaeQueries
{
    /// <summary>The grant that a member holds now, or null.</summary>
    public static Task<AlvaeGrant?> GrantOfAsync(this ProfileDb db, Guid account, CancellationToken cancellationToken) =>
        db.Set<AlvaeGrant>().AsNoTracking().FirstOrDefaultAsync(g => g.AccountId == account && g.RevokedAt == null, cancellationToken);
}
