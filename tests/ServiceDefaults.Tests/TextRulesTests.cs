using FluentValidation;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.ServiceDefaults.Tests;

/// <summary>What people type shows, and turns no other text around.</summary>
public sealed class TextRulesTests
{
    private static readonly InlineValidator<Written> Rules = new() { v => v.RuleFor(w => w.Line).Line(40), v => v.RuleFor(w => w.Prose).Prose(40) };

    [Theory]
    [InlineData("\u200b")]
    [InlineData("\u202e\u200b")]
    [InlineData("\u200e \u2060")]
    [InlineData("\ufeff")]
    [InlineData("\u00ad")]
    [InlineData("\u200d\u200c")]
    [InlineData("\u0301")]
    [InlineData("\ufe0f")]
    [InlineData("\u3164")]
    [InlineData("\u2800")]
    [InlineData("\U000e0041")]
    public void Text_OfCharactersThatDoNotShow_IsRefusedEverywhere(string text) =>
        Assert.Equal(["Line", "Prose"], Rules.Validate(new Written(text, text)).Errors.Select(error => error.PropertyName).Distinct());

    [Theory]
    [InlineData("abc\u202edef")]
    [InlineData("\u202dabc")]
    public void Text_ThatOverridesItsDirection_IsRefusedEverywhere(string text) =>
        Assert.Equal(["Line", "Prose"], Rules.Validate(new Written(text, text)).Errors.Select(error => error.PropertyName).Distinct());

    [Theory]
    [InlineData("abc\u202b")]
    [InlineData("abc\u2067def\u2069")]
    public void Line_WithMarksThatTurnWhatFollows_IsRefused(string text) =>
        Assert.Equal(["Line"], Rules.Validate(new Written(text, text)).Errors.Select(error => error.PropertyName).Distinct());

    [Theory]
    [InlineData("Canción nº 7")]
    [InlineData("👩‍👩‍👧‍👦")]
    [InlineData("❤️")]
    [InlineData("🏴󠁧󠁢󠁳󠁣󠁴󠁿")]
    [InlineData("می‌خواهم")]
    [InlineData("क्‍ष")]
    [InlineData("שלום עולם")]
    [InlineData("שלום\u200f!")]
    [InlineData("e\u0301")]
    [InlineData("…")]
    [InlineData("")]
    [InlineData(null)]
    public void Text_ThatShows_IsTaken(string? text) => Assert.True(Rules.Validate(new Written(text, text)).IsValid);

    private sealed record Written(string? Line, string? Prose);
}
