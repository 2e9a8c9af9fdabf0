using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.ServiceDefaults.Tests;

/// <summary>Which words and texts are taken.</summary>
[Trait("Category", "Unit")]
public sealed class VocabularyTests
{
    [Theory]
    [InlineData("\"EARLY_ADOPTER\"", AlvaeLevel.EarlyAdopter)]
    [InlineData("\"founder\"", AlvaeLevel.Founder)]
    public void Enum_IsReadByItsName_WhateverItsCase(string json, AlvaeLevel level) =>
        Assert.Equal(level, JsonSerializer.Deserialize<AlvaeLevel>(json));

    [Theory]
    [InlineData("1")]
    [InlineData("\"1\"")]
    [InlineData("\"FOUNDER, TESTER\"")]
    [InlineData("\"EarlyAdopter\"")]
    [InlineData("null")]
    public void Enum_IsReadByNothingElse(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<AlvaeLevel>(json));

    [Fact]
    public void Enum_IsWrittenByItsName_InCamelCaseWhereItHasNoOther() =>
        Assert.Equal("""["FREE","blueNote"]""", JsonSerializer.Serialize<object[]>([Tier.Free, Colour.BlueNote]));

    [Theory]
    [InlineData("ñ, مرحبا, 🎵", true, true)]
    [InlineData("two\nlines\tand a tab", false, true)]
    [InlineData("escape \u001b[31m", false, false)]
    [InlineData("next line \u0085", false, false)]
    [InlineData("longer than twenty-five units", false, false)]
    public void Text_IsALineOrProse(string text, bool line, bool prose)
    {
        var rules = new InlineValidator<string>();
        rules.RuleFor(t => t).Line(25);
        Assert.Equal(line, rules.Validate(text).IsValid);
        rules = [];
        rules.RuleFor(t => t).Prose(25);
        Assert.Equal(prose, rules.Validate(text).IsValid);
    }

    [Fact]
    public void Text_WithHalfASurrogatePair_IsNeitherLineNorProse()
    {
        // A theory's data loses halves of surrogate pairs on its way.
        var rules = new InlineValidator<string>();
        rules.RuleFor(t => t).Line(25).Prose(25);
        Assert.Equal(2, rules.Validate("a\ud83c").Errors.Count);
    }

    [JsonConverter(typeof(NamedEnumConverter<Colour>))]
    private enum Colour
    {
        BlueNote,
    }
}
