using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Fleet;

/// <summary>What a proxy speaks.</summary>
[JsonConverter(typeof(NamedEnumConverter<ProxyProtocol>))]
internal enum ProxyProtocol
{
    [JsonStringEnumMemberName("http")] Http,
    [JsonStringEnumMemberName("socks5")] Socks5,
}

/// <summary>The operator's own egress proxy, for egress policy and region.</summary>
internal sealed class Proxy : IObserved
{
    public Guid Id { get; init; }
    public required string Name { get; set; }
    public ProxyProtocol Protocol { get; set; }
    public required string Host { get; set; }
    public int Port { get; set; }

    /// <summary>ISO 3166 country code, for example <c>UY</c>.</summary>
    public string? Region { get; set; }
    public string? Username { get; set; }

    /// <summary>The password, sealed; null for a proxy that asks for none.</summary>
    public byte[]? Secret { get; set; }
    public HealthState Health { get; set; } = HealthState.New;

    /// <summary>Counts the changes of what is configured.</summary>
    public long Version { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class ProxyTable : IEntityTypeConfiguration<Proxy>
{
    public void Configure(EntityTypeBuilder<Proxy> builder)
    {
        builder.ToTable("proxies").HasKey(p => p.Id);
        builder.Property(p => p.Protocol).HasConversion<string>();
        builder.ComplexProperty(p => p.Health, HealthColumns.Configure);
        builder.HasIndex(p => p.Name).IsUnique().HasDatabaseName("ix_proxies_name");
    }
}
