using Son1kVers3.Contracts;

namespace Son1kVers3.Profile.Accounts;

/// <summary>An account as its owner sees it when signing in.</summary>
internal record UserDto(
    Guid Id, string Email, bool EmailVerified, string Username, string DisplayName, IReadOnlyList<string> Roles, DateTimeOffset CreatedAt)
{
    public static UserDto Of(Account account) => new(
        account.Id, account.Email, account.EmailVerifiedAt is not null, account.Username, account.DisplayName, account.Roles, account.CreatedAt);
}

/// <summary>The signed-in account, with tier and badge as profile knows them.</summary>
internal sealed record MeDto(
    Guid Id, string Email, bool EmailVerified, string Username, string DisplayName, IReadOnlyList<string> Roles, DateTimeOffset CreatedAt, Tier Tier,
    AlvaeBadge? Alvae, bool SecondFactor)
    : UserDto(Id, Email, EmailVerified, Username, DisplayName, Roles, CreatedAt);
