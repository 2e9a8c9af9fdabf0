using System.Text.RegularExpressions;
using FluentValidation;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Accounts;

/// <summary>What an e-mail address and a username look like.</summary>
internal static partial class AccountRules
{
    public const int LongestEmail = 254;
    public const int LongestUsername = 30;

    // Would read as the platform speaking, or collide with a path.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "me", "api", "admin", "administrator", "root", "system", "operator", "moderator", "support", "help", "security", "staff", "official",
        "son1k", "son1kvers3", "alvae", "null", "undefined", "anonymous", "deleted",
    };

    public static IRuleBuilderOptions<T, string?> Username<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(name => name is not null && IsUsername(name))
        .WithMessage($"3 to {LongestUsername} letters (a–z), digits, '_', '-' or '.', beginning with a letter or digit.").Because(FieldReasons.Username, 3, LongestUsername)
        .Must(name => name is null || !Reserved.Contains(name)).WithMessage("This name is reserved.").Because(FieldReasons.UsernameReserved);

    public static IRuleBuilderOptions<T, string?> Email<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(email => email is not null && IsEmail(email)).WithMessage($"An e-mail address of at most {LongestEmail} characters, such as name@example.org.").Because(FieldReasons.Email, max: LongestEmail);

    public static bool IsUsername(string text) => UsernamePattern().IsMatch(text);

    public static bool IsEmail(string text) => text.Length <= LongestEmail && EmailPattern().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{2,29}\z")]
    private static partial Regex UsernamePattern();

    // The addr-spec of RFC 5321 without quoted parts and address literals; names outside ASCII come as punycode.
    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*(?<=^.{1,64})@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])\z")]
    private static partial Regex EmailPattern();
}
