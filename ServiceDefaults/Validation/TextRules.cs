using FluentValidation;

namespace Son1kVers3.ServiceDefaults.Validation;

/// <summary>Rules for text that people type.</summary>
public static class TextRules
{
    /// <summary>One line of at most <paramref name="longest"/> UTF-16 units, without control characters.</summary>
    public static IRuleBuilderOptions<T, string?> Line<T>(this IRuleBuilder<T, string?> rule, int longest) => rule
        .Must(text => text is null || text.Length <= longest && !text.Any(char.IsControl))
        .WithMessage($"One line of at most {longest} characters.");

    /// <summary>Text of at most <paramref name="longest"/> UTF-16 units, with line breaks and tabs but no other control characters.</summary>
    public static IRuleBuilderOptions<T, string?> Prose<T>(this IRuleBuilder<T, string?> rule, int longest) => rule
        .Must(text => text is null || text.Length <= longest && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        .WithMessage($"At most {longest} characters.");

    /// <summary>An absolute http or https address.</summary>
    public static IRuleBuilderOptions<T, string?> HttpUrl<T>(this IRuleBuilder<T, string?> rule, int longest = 500) => rule
        .Must(text => text is null || text.Length <= longest && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")
        .WithMessage($"An http or https address of at most {longest} characters.");
}
