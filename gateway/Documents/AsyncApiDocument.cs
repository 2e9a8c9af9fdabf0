using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Gateway.Documents;

/// <summary>The AsyncAPI 3 document: every event that something publishes, its exchange, and the envelope it travels in.</summary>
internal static class AsyncApiDocument
{
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
    };

    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (context, schema) => NamesOf(context.TypeInfo.Type) ?? schema };

    /// <summary>Every event type that something publishes, by name.</summary>
    public static IReadOnlyList<Type> Events { get; } =
    [
        .. typeof(Event).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Event)) && ContractComments.PublishersOf(type).Count > 0)
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    /// <summary>The document, the same at every call.</summary>
    public static JsonObject Build() => new()
    {
        ["asyncapi"] = "3.0.0",
        ["info"] = new JsonObject
        {
            ["title"] = "Son1kVers3 events",
            ["version"] = "1.0.0",
            ["description"] = "One fanout exchange an event. At least once and possibly out of order on the wire: recognise a redelivery by eventId, "
                + "ignore a sequence lower than the one applied for the same aggregate.",
        },
        ["defaultContentType"] = "application/vnd.masstransit+json",
        ["servers"] = new JsonObject { ["broker"] = new JsonObject { ["host"] = "rabbitmq:5672", ["protocol"] = "amqp" } },
        ["channels"] = Map(Channel),
        ["operations"] = new JsonObject(Events.Select(type => KeyValuePair.Create($"publish{type.Name}", (JsonNode?)Operation(type)))),
        ["components"] = new JsonObject { ["messages"] = Map(Message), ["schemas"] = Map(Schema) },
    };

    private static JsonObject Map(Func<Type, JsonNode> part) => new(Events.Select(type => KeyValuePair.Create(type.Name, (JsonNode?)part(type))));

    private static JsonObject Channel(Type type) => new()
    {
        ["address"] = MessageNames.ExchangeOf(type),
        ["messages"] = new JsonObject { [type.Name] = Ref($"#/components/messages/{type.Name}") },
        ["bindings"] = new JsonObject
        {
            ["amqp"] = new JsonObject
            {
                ["is"] = "routingKey",
                ["exchange"] = new JsonObject { ["name"] = MessageNames.ExchangeOf(type), ["type"] = "fanout", ["durable"] = true, ["autoDelete"] = false, ["vhost"] = "/" },
                ["bindingVersion"] = "0.3.0",
            },
        },
    };

    private static JsonObject Operation(Type type) => new()
    {
        ["action"] = "send",
        ["channel"] = Ref($"#/channels/{type.Name}"),
        ["messages"] = new JsonArray(Ref($"#/channels/{type.Name}/messages/{type.Name}")),
    };

    /// <summary>MassTransit's JSON envelope around the event.</summary>
    private static JsonObject Message(Type type) => new()
    {
        ["name"] = type.Name,
        ["summary"] = ContractComments.SummaryOf(type),
        ["contentType"] = "application/vnd.masstransit+json",
        ["payload"] = new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("messageId", "messageType", "message"),
            ["properties"] = new JsonObject
            {
                ["messageId"] = Typed("string", "uuid"),
                ["sentTime"] = Typed("string", "date-time"),
                ["messageType"] = new JsonObject { ["type"] = "array", ["items"] = Typed("string") },
                ["headers"] = new JsonObject { ["type"] = "object", ["description"] = "Among them traceparent: W3C trace context." },
                ["message"] = Ref($"#/components/schemas/{type.Name}"),
            },
        },
    };

    private static JsonNode Schema(Type type) => Wire.GetJsonSchemaAsNode(type, Exporter);

    /// <summary>An enum is one of its names; the exporter knows nothing of what our converter writes. Null for other types.</summary>
    private static JsonObject? NamesOf(Type type)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        if (!value.IsEnum)
            return null;
        var names = Enum.GetValues(value).Cast<object>().Select(one => JsonSerializer.SerializeToNode(one, value, Wire));
        return new JsonObject { ["enum"] = new JsonArray([.. names, .. value == type ? [] : new JsonNode?[] { null }]) };
    }

    private static JsonObject Typed(string type, string? format = null) =>
        format is null ? new JsonObject { ["type"] = type } : new JsonObject { ["type"] = type, ["format"] = format };

    private static JsonObject Ref(string target) => new() { ["$ref"] = target };
}
