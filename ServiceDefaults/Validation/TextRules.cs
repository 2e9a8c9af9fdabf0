using System.Globalization;
using System.Text;
using System.Xml;
using FluentValidation;

namespace Son1kVers3.ServiceDefaults.Validation;

/// <summary>Rules for text that people type. Lengths are in UTF-16 units.</summary>
public static class TextRules
{
    private const string Invisible = "Some characters that show.";

    // Letters and a symbol by their category, and yet nothing to see: Hangul fillers, the empty Braille pattern.
    private static readonly int[] Blanks = [0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0];

    /// <summary>One line of at most <paramref name="longest"/> units: what is put between other texts, and so without marks that turn their direction.</summary>
    public static IRuleBuilderOptions<T, string?> Line<T>(this IRuleBuilder<T, string?> rule, int longest) => rule
        .MaximumLength(longest).WithMessage($"One line of at most {longest} characters.")
        .Must(text => IsPlain(text) && text?.Any(char.IsControl) != true).WithMessage("One line of text, without control characters.").Because(FieldReasons.OneLine)
        .Must(text => text?.AsSpan().ContainsAnyInRange('\u202A', '\u202E') != true && text?.AsSpan().ContainsAnyInRange('\u2066', '\u2069') != true)
        .WithMessage("Text without marks that turn the direction of what follows.").Because(FieldReasons.PlainText)
        .Must(IsVisible).WithMessage(Invisible).Because(FieldReasons.Required);

    /// <summary>Text of at most <paramref name="longest"/> units, with line breaks and tabs.</summary>
    public static IRuleBuilderOptions<T, string?> Prose<T>(this IRuleBuilder<T, string?> rule, int longest) => rule
        .MaximumLength(longest).WithMessage($"At most {longest} characters.")
        .Must(IsPlain).WithMessage("This text holds characters that are not text (control characters, or half of a surrogate pair).").Because(FieldReasons.PlainText)
        .Must(text => text?.AsSpan().ContainsAny('\u202D', '\u202E') != true).WithMessage("Text without marks that override its direction.").Because(FieldReasons.PlainText)
        .Must(IsVisible).WithMessage(Invisible).Because(FieldReasons.Required);

    /// <summary>An absolute http or https address.</summary>
    public static IRuleBuilderOptions<T, string?> HttpUrl<T>(this IRuleBuilder<T, string?> rule, int longest = 500) => rule
        .Must(text => text is null || text.Length <= longest && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")
        .WithMessage($"An http or https address of at most {longest} characters.").Because(FieldReasons.WebAddress, max: longest);

    /// <summary>
    /// Only characters that databases, XML and players take: no control characters but tabs and line breaks, no half of a surrogate pair.
    /// </summary>
    public static bool IsPlain(string? text)
    {
        for (var i = 0; i < text?.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i]) && (!char.IsControl(text[i]) || text[i] is '\n' or '\r' or '\t'))
                continue;
            if (i + 1 == text.Length || !XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
                return false;
            i++;
        }

        return true;
    }

    /// <summary>Whether something of a text is seen; where nothing is written (white space counts as nothing), there is nothing to see.</summary>
    /// <remarks>Joiners, marks and selectors are part of what they stand at, in emoji as in scripts, and nothing by themselves.</remarks>
    public static bool IsVisible(string? text) => string.IsNullOrWhiteSpace(text) || text.EnumerateRunes().Any(IsSeen);

    private static bool IsSeen(Rune rune) => !Blanks.Contains(rune.Value) && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark);

    /// <summary>At most <paramref name="longest"/> units of a text, without halving a surrogate pair.</summary>
    public static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(longest - (char.IsHighSurrogate(text[longest - 1]) ? 1 : 0))].TrimEnd();
}
