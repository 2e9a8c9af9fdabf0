using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Role = Son1kVers3.ServiceDefaults.Auth.Roles;

namespace Son1kVers3.Profile.Accounts;

/// <summary>Someone who signed up.</summary>
internal sealed class Account
{
    /// <summary>What stands in the place of a member who is gone.</summary>
    public const string DeletedName = "deleted";

    public Guid Id { get; init; }

    /// <summary>As it was typed; compared by <see cref="EmailKey"/>.</summary>
    public required string Email { get; set; }
    public required string EmailKey { get; set; }

    /// <summary>When its owner showed to receive mail there; null until then.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; set; }

    /// <summary>As it was typed; compared by <see cref="UsernameKey"/>.</summary>
    public required string Username { get; init; }
    public required string UsernameKey { get; init; }
    public required string PasswordHash { get; set; }
    public required string DisplayName { get; set; }
    public string? Bio { get; set; }
    public string[] Links { get; set; } = [];

    /// <summary>Names the present picture; null without one.</summary>
    public string? AvatarVersion { get; set; }

    /// <summary>Has the role <c>operator</c>.</summary>
    public bool IsOperator { get; set; }

    /// <summary><c>en</c> or <c>es</c>: the language of mails.</summary>
    public string Language { get; set; } = "en";

    /// <summary>Others may see whom the member follows and by whom they are followed.</summary>
    public bool FollowsVisible { get; set; } = true;

    /// <summary>Others may see the numbers on the profile.</summary>
    public bool StatsVisible { get; set; } = true;

    /// <summary>The app's own measurements leave this member out.</summary>
    public bool AnalyticsOptOut { get; set; }

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
        table.Property(a => a.Language).HasDefaultValue("en");
        table.Property(a => a.FollowsVisible).HasDefaultValue(true).HasSentinel(true);
        table.Property(a => a.StatsVisible).HasDefaultValue(true).HasSentinel(true);
        table.HasIndex(a => a.EmailKey).IsUnique().HasDatabaseName(EmailIndex);
        table.HasIndex(a => a.UsernameKey).IsUnique().HasDatabaseName(UsernameIndex);
        // Operators find members by a part of any of the three.
        table.HasIndex(a => new { a.Username, a.DisplayName, a.Email }).HasMethod("gin").HasOperators("gin_trgm_ops", "gin_trgm_ops", "gin_trgm_ops").HasDatabaseName("ix_accounts_trigrams");
    }
}
