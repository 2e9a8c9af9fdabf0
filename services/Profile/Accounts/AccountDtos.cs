namespace Son1kVers3.Profile.Accounts;

/// <summary>The caller's own account.</summary>
internal sealed record UserDto(Guid Id, string Email, string Username, string DisplayName, IReadOnlyList<string> Roles, DateTimeOffset CreatedAt)
{
    public static UserDto Of(Account account) =>
        new(account.Id, account.Email, account.Username, account.DisplayName, account.Roles, account.CreatedAt);
}
