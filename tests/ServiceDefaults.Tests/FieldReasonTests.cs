using System.Text.Json;
using FluentValidation;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Testing;

namespace Son1kVers3.ServiceDefaults.Tests;

/// <summary>Why a field needs another value, as words that an app translates.</summary>
[Trait("Category", "Unit")]
public sealed class FieldReasonTests
{
    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    public void EveryReason_HasWordsInTheWebApp(string language)
    {
        using var words = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestRun.RepositoryRoot, "web", "src", "texts", language, "fields.json")));

        Assert.Equal(FieldReasons.All.Order(StringComparer.Ordinal), words.RootElement.EnumerateObject().Select(word => word.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Reason_OfARuleOfTheLibrary_CarriesItsNumbers()
    {
        var failures = new SampleRules().Validate(new Sample("", 9, -1, new string('x', 5))).Errors;

        Assert.Equal([new(FieldReasons.Required), new(FieldReasons.OutOfRange, 1, 8), new(FieldReasons.TooSmall, Min: 0), new(FieldReasons.TooLong, Max: 4)], failures.Select(FieldReason.Of));
    }

    [Fact]
    public void Reason_OfARuleWithAConditionOfItsOwn_IsTheOneThatItNames_AndNoneWhereItNamesNone()
    {
        var failures = new NamedRules().Validate(new Sample("a", 1, 1, "ab")).Errors;

        Assert.Equal([new FieldReason(FieldReasons.Username, 3, 30), null], failures.Select(FieldReason.Of));
    }

    private sealed record Sample(string Name, int Count, int Seed, string Line);

    private sealed class SampleRules : AbstractValidator<Sample>
    {
        public SampleRules()
        {
            RuleFor(s => s.Name).NotEmpty();
            RuleFor(s => s.Count).InclusiveBetween(1, 8);
            RuleFor(s => s.Seed).GreaterThanOrEqualTo(0);
            RuleFor(s => s.Line).Line(4);
        }
    }

    private sealed class NamedRules : AbstractValidator<Sample>
    {
        public NamedRules()
        {
            RuleFor(s => s.Name).Must(name => name.Length > 2).Because(FieldReasons.Username, 3, 30);
            RuleFor(s => s.Line).Must(line => line.Length > 2).WithMessage("Longer.");
        }
    }
}
