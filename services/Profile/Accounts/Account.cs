using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Role = Son1kVers3.ServiceDefaults.Auth.Roles;

namespace Son1kVers3.Profile.Accounts;

/// <summary>Someone who signed up.</summary>
internal sealed class Account
{
    public Guid Id { get; init; }

    /// <summary>As it was typed; compared by <see cref="EmailKey"/>.</summary>
    public required string Email { get; init; }
    public required string EmailKey { get; init; }

    /// <summary>As it was typed; compared by <see cref="UsernameKey"/>.</summary>
    public required string Username { get; init; }
    public required string UsernameKey { get; init; }
    public required string PasswordHash { get; set; }
    public required string DisplayName { get; set; }
    public string? Bio { get; set; }
    public string[] Links { get; set; } = [];

    /// <summary>Has the role <c>operator</c>.</summary>
    public bool IsOperator { get; set; }

    /// <summary>Sequence of the last event that this account published, of whatever kind: what happened to one member has one order.</summary>
    public long Sequence { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyList<string> Roles => RolesOf(IsOperator);

    public static IReadOnlyList<string> RolesOf(bool isOperator) =>
        isOperator ? [Role.Member, Role.Operator] : [Role.Member];

    /// <summary>What makes two e-mail addresses or usernames the same. Both are ASCII.</summary>
    public static string KeyOf(string emailOrUsername) => emailOrUsername.ToLowerInvariant();
}

internal sealed class AccountTable : IEntityTypeConfiguration<Account>
{
    public const string EmailIndex = "ix_accounts_email_key";
    public const string UsernameIndex = "ix_accounts_username_key";

    public void Configure(EntityTypeBuilder<Account> table)
    {
        table.ToTable("accounts");
        table.Ignore(a => a.Roles);
        table.HasIndex(a => a.EmailKey).IsUnique().HasDatabaseName(EmailIndex);
        table.HasIndex(a => a.UsernameKey).IsUnique().HasDatabaseName(UsernameIndex);
    }
}
