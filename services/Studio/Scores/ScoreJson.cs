using System.Text.Json;
using System.Text.Json.Serialization;

namespace Son1kVers3.Studio.Scores;

/// <summary>A key by its name.</summary>
internal sealed class KeyJsonConverter : JsonConverter<Key>
{
    public override Key Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Key.TryParse(reader.GetString(), out var key) ? key : throw new JsonException("No such key.");

    public override void Write(Utf8JsonWriter writer, Key value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
}

/// <summary>A time signature as it is written.</summary>
internal sealed class TimeSignatureJsonConverter : JsonConverter<TimeSignature>
{
    public override TimeSignature Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimeSignature.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, TimeSignature value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
