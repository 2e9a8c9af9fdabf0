using System.Collections.Frozen;

namespace Son1kVers3.Profile.Accounts;

/// <summary>Which passwords are taken: long ones that are not the first that anyone would try.</summary>
/// <remarks>
/// <para>As NIST SP 800-63B asks: length and a list of known passwords, no rules about kinds of characters.</para>
/// <para><c>CommonPasswords.txt</c> holds what has ten characters or more among the 100,000 passwords most often seen in public leaks
/// (Mark Burnett's collection), in lower case; it is compared without regard to case.</para>
/// </remarks>
internal static class PasswordPolicy
{
    public const int Shortest = 10;
    public const int Longest = 256;

    private const int FewestDistinct = 5;
    private const int LongestRepeatedBlock = 5;
    // Telephone numbers and dates are shorter.
    private const int ShortestOfDigits = 16;
    private const int ShortestPersonalWord = 4;
    private const int LeastBesidesPersonal = 6;

    private static readonly FrozenSet<string> Common = Load();

    // Runs that fingers and alphabets make; a password that is a piece of one, forwards or backwards, has no secret in it.
    private static readonly string[] Runs =
    [
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "01234567890123456789012345678901234567890123456789",
        "qwertyuiopasdfghjklzxcvbnm", "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p",
    ];

    // Words that are no secret once the digits and marks around them are taken away, and 4 → a, 0 → o and the like undone.
    private static readonly FrozenSet<string> BareWords = new[]
    {
        "password", "passwort", "contrasena", "contraseña", "passw", "qwerty", "qwertyuiop", "welcome", "bienvenido", "letmein", "iloveyou", "tequiero",
        "teamo", "admin", "administrator", "administrador", "changeme", "secret", "secreto", "football", "baseball", "dragon", "monkey", "master",
        "sunshine", "princess", "superman", "batman", "hello", "hola", "test", "testing", "default", "login", "abc", "abcd", "abcde", "asdf", "asdfgh",
        "sonik", "sonikvers", "sonikverse", "alvae",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Why a password is not taken, as a sentence for its owner, or null when it is.</summary>
    public static string? Fault(string password, string? username, string? email)
    {
        var length = password.EnumerateRunes().Count();
        if (length is < Shortest or > Longest)
            return $"{Shortest} to {Longest} characters.";
        var lower = password.ToLowerInvariant();
        if (Common.Contains(lower) || BareWords.Contains(Bare(lower)))
            return "This is one of the passwords that are tried first; choose another one.";
        if (IsPattern(lower))
            return "A row of keys, a number or a repetition is guessed at once; choose something less regular.";
        return Personal(username, email).Any(word => IsMostly(lower, word))
            ? "Your own name or address is guessed first; choose something else."
            : null;
    }

    private static bool IsPattern(string lower) =>
        lower.Distinct().Count() < FewestDistinct
        || (lower.Length < ShortestOfDigits && lower.All(char.IsAsciiDigit))
        || Enumerable.Range(1, LongestRepeatedBlock).Any(block => Enumerable.Range(block, lower.Length - block).All(i => lower[i] == lower[i - block]))
        || Runs.Any(run => run.Contains(lower, StringComparison.Ordinal) || run.Contains(Reversed(lower), StringComparison.Ordinal));

    /// <summary>What is left of "P4ssw0rd_2026!" is "password".</summary>
    private static string Bare(string lower)
    {
        var word = lower.Trim([.. lower.Where(c => !char.IsLetter(c) && c is not ('@' or '$')).Distinct()]);
        return string.Concat(word.Select(c => c switch { '4' or '@' => 'a', '0' => 'o', '3' => 'e', '1' or '!' => 'i', '5' or '$' => 's', '7' => 't', _ => c }));
    }

    private static IEnumerable<string> Personal(string? username, string? email) =>
        new[] { username, email, email?.Split('@')[0] }.OfType<string>().Where(w => w.Length >= ShortestPersonalWord).Select(w => w.ToLowerInvariant());

    private static bool IsMostly(string lower, string word) =>
        lower.Contains(word, StringComparison.Ordinal) && lower.Replace(word, "", StringComparison.Ordinal).Length < LeastBesidesPersonal;

    private static string Reversed(string text) => string.Concat(text.Reverse());

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(PasswordPolicy).Assembly.GetManifestResourceStream("CommonPasswords.txt")
            ?? throw new InvalidOperationException("The list of common passwords is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
