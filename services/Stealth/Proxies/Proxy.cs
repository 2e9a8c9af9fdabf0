using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Stealth.Accounts;

namespace Son1kVers3.Stealth.Proxies;

/// <summary>The operator's own egress proxy, for egress policy and region.</summary>
internal sealed class Proxy
{
    public Guid Id { get; init; }
    public required string Name { get; set; }
    public required string Host { get; set; }
    public int Port { get; set; }

    /// <summary>ISO 3166 country code, for example <c>UY</c>.</summary>
    public string? Region { get; set; }
    public HealthStatus Status { get; set; }

    /// <summary>User and password, sealed; null for a proxy that asks for none.</summary>
    public byte[]? Credentials { get; set; }
    public string? Username { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class ProxyTable : IEntityTypeConfiguration<Proxy>
{
    public void Configure(EntityTypeBuilder<Proxy> builder)
    {
        builder.ToTable("proxies").HasKey(p => p.Id);
        builder.Property(p => p.Status).HasConversion<string>();
        builder.HasIndex(p => p.Name).IsUnique();
    }
}
