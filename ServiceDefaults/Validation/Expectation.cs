using System.Collections;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Son1kVers3.ServiceDefaults.Validation;

/// <summary>What a value must be, said to who sent another one.</summary>
internal static partial class Expectation
{
    /// <summary>Of the value at a JSON path (<c>$.items[0].kind</c>) of a body.</summary>
    public static string Of(Type body, string path, JsonSerializerOptions json)
    {
        var type = Steps().Matches(path).Aggregate((Type?)body, (at, step) => at is null ? null : Inside(at, step, json));
        return type is null ? "This value has the wrong type." : Of(type);
    }

    /// <summary>Of a value of this type.</summary>
    public static string Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return OneOf(Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToElement(value, type).ToString()));
        if (type == typeof(Guid))
            return "An id: 01890000-0000-7000-8000-000000000000.";
        if (type == typeof(DateTimeOffset))
            return "A time: 2026-01-31T12:00:00Z.";
        if (type == typeof(DateOnly))
            return "A date: 2026-01-31.";
        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => "Text, without NUL characters.",
            TypeCode.Boolean => "true or false.",
            TypeCode.Byte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 => "A whole number.",
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "A number.",
            _ when type.IsAssignableTo(typeof(IFormFile)) => "A file.",
            _ when type.IsAssignableTo(typeof(IEnumerable)) && !type.IsAssignableTo(typeof(IDictionary)) => "A list.",
            _ => "An object.",
        };
    }

    /// <summary>Of a closed list of words.</summary>
    public static string OneOf(IEnumerable<string> words) => $"One of {string.Join(", ", words)}.";

    private static Type? Inside(Type type, Match step, JsonSerializerOptions json)
    {
        var info = json.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        var name = step.Groups["name"].Value;
        return name.Length == 0 ? info.ElementType
            : info.Properties.FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.PropertyType ?? info.ElementType;
    }

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\['(?<name>[^']*)'\]|\[\d+\]")]
    private static partial Regex Steps();
}
