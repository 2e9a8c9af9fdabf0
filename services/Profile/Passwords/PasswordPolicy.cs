using System.Collections.Frozen;
using System.Text;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Passwords;

/// <summary>Why a password is not taken.</summary>
internal sealed record PasswordFault(string Message, FieldReason Reason);

/// <summary>Which passwords are taken: long ones that are not the first that anyone would try.</summary>
/// <remarks>
/// <para>As NIST SP 800-63B asks: length and a list of known passwords, no rules about kinds of characters.</para>
/// <para><c>CommonPasswords.txt</c> holds what has ten characters or more among the 100,000 passwords most often seen in public leaks
/// (Mark Burnett's collection), in lower case; it is compared without regard to case. What no list holds but a guesser's rules soon make (a season and
/// a year, two common words, a leaked password with digits behind it) is found by zxcvbn (Wheeler, USENIX Security 2016).</para>
/// <para>All of it looks at the NFKC form, in which <c>ｐａｓｓｗｏｒｄ</c> is password.</para>
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

    // zxcvbn's 3: about 2^33 guesses or more. Its work grows with the square of the length, and what is sound in its first part is sound.
    private const int LeastScore = 3;
    private const int LongestScored = 64;

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
        "sonik", "sonikvers", "sonikverse", "alvae", "correcthorsebatterystaple",
        "spring", "summer", "autumn", "winter", "primavera", "verano", "otoño", "otono", "invierno",
        "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december",
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "lunes", "martes", "miércoles", "miercoles", "jueves", "viernes", "sábado", "sabado", "domingo",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The form in which passwords are checked and hashed (RFC 8265, NIST SP 800-63B): the same however a keyboard composes its characters.</summary>
    /// <remarks>Half a surrogate pair has no normal form and stays as it is.</remarks>
    public static string Normalize(string password)
    {
        try
        {
            return password.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return password;
        }
    }

    /// <summary>Why a password is not taken, as a sentence for its owner and as a reason for apps, or null when it is.</summary>
    public static PasswordFault? Fault(string typed, string? username, string? email)
    {
        var password = Normalize(typed);
        var length = password.EnumerateRunes().Count();
        if (length is < Shortest or > Longest)
            return new($"{Shortest} to {Longest} characters.", new(FieldReasons.Length, Shortest, Longest));
        var lower = password.ToLowerInvariant();
        if (Common.Contains(lower) || BareWords.Contains(Bare(lower)) || BareWords.Contains(string.Concat(lower.Where(char.IsLetter))))
            return new("This is one of the passwords that are tried first; choose another one.", new(FieldReasons.PasswordCommon));
        if (IsPattern(lower))
            return new("A row of keys, a number or a repetition is guessed at once; choose something less regular.", new(FieldReasons.PasswordRegular));
        if (Personal(username, email).Any(word => IsMostly(lower, word)))
            return new("Your own name or address is guessed first; choose something else.", new(FieldReasons.PasswordPersonal));
        var scored = password.Length <= LongestScored ? password : password[..LongestScored];
        return Zxcvbn.Zxcvbn.MatchPassword(scored).Score < LeastScore
            ? new("Words, names and years that many people use are guessed soon; add something that is only yours.", new(FieldReasons.PasswordGuessable))
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
