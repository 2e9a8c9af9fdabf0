using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Data;

namespace Son1kVers3.Profile.Entitlements;

/// <summary>What billing last told of a member. Who has no row is FREE.</summary>
internal sealed class Entitlement
{
    public Guid AccountId { get; init; }
    public Tier Tier { get; init; }
    public AlvaeLevel? Alvae { get; init; }
    public bool ApiKeys { get; init; }

    /// <summary>The tier whose rate the member's API keys have: ALVAE unlocks STUDIO's features.</summary>
    public Tier RateClass => Alvae is null ? Tier : Tier.Studio;
}

internal sealed class EntitlementTable : IEntityTypeConfiguration<Entitlement>
{
    public void Configure(EntityTypeBuilder<Entitlement> table)
    {
        table.ToTable("entitlements").HasKey(e => e.AccountId);
        table.Ignore(e => e.RateClass);
        table.Property(e => e.Tier).HasConversion<string>();
        table.Property(e => e.Alvae).HasConversion<string>();
    }
}

internal static class EntitlementQueries
{
    /// <summary>The member's tier as profile knows it.</summary>
    public static async Task<Tier> TierOfAsync(this ProfileDb db, Guid account, CancellationToken cancellationToken) =>
        await db.Set<Entitlement>().Where(e => e.AccountId == account).Select(e => e.Tier).FirstOrDefaultAsync(cancellationToken);
}
