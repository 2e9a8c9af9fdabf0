using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Stealth.Dialects;

namespace Son1kVers3.Stealth.Fleet;

/// <summary>Which account comes next.</summary>
[JsonConverter(typeof(NamedEnumConverter<Strategy>))]
internal enum Strategy
{
    /// <summary>The one whose last turn is longest ago.</summary>
    [JsonStringEnumMemberName("round-robin")] RoundRobin,

    /// <summary>The less busy one of two that are drawn.</summary>
    [JsonStringEnumMemberName("random")] Random,

    /// <summary>The least busy one, for its concurrency.</summary>
    [JsonStringEnumMemberName("least-used")] LeastUsed,

    /// <summary>In proportion to the accounts' weights.</summary>
    [JsonStringEnumMemberName("weighted")] Weighted,

    /// <summary>The same one for a user, as long as it is there.</summary>
    [JsonStringEnumMemberName("sticky-by-user")] StickyByUser,
}

/// <summary>After so many requests an account rests.</summary>
internal sealed record Rest(int Requests = 50, double Minutes = 30);

/// <summary>How the accounts of a provider are used.</summary>
internal sealed class ProviderSettings
{
    public Guid Id { get; init; }
    public required string Name { get; init; }
    public Strategy Strategy { get; set; }
    public bool Enabled { get; set; } = true;

    /// <summary>Null for no rest.</summary>
    public Rest? Rest { get; set; }

    /// <summary>Accounts may name servers in private networks.</summary>
    public bool AllowPrivateHosts { get; set; }

    /// <summary>Whether the last event that was told of it is that it is down.</summary>
    public bool IsDown { get; set; }

    /// <summary>Counts those events.</summary>
    public long Sequence { get; set; }

    /// <summary>Counts the changes of what is configured.</summary>
    public long Version { get; set; }

    /// <summary>As a provider is before anybody configures it.</summary>
    public static ProviderSettings Default(Dialect dialect) => new()
    {
        Id = Guid.CreateVersion7(),
        Name = dialect.Name,
        // Own servers: the one with the shortest queue, and machines need no rest.
        Strategy = dialect.SelfHosted ? Strategy.LeastUsed : Strategy.RoundRobin,
        Rest = dialect.SelfHosted ? null : new Rest(),
        AllowPrivateHosts = dialect.SelfHosted,
    };
}

internal sealed class ProviderTable : IEntityTypeConfiguration<ProviderSettings>
{
    public void Configure(EntityTypeBuilder<ProviderSettings> builder)
    {
        builder.ToTable("providers").HasKey(p => p.Name);
        builder.Property(p => p.Strategy).HasConversion<string>();
        builder.OwnsOne(p => p.Rest, rest => rest.ToJson());
    }
}
