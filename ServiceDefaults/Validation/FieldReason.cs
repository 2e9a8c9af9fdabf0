using System.Text.Json.Serialization;
using FluentValidation;
using FluentValidation.Results;

namespace Son1kVers3.ServiceDefaults.Validation;

/// <summary>Why a field needs another value, as a word: apps say it in their reader's language, with its numbers. Beside the sentence in <c>errors</c>.</summary>
/// <param name="Code">One of <see cref="FieldReasons.All"/>.</param>
/// <param name="Min">The least that is taken, where the reason has a number.</param>
/// <param name="Max">The most that is taken.</param>
public sealed record FieldReason(
    string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Min = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Max = null)
{
    /// <summary>What FluentValidation says of itself; a rule with a condition of its own names its reason by <c>WithErrorCode</c>. Null where the sentence is all.</summary>
    internal static FieldReason? Of(ValidationFailure failure)
    {
        double? Number(string name) => failure.FormattedMessagePlaceholderValues?.GetValueOrDefault(name) is IConvertible value and not string
            ? Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) : null;
        return failure.ErrorCode switch
        {
            "NotEmptyValidator" or "NotNullValidator" => new(FieldReasons.Required),
            "MaximumLengthValidator" => new(FieldReasons.TooLong, Max: Number("MaxLength")),
            "InclusiveBetweenValidator" => new(FieldReasons.OutOfRange, Number("From"), Number("To")),
            "GreaterThanOrEqualValidator" => new(FieldReasons.TooSmall, Min: Number("ComparisonValue")),
            { } code when FieldReasons.All.Contains(code) => failure.CustomState as FieldReason ?? new(code),
            _ => null,
        };
    }
}

/// <summary>Every <see cref="FieldReason.Code"/>: the web app has words for each, and a test compares.</summary>
public static class FieldReasons
{
    public const string Required = "required";
    public const string TooLong = "too-long";
    public const string TooSmall = "too-small";
    public const string OutOfRange = "out-of-range";
    public const string OneLine = "one-line";
    public const string PlainText = "plain-text";
    public const string WebAddress = "web-address";
    public const string TooMany = "too-many";
    public const string UnknownChoice = "unknown-choice";
    public const string Username = "username";
    public const string UsernameReserved = "username-reserved";
    public const string Email = "email";
    public const string Length = "length";
    public const string PasswordCommon = "password-common";
    public const string PasswordRegular = "password-regular";
    public const string PasswordPersonal = "password-personal";
    public const string PasswordGuessable = "password-guessable";
    public const string WrongCode = "wrong-code";
    public const string MusicalKey = "musical-key";
    public const string PictureTooLarge = "picture-too-large";
    public const string PictureBroken = "picture-broken";
    public const string QuietHours = "quiet-hours";

    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        Required, TooLong, TooSmall, OutOfRange, OneLine, PlainText, WebAddress, TooMany, UnknownChoice, Username, UsernameReserved, Email, Length,
        PasswordCommon, PasswordRegular, PasswordPersonal, PasswordGuessable, WrongCode, MusicalKey, PictureTooLarge, PictureBroken, QuietHours,
    };

    /// <summary>The reason of a rule with a condition of its own.</summary>
    public static IRuleBuilderOptions<T, TProperty> Because<T, TProperty>(this IRuleBuilderOptions<T, TProperty> rule, string code, double? min = null, double? max = null) =>
        rule.WithErrorCode(code).WithState(_ => new FieldReason(code, min, max));
}
