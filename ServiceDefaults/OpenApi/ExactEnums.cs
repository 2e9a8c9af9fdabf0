using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Son1kVers3.ServiceDefaults.OpenApi;

/// <summary>Reads an enum by one of its names, whatever their case, and nothing else.</summary>
/// <remarks>The framework's own converter, which writes them, would read "standard, ultra" as a value too: the names' bits together.</remarks>
internal sealed class ExactEnums : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => HasNames(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Exact<>).MakeGenericType(typeToConvert))!;

    /// <summary>Whether it is an enum that is written by its names.</summary>
    public static bool HasNames(Type type) => type.IsEnum && type.GetCustomAttribute<JsonConverterAttribute>() is not null;

    /// <summary>The names of an enum as its own converter writes them.</summary>
    public static IEnumerable<string> NamesOf(Type type) => Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToElement(value, type).GetString()!);

    private sealed class Exact<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private readonly Dictionary<string, T> _values = NamesOf(typeof(T)).Zip(Enum.GetValues<T>()).ToDictionary(p => p.First, p => p.Second, StringComparer.OrdinalIgnoreCase);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && _values.TryGetValue(reader.GetString()!, out var value) ? value : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value);
    }
}
