using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Stealth.Accounts;

/// <summary>How an account or a proxy stands.</summary>
[JsonConverter(typeof(NamedEnumConverter<HealthStatus>))]
internal enum HealthStatus
{
    [JsonStringEnumMemberName("healthy")] Healthy,
    [JsonStringEnumMemberName("degraded")] Degraded,
    [JsonStringEnumMemberName("cooling")] Cooling,
    [JsonStringEnumMemberName("banned")] Banned,
    [JsonStringEnumMemberName("disabled")] Disabled,
}

/// <summary>The operator's own, contracted account at a music provider.</summary>
internal sealed class Account
{
    public Guid Id { get; init; }
    public required string Provider { get; set; }
    public required string Name { get; set; }

    /// <summary>Whose contract it is.</summary>
    public required string ContractHolder { get; set; }

    /// <summary>The terms that allow automated use.</summary>
    public required string TermsUrl { get; set; }
    public required AccountLimits Limits { get; set; }
    public HealthStatus Status { get; set; }

    /// <summary>Sealed; opens only here.</summary>
    public required byte[] Secret { get; set; }
    public required string SecretMask { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What the contract allows; null means the provider sets no such limit.</summary>
/// <param name="Concurrency">Requests at the same time.</param>
/// <param name="SpendCentsPerMonth">In the contract's currency.</param>
internal sealed record AccountLimits(int Concurrency = 1, int? RequestsPerMinute = null, int? RequestsPerDay = null, int? RequestsPerMonth = null, long? SpendCentsPerMonth = null);

internal sealed class AccountTable : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("accounts").HasKey(a => a.Id);
        builder.Property(a => a.Status).HasConversion<string>();
        builder.OwnsOne(a => a.Limits, limits => limits.ToJson());
        builder.HasIndex(a => new { a.Provider, a.Name }).IsUnique();
    }
}
