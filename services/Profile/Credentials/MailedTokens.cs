using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Credentials;

/// <summary>What a mailed token is good for.</summary>
internal enum TokenPurpose
{
    VerifyAddress,
    ChangeAddress,
    ResetPassword,
}

/// <summary>A token that was mailed: who sends it back receives mail at that address. Only its hash is kept; it is good once, for an hour.</summary>
internal sealed class MailedToken
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const int SecretBytes = 32;

    /// <summary>SHA-256 of the token, whose 256 random bits can't be searched through.</summary>
    public required byte[] Hash { get; init; }
    public Guid AccountId { get; init; }
    public TokenPurpose Purpose { get; init; }

    /// <summary>Where it was mailed to.</summary>
    public required string Address { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }

    public static (MailedToken Token, string Secret) Make(Guid account, TokenPurpose purpose, string address, DateTimeOffset now)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return (new MailedToken { Hash = HashOf(secret), AccountId = account, Purpose = purpose, Address = address, ExpiresAt = now + Lifetime }, secret);
    }

    public static byte[] HashOf(string? secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret ?? ""));
}

internal sealed class MailedTokenTable : IEntityTypeConfiguration<MailedToken>
{
    public void Configure(EntityTypeBuilder<MailedToken> table)
    {
        table.ToTable("mailed_tokens").HasKey(t => t.Hash);
        table.Property(t => t.Purpose).HasConversion<string>();
        table.HasIndex(t => t.AccountId).HasDatabaseName("ix_mailed_tokens_account_id");
        table.HasIndex(t => t.ExpiresAt).HasDatabaseName("ix_mailed_tokens_expires_at");
        table.HasOne<Account>().WithMany().HasForeignKey(t => t.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal static class MailedTokenQueries
{
    /// <summary>The token, which is spent by this when the transaction commits: of parallel uses one gets it. 400 <c>invalid-token</c> else.</summary>
    public static async Task<MailedToken> SpendTokenAsync(
        this ProfileDb db, string? secret, DateTimeOffset now, CancellationToken cancellationToken, params TokenPurpose[] purposes)
    {
        var (hash, names) = (MailedToken.HashOf(secret), purposes.Select(p => p.ToString()).ToArray());
        var spent = await db.Set<MailedToken>().FromSql(
            $"DELETE FROM mailed_tokens WHERE hash = {hash} AND purpose = ANY({names}) AND expires_at > {now} RETURNING *").AsNoTracking().ToListAsync(cancellationToken);
        return spent.SingleOrDefault() ?? throw InvalidToken();
    }

    public static ProblemException InvalidToken() =>
        Problem.Of(400, "invalid-token", "This link was used before, is older than an hour, or is not complete; ask for another one.");
}
