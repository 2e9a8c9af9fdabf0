using System.Xml;
using FluentValidation;

namespace Son1kVers3.ServiceDefaults.Validation;

/// <summary>Rules for text that people type. Lengths are in UTF-16 units.</summary>
public static class TextRules
{
    /// <summary>One line of at most <paramref name="longest"/> units.</summary>
    public static IRuleBuilderOptions<T, string?> Line<T>(this IRuleBuilder<T, string?> rule, int longest) => rule
        .MaximumLength(longest).WithMessage($"One line of at most {longest} characters.")
        .Must(text => IsPlain(text) && text?.Any(char.IsControl) != true).WithMessage("One line of text, without control characters.");

    /// <summary>Text of at most <paramref name="longest"/> units, with line breaks and tabs.</summary>
    public static IRuleBuilderOptions<T, string?> Prose<T>(this IRuleBuilder<T, string?> rule, int longest) => rule
        .MaximumLength(longest).WithMessage($"At most {longest} characters.")
        .Must(IsPlain).WithMessage("This text holds characters that are not text (control characters, or half of a surrogate pair).");

    /// <summary>An absolute http or https address.</summary>
    public static IRuleBuilderOptions<T, string?> HttpUrl<T>(this IRuleBuilder<T, string?> rule, int longest = 500) => rule
        .Must(text => text is null || text.Length <= longest && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")
        .WithMessage($"An http or https address of at most {longest} characters.");

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

    /// <summary>At most <paramref name="longest"/> units of a text, without halving a surrogate pair.</summary>
    public static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(longest - (char.IsHighSurrogate(text[longest - 1]) ? 1 : 0))].TrimEnd();
}
