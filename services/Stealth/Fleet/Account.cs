using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Fleet;

/// <summary>The operator's own, contracted account at a music provider: the unit of capacity.</summary>
internal sealed class Account : IObserved
{
    public Guid Id { get; init; }
    public required string Provider { get; init; }
    public required string Name { get; set; }

    /// <summary>Whose contract it is.</summary>
    public required string ContractHolder { get; set; }

    /// <summary>The terms that allow automated use.</summary>
    public required string TermsUrl { get; set; }

    /// <summary>The operator's own server or a compatible gateway; null for the provider's own address.</summary>
    public string? BaseUrl { get; set; }
    public required AccountLimits Limits { get; set; }

    /// <summary>Its share under the strategy <c>weighted</c>.</summary>
    public int Weight { get; set; } = 1;
    public string[] Tags { get; set; } = [];

    /// <summary>The proxy that its requests go through.</summary>
    public Guid? ProxyId { get; set; }
    public HealthState Health { get; set; } = HealthState.New;

    /// <summary>Counts the changes of what is configured.</summary>
    public long Version { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public List<AccountKey> Keys { get; init; } = [];
}

internal sealed class AccountTable : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("accounts").HasKey(a => a.Id);
        builder.OwnsOne(a => a.Limits, limits => limits.ToJson());
        builder.ComplexProperty(a => a.Health, HealthColumns.Configure);
        builder.HasIndex(a => new { a.Provider, a.Name }).IsUnique().HasDatabaseName("ix_accounts_provider_name");
        builder.HasIndex(a => a.ProxyId).HasDatabaseName("ix_accounts_proxy_id");
        builder.HasMany(a => a.Keys).WithOne().HasForeignKey(k => k.AccountId);
        builder.HasOne<Proxy>().WithMany().HasForeignKey(a => a.ProxyId).OnDelete(DeleteBehavior.Restrict);
    }
}
