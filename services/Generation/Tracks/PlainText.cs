using System.Xml;
using FluentValidation;

namespace Son1kVers3.Generation.Tracks;

/// <summary>Text that PostgreSQL, MusicXML and players take.</summary>
internal static class PlainTextRules
{
    /// <summary>Only characters that XML knows: no control characters but tabs and line breaks, no half of a surrogate pair.</summary>
    public static IRuleBuilderOptions<T, string?> PlainText<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(IsPlain).WithMessage("This text holds characters that are not text (control characters, or half of a surrogate pair).");

    internal static bool IsPlain(string? text)
    {
        for (var i = 0; i < text?.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i]))
                continue;
            if (i + 1 == text.Length || !XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
                return false;
            i++;
        }

        return true;
    }

    /// <summary>At most <paramref name="longest"/> UTF-16 units of a text, without halving a surrogate pair.</summary>
    internal static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(longest - (char.IsHighSurrogate(text[longest - 1]) ? 1 : 0))].TrimEnd();
}
