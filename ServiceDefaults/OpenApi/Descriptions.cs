using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OpenApi;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Streams;

namespace Son1kVers3.ServiceDefaults.OpenApi;

/// <summary>Tells <c>/openapi/v1.json</c> what the framework does not see: what own converters read, what validators demand, what handlers take from query and headers by themselves.</summary>
internal static class Descriptions
{
    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, Refusals>());
        return services.AddOpenApi("v1", options => options.AddSchemaTransformer(DescribeAsync).AddOperationTransformer(DescribeAsync));
    }

    private static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(string) && schema.Type is null)
            schema.Type = JsonSchemaType.String | (context.JsonPropertyInfo is { IsGetNullable: true } ? JsonSchemaType.Null : 0);
        if (schema.Type?.HasFlag(JsonSchemaType.Array) == true)
            schema.Items ??= new OpenApiSchema();
        if (type.IsEnum && type.GetCustomAttribute<JsonConverterAttribute>() is not null)
            schema.Enum = [.. Enum.GetValues(type).Cast<object>().Select(value => (JsonNode)JsonSerializer.SerializeToNode(value, type)!)];
        if (context.ApplicationServices.GetService(typeof(IValidator<>).MakeGenericType(type)) is IValidator validator)
            Bound(schema, validator.CreateDescriptor());
        return Task.CompletedTask;
    }

    /// <summary>Lengths and ranges as the validator knows them.</summary>
    private static void Bound(OpenApiSchema schema, IValidatorDescriptor rules)
    {
        foreach (var member in rules.GetMembersWithValidators())
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(member.Key);
            if (schema.Properties?.TryGetValue(name, out var found) != true || found is not OpenApiSchema property)
                continue;
            foreach (var (rule, _) in member)
            {
                if (rule is INotEmptyValidator)
                {
                    (schema.Required ??= new HashSet<string>()).Add(name);
                    (property.Type, property.MinLength) = ((property.Type ?? JsonSchemaType.String) & ~JsonSchemaType.Null, 1);
                }

                if (rule is ILengthValidator { Max: > 0 } length)
                    property.MaxLength = length.Max;
                if (rule is IBetweenValidator between)
                    (property.Minimum, property.Maximum) = ($"{between.From}", $"{between.To}");
                if (rule is IComparisonValidator { Comparison: Comparison.GreaterThanOrEqual } least)
                    property.Minimum = $"{least.ValueToCompare}";
            }
        }
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        await DescribeAlternativesAsync(operation, context, cancellationToken);
        operation.Parameters ??= [];
        if (metadata.Takes(typeof(PageQuery)))
        {
            operation.Parameters.Add(Parameter("limit", ParameterLocation.Query, "Items on the page.", new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "100", Default = 20 }));
            operation.Parameters.Add(Parameter("cursor", ParameterLocation.Query, "The nextCursor of the page before, with the same filters.", Text()));
        }

        if (metadata.Takes(typeof(Operation)))
            operation.Parameters.Add(Parameter("Idempotency-Key", ParameterLocation.Header, "Makes it safe to send the request again.", Text(255)));
        if (metadata.Takes(typeof(LastEventId)))
            operation.Parameters.Add(Parameter("Last-Event-ID", ParameterLocation.Header, "The id of the last event seen: the stream goes on after it.", Text(255)));
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is OpenApiResponse made && (status == "201" && metadata.Gives(typeof(Created<>)) || status == "202" && metadata.Gives(typeof(Accepted<>))))
                (made.Headers ??= new Dictionary<string, IOpenApiHeader>())["Location"] = new OpenApiHeader { Description = "Where it is found.", Schema = Text() };
        }

        // One handler, two methods: ids are unique.
        if (HttpMethods.IsHead(context.Description.HttpMethod ?? ""))
            operation.OperationId = $"Head{operation.OperationId}";
    }

    /// <summary>One status with several shapes, <c>Results&lt;Ok&lt;A&gt;, Ok&lt;B&gt;&gt;</c>: the framework describes one of them.</summary>
    private static async Task DescribeAlternativesAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var shapes = context.Description.ActionDescriptor.EndpointMetadata.OfType<IProducesResponseTypeMetadata>()
            .Where(m => m.Type is not null && m.Type != typeof(void)).GroupBy(m => m.StatusCode, m => m.Type!).Where(status => status.Distinct().Count() > 1);
        foreach (var status in shapes)
        {
            if (operation.Responses?.TryGetValue($"{status.Key}", out var response) != true || response!.Content?.TryGetValue("application/json", out var content) != true)
                continue;
            var alternatives = new List<IOpenApiSchema>();
            foreach (var type in status.Distinct())
                alternatives.Add(Named(context.Document!, await context.GetOrCreateSchemaAsync(type, parameterDescription: null, cancellationToken)));
            content!.Schema = new OpenApiSchema { AnyOf = alternatives };
        }
    }

    /// <summary>By reference, as the framework has the schemas of what it describes by itself: those made here are spelled out, with notes of their name and of null.</summary>
    private static IOpenApiSchema Named(OpenApiDocument document, IOpenApiSchema schema)
    {
        if (schema is not OpenApiSchema spelled)
            return schema;
        foreach (var (name, property) in spelled.Properties?.ToList() ?? [])
            spelled.Properties![name] = Named(document, property);
        if (spelled.Items is { } items)
            spelled.Items = Named(document, items);
        if (Note("x-schema-id") is not string { Length: > 0 } id)
            return spelled;
        document.AddComponent(id, spelled);
        var reference = new OpenApiSchemaReference(id, document);
        return Note("x-is-nullable-property") is true ? new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, reference] } : reference;

        object? Note(string name) => spelled.Metadata?.TryGetValue(name, out var note) == true ? note : null;
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation place, string description, OpenApiSchema schema) =>
        new() { Name = name, In = place, Description = description, Schema = schema };

    private static OpenApiSchema Text(int? longest = null) => new() { Type = JsonSchemaType.String, MaxLength = longest };
}
