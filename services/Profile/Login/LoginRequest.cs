using FluentValidation;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Passwords;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Login;

/// <summary>How a member signs in.</summary>
internal sealed record LoginRequest
{
    /// <summary>E-mail address or username.</summary>
    public string? Login { get; init; }
    public string? Password { get; init; }

    /// <summary>Of the authenticator app, or a recovery code; only for who has a second factor.</summary>
    public string? Code { get; init; }

    // A record prints its members; this one must not.
    public override string ToString() => $"{nameof(LoginRequest)} of {Login}";
}

internal sealed class LoginRules : AbstractValidator<LoginRequest>
{
    public LoginRules()
    {
        RuleFor(r => r.Login).NotEmpty().WithMessage("Your e-mail address or username.").Line(AccountRules.LongestEmail);
        RuleFor(r => r.Password).NotEmpty().WithMessage("Your password.")
            .Must(p => p is null || p.Length <= 2 * PasswordPolicy.Longest).WithMessage($"At most {PasswordPolicy.Longest} characters.").Because(FieldReasons.TooLong, max: PasswordPolicy.Longest);
        RuleFor(r => r.Code).Line(40);
    }
}

/// <summary>A refresh token in the body; without one the cookie is taken.</summary>
internal sealed record RefreshRequest
{
    public string? RefreshToken { get; init; }

    // A record prints its members; this one must not.
    public override string ToString() => nameof(RefreshRequest);
}
