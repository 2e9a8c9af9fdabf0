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
    private static readonly JsonSerializerOptions Naming = new() { Converters = { new JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase) } };

    private static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(
        value => value, value => JsonSerializer.SerializeToElement(value, Naming).GetString()!);

    private static readonly Dictionary<string, T> Values = Names.ToDictionary(
        name => name.Value, name => name.Key, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value)
            ? value : throw new JsonException();

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Names[value]);
}
