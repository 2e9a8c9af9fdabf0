using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Entitlements;

/// <summary>What billing told of a member. Who is not known here is on FREE.</summary>
internal sealed class Entitlement
{
    public Guid UserId { get; init; }
    public Tier Tier { get; init; }
    public bool Stems { get; init; }
}

internal sealed class EntitlementTable : IEntityTypeConfiguration<Entitlement>
{
    public void Configure(EntityTypeBuilder<Entitlement> table)
    {
        table.ToTable("entitlements").HasKey(e => e.UserId);
        table.Property(e => e.UserId).ValueGeneratedNever();
    }
}

/// <summary>Keeps the latest; of a deleted account none.</summary>
internal sealed class OnEntitlementChanged(GenerationDb db) : IHandle<EntitlementChanged>
{
    public async Task<Event[]> HandleAsync(EntitlementChanged message, CancellationToken cancellationToken)
    {
        var tier = message.Tier.ToString().ToLowerInvariant();
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO entitlements (user_id, tier, stems)
            SELECT {message.UserId}, {tier}, {message.Stems}
            WHERE NOT EXISTS (SELECT FROM deleted_accounts WHERE user_id = {message.UserId})
            ON CONFLICT (user_id) DO UPDATE SET tier = excluded.tier, stems = excluded.stems
            """,
            cancellationToken);
        return [];
    }
}
