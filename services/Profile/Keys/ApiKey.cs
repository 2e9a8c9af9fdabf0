using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Profile.Accounts;

namespace Son1kVers3.Profile.Keys;

/// <summary>A member's API key. The key itself is shown once and not kept.</summary>
internal sealed class ApiKey
{
    private const string Prefix = "s1k_";
    private const int SecretBytes = 32;
    private const int HintLength = 4;

    public Guid Id { get; init; }
    public Guid AccountId { get; init; }
    public required string Name { get; init; }

    /// <summary>SHA-256 of the key. Its 256 random bits can't be searched through, so a slow hash would only slow the gateway.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>What it may do, see <see cref="ServiceDefaults.Auth.Scopes"/>.</summary>
    public string[] Scopes { get; init; } = [];

    /// <summary>The last characters, by which its owner tells it from others.</summary>
    public required string Hint { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    public static (ApiKey Key, string Secret) Make(Guid id, Guid account, string name, string[] scopes, DateTimeOffset now)
    {
        var secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return (new ApiKey { Id = id, AccountId = account, Name = name, Scopes = scopes, Hash = HashOf(secret), Hint = secret[^HintLength..], CreatedAt = now }, secret);
    }

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

internal sealed class ApiKeyTable : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> table)
    {
        table.ToTable("api_keys");
        // Keys that were made before there were scopes could do everything.
        table.Property(k => k.Scopes).HasDefaultValueSql("'{read,write}'");
        table.HasIndex(k => k.Hash).IsUnique();
        table.HasIndex(k => new { k.AccountId, k.Id });
        table.HasOne<Account>().WithMany().HasForeignKey(k => k.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
