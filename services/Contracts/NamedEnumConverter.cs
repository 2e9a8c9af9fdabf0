using System.Text.Json;
using System.Text.Json.Serialization;

namespace Son1kVers3.Contracts;

/// <summary>Writes an enum by its name, and reads it by one of its names, whatever their case, and by nothing else.</summary>
/// <remarks>
/// A value is called as <see cref="JsonStringEnumMemberNameAttribute"/> says, or else by its own name in camel case.
/// The framework's converter would read "standard, ultra" as a value too (the names' bits together).
/// </remarks>
public sealed class NamedEnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc />
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && EnumNames<T>.Values.TryGetValue(reader.GetString()!, out var value)
            ? value : throw new JsonException();

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(EnumNames<T>.Of(value));
}

/// <summary>The same names where no JSON is written: in a database.</summary>
public static class EnumNames<T>
    where T : struct, Enum
{
    private static readonly JsonSerializerOptions Naming = new() { Converters = { new JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase) } };

    private static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(
        value => value, value => JsonSerializer.SerializeToElement(value, Naming).GetString()!);

    /// <summary>What is called so, whatever the name's case.</summary>
    public static IReadOnlyDictionary<string, T> Values { get; } = Names.ToDictionary(
        name => name.Value, name => name.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>The name of a value.</summary>
    public static string Of(T value) => Names[value];
}
