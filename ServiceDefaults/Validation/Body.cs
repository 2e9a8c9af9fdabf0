using System.Reflection;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.ServiceDefaults.Validation;

/// <summary>A JSON body that the handler reads when it is its turn.</summary>
/// <remarks>
/// The API checks 401, then 404, then 400. A plain body parameter is parsed before the handler runs, so that a malformed body
/// for a thing that is not there would answer 400; with this one the handler looks the thing up first and then calls
/// <see cref="ReadAsync"/>, which also runs the <see cref="IValidator{T}"/> registered for <typeparamref name="T"/>.
/// </remarks>
public sealed class Body<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private readonly HttpContext _http;

    private Body(HttpContext http) => _http = http;

    /// <summary>The parsed and validated body. Throws the 400, 413 or 415 problem that it earns.</summary>
    public async Task<T> ReadAsync()
    {
        if (_http.Request.Headers.ContentEncoding.Any(encoding => !"identity".Equals(encoding, StringComparison.OrdinalIgnoreCase)))
            throw Problem.Of(415, "unsupported-media-type", "Send the body as it is, without Content-Encoding.");
        if (!_http.Request.HasJsonContentType())
            throw Problem.Of(415, "unsupported-media-type", "Send the body as application/json.");
        // JSON is UTF-8. A charset may stand in quotes, which the framework's own reader does not know.
        if (_http.Request.GetTypedHeaders().ContentType?.Charset is { Length: > 0 } charset && !charset.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw Problem.Of(415, "unsupported-media-type", "Send the body in UTF-8.");

        var json = _http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        T? value;
        try
        {
            value = await JsonSerializer.DeserializeAsync<T>(_http.Request.Body, json, _http.RequestAborted);
        }
        catch (JsonException e)
        {
            throw Malformed(e, json);
        }

        if (value is null)
            throw ProblemExceptionHandler.MalformedJson();
        if (_http.RequestServices.GetService<IValidator<T>>() is { } validator)
        {
            var result = await validator.ValidateAsync(value, _http.RequestAborted);
            if (!result.IsValid)
                throw Problem.Invalid(result.ToDictionary().ToDictionary(e => CamelCase(e.Key), e => e.Value), ReasonsOf(result));
        }

        return value;
    }

    /// <summary>Called by the framework.</summary>
    public static ValueTask<Body<T>?> BindAsync(HttpContext context) => ValueTask.FromResult<Body<T>?>(new Body<T>(context));

    /// <summary>Called by the framework: describes the body to OpenAPI.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    /// <summary>The path of a wrong value becomes a field's error; broken JSON itself has none.</summary>
    private ProblemException Malformed(JsonException exception, JsonSerializerOptions json)
    {
        // What the reader of the text itself refuses stands inside.
        if (exception.InnerException is JsonException || exception.Path is not { Length: > 1 } path)
            return ProblemExceptionHandler.MalformedJson();
        // A list that is a whole body is called as its address ends: events[0].name.
        var field = path[1] == '[' ? _http.Request.Path.Value!.Split('/')[^1] + path[1..] : path[2..];
        return Problem.Invalid(field, Expectation.Of(typeof(T), path, json));
    }

    private static Dictionary<string, FieldReason> ReasonsOf(ValidationResult result) => result.Errors
        .GroupBy(failure => CamelCase(failure.PropertyName), failure => FieldReason.Of(failure))
        .Where(field => field.First() is not null).ToDictionary(field => field.Key, field => field.First()!);

    private static string CamelCase(string path) =>
        string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
