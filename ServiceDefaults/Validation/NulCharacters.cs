using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.ServiceDefaults.Validation;

/// <summary>PostgreSQL's text holds no NUL character; here it is refused for every body and query at once, so that none ends as a 500.</summary>
internal static class NulCharacters
{
    public static IApplicationBuilder UseNulGuard(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Request.Path.Value?.Contains('\0') == true)
            throw Problem.Of(400, "bad-request", "The address contains a NUL character.");
        if (http.Request.QueryString.HasValue)
        {
            foreach (var (name, values) in http.Request.Query)
            {
                if (name.Contains('\0') || values.Any(value => value?.Contains('\0') == true))
                    throw Problem.Invalid(name.Replace("\0", ""), "Contains a NUL character.");
            }
        }

        return next(http);
    });

    internal sealed class Converter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } text && text.Contains('\0') ? throw new JsonException() : reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
    }
}
