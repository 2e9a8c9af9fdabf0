using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Stealth.Fleet;

/// <summary>Where a key stands between its coming and its going.</summary>
[JsonConverter(typeof(NamedEnumConverter<KeyStatus>))]
internal enum KeyStatus
{
    /// <summary>May be used; the newest one is.</summary>
    [JsonStringEnumMemberName("active")] Active,

    /// <summary>Only what began with it goes on with it.</summary>
    [JsonStringEnumMemberName("draining")] Draining,

    /// <summary>Never used again; its secret is erased.</summary>
    [JsonStringEnumMemberName("revoked")] Revoked,
}

/// <summary>A secret of an account: the unit of expiry and revocation.</summary>
internal sealed class AccountKey
{
    public Guid Id { get; init; }
    public Guid AccountId { get; init; }

    /// <summary>Sealed; opens only here. Null once revoked.</summary>
    public byte[]? Secret { get; set; }
    public required string Mask { get; set; }
    public KeyStatus Status { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the provider ends it.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Active beside its successor until then, then draining.</summary>
    public DateTimeOffset? DrainAt { get; set; }

    /// <summary>Draining until then at the longest, then revoked.</summary>
    public DateTimeOffset? RevokeAt { get; set; }

    /// <summary>When the provider refused it, so that another key of the account is tried.</summary>
    public DateTimeOffset? RefusedAt { get; set; }

    /// <summary>Days before its end of which operators were warned last.</summary>
    public int? WarnedDays { get; set; }
}

internal sealed class AccountKeyTable : IEntityTypeConfiguration<AccountKey>
{
    public void Configure(EntityTypeBuilder<AccountKey> builder)
    {
        builder.ToTable("account_keys").HasKey(k => k.Id);
        builder.Property(k => k.Status).HasConversion<string>();
        builder.HasIndex(k => new { k.AccountId, k.Id }).HasDatabaseName("ix_account_keys_account_id");
    }
}
