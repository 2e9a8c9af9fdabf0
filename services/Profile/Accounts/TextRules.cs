using System.Text.RegularExpressions;
using FluentValidation;

namespace Son1kVers3.Profile.Accounts;

/// <summary>What text from outside must be before it comes near the database, which refuses NUL, and near a page.</summary>
internal static partial class TextRules
{
    public const int LongestEmail = 254;
    public const int LongestUsername = 30;

    // Would read as the platform speaking, or collide with a path.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "me", "api", "admin", "administrator", "root", "system", "operator", "moderator", "support", "help", "security", "staff", "official",
        "son1k", "son1kvers3", "alvae", "null", "undefined", "anonymous", "deleted",
    };

    /// <summary>Well-formed text without control characters; with <paramref name="lines"/> line breaks are welcome.</summary>
    public static IRuleBuilderOptions<T, string?> PlainText<T>(this IRuleBuilder<T, string?> rule, int longest, bool lines = false) => rule
        .Must(text => text is null || IsPlain(text, lines)).WithMessage("Control characters and broken Unicode are not possible here.")
        .Must(text => text is null || text.EnumerateRunes().Count() <= longest).WithMessage($"At most {longest} characters.");

    public static IRuleBuilderOptions<T, string?> Username<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(name => name is not null && IsUsername(name))
        .WithMessage($"3 to {LongestUsername} letters (a–z), digits, '_', '-' or '.', beginning with a letter or digit.")
        .Must(name => name is null || !Reserved.Contains(name)).WithMessage("This name is reserved.");

    public static IRuleBuilderOptions<T, string?> Email<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(email => email is not null && IsEmail(email)).WithMessage($"An e-mail address of at most {LongestEmail} characters, such as name@example.org.");

    public static bool IsUsername(string text) => UsernamePattern().IsMatch(text);

    public static bool IsEmail(string text) => text.Length <= LongestEmail && EmailPattern().IsMatch(text);

    private static bool IsPlain(string text, bool lines)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]) || (char.IsControl(text[i]) && !(lines && text[i] is '\n' or '\r' or '\t')))
                return false;
        }

        return true;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{2,29}\z")]
    private static partial Regex UsernamePattern();

    // The addr-spec of RFC 5321 without quoted parts and address literals; names outside ASCII come as punycode.
    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*(?<=^.{1,64})@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])\z")]
    private static partial Regex EmailPattern();
}
