using System.Text.Json.Nodes;
using Son1kVers3.Gateway.Routing;

namespace Son1kVers3.Gateway.Documents;

/// <summary>Makes one OpenAPI document of the services' own: only what is routed, and what that refers to.</summary>
/// <remarks>
/// Two services may give the same name to different schemas. The first keeps it, the later one's is prefixed with its service. What refers
/// to a prefixed schema is a different schema too, so that the comparison is repeated until nothing more is renamed.
/// </remarks>
internal sealed class OpenApiMerge
{
    private const string RefPrefix = "#/components/";

    /// <summary>What the gateway itself may answer instead of any service.</summary>
    private static readonly (string Status, string Name, string Description)[] OwnAnswers =
    [
        ("400", "BadRequest", "The address, a header or the body cannot be understood."),
        ("401", "Unauthorized", "The token or API key is not valid (any more)."),
        ("403", "Forbidden", "The API key lacks the scope that this needs: `read` for GET and HEAD, else `write`."),
        ("413", "BodyTooLarge", "The body is larger than this endpoint takes."),
        ("414", "UriTooLong", "The address is longer than 8 kB."),
        ("429", "RateLimited", "Too many requests: wait as Retry-After says."),
        ("431", "HeadersTooLarge", "The headers are larger than 32 kB."),
        ("503", "Unavailable", "The service does not answer: try again as Retry-After says."),
    ];

    private static readonly JsonNode Problem = JsonNode.Parse("""
        {
          "type": "object", "required": ["type", "title", "status", "detail", "traceId"],
          "properties": {
            "type": { "type": "string", "format": "uri" }, "title": { "type": "string" }, "status": { "type": "integer" }, "detail": { "type": "string" },
            "traceId": { "type": "string" }, "errors": { "type": "object", "additionalProperties": { "type": "array", "items": { "type": "string" } } }
          }
        }
        """)!;

    private readonly JsonObject _paths = [];
    private readonly SortedDictionary<string, JsonObject> _components = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _tags = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _operationIds = new(StringComparer.Ordinal);

    /// <summary>Adds one service's document.</summary>
    public OpenApiMerge Add(string service, JsonObject document)
    {
        var source = (JsonObject)document.DeepClone();
        var paths = (source["paths"] as JsonObject ?? []).Where(path => RouteTable.ServiceOf(path.Key) == service && path.Value is JsonObject).ToList();
        var used = Reachable(source["components"] as JsonObject ?? [], paths.Select(path => path.Value!));
        var names = Names(service, used);
        foreach (var ((section, name), node) in used)
            Section(section)[names.GetValueOrDefault((section, name), name)] = Renamed(node, names);
        foreach (var (path, item) in paths)
            _paths[path.TrimEnd('/')] = Operations(service, path, (JsonObject)Renamed(item!, names));
        return this;
    }

    /// <summary>The merged document.</summary>
    /// <param name="version">Of the product.</param>
    public JsonObject Build(string version)
    {
        var components = new JsonObject();
        foreach (var (section, members) in _components)
            components[section] = members.DeepClone();
        components["securitySchemes"] = JsonNode.Parse("""
            {
              "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The access token of register, login or refresh; good for 15 minutes." },
              "apiKey": { "type": "apiKey", "in": "header", "name": "X-Api-Key", "description": "A key made at /api/auth/keys (PRO and STUDIO). GET and HEAD need its scope `read`, all else `write`: 403 `scope-missing`. It never acts as an operator." }
            }
            """);
        components["responses"] = new JsonObject(OwnAnswers.Select(answer => KeyValuePair.Create(answer.Name, (JsonNode?)new JsonObject
        {
            ["description"] = answer.Description,
            ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = Problem.DeepClone() } },
        })));
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Son1kVers3",
                ["version"] = version,
                ["description"] = "Music from words. Errors are RFC 9457 problems: type, title, status, detail, traceId, and errors by field where the request was wrong. Lists are keyset pages, live streams are Server-Sent Events.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = JsonNode.Parse("""[{ "bearer": [] }, { "apiKey": [] }, {}]"""),
            ["tags"] = new JsonArray([.. _tags.Select(tag => new JsonObject { ["name"] = tag })]),
            ["paths"] = _paths.DeepClone(),
            ["components"] = components,
        };
    }

    /// <summary>The components that the paths need, directly or through others.</summary>
    private static Dictionary<(string Section, string Name), JsonNode> Reachable(JsonObject components, IEnumerable<JsonNode> roots)
    {
        var found = new Dictionary<(string, string), JsonNode>();
        var open = new Stack<JsonNode>(roots);
        while (open.TryPop(out var node))
        {
            foreach (var reference in References(node))
            {
                if (Parse(reference.GetValue<string>()) is { } key && !found.ContainsKey(key) && components[key.Section]?[key.Name] is { } target)
                {
                    found[key] = target;
                    open.Push(target);
                }
            }
        }

        return found;
    }

    private Dictionary<(string Section, string Name), string> Names(string service, Dictionary<(string Section, string Name), JsonNode> used)
    {
        var names = new Dictionary<(string Section, string Name), string>();
        bool changed;
        do
        {
            changed = false;
            foreach (var (key, node) in used)
            {
                if (names.ContainsKey(key) || Section(key.Section)[key.Name] is not { } taken || JsonNode.DeepEquals(taken, Renamed(node, names)))
                    continue;
                names[key] = Pascal(service) + key.Name;
                changed = true;
            }
        }
        while (changed);
        return names;
    }

    private JsonObject Section(string section) =>
        _components.TryGetValue(section, out var members) ? members : _components[section] = [];

    private JsonObject Operations(string service, string path, JsonObject item)
    {
        foreach (var operation in item.Select(member => member.Value).OfType<JsonObject>().Where(operation => operation.ContainsKey("responses")))
        {
            foreach (var answer in OwnAnswers)
                ((JsonObject)operation["responses"]!).TryAdd(answer.Status, new JsonObject { ["$ref"] = $"{RefPrefix}responses/{answer.Name}" });
            if (RouteTable.IsForOperators(path))
                ((JsonObject)operation["responses"]!).TryAdd("403", new JsonObject { ["description"] = "Only operators may do this.", ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = Problem.DeepClone() } } });
            operation["tags"] = Tags(service, operation["tags"] as JsonArray);
            if (operation["operationId"]?.GetValue<string>() is { } id && !_operationIds.Add(id))
                _operationIds.Add((operation["operationId"] = Pascal(service) + id).GetValue<string>());
            if (!RouteTable.IsForOperators(path))
                continue;
            operation["security"] = JsonNode.Parse("""[{ "bearer": [] }]""");
            operation["x-required-role"] = "operator";
        }

        return item;
    }

    /// <summary>The framework's default tag is the assembly's name, which says nothing to a reader.</summary>
    private JsonArray Tags(string service, JsonArray? tags)
    {
        var named = (tags ?? []).Select(tag => tag!.GetValue<string>()).Where(tag => !tag.StartsWith("Son1kVers3", StringComparison.Ordinal)).ToList();
        if (named.Count == 0)
            named.Add(Pascal(service));
        _tags.UnionWith(named);
        return new JsonArray([.. named.Select(tag => JsonValue.Create(tag))]);
    }

    private static JsonNode Renamed(JsonNode node, Dictionary<(string Section, string Name), string> names)
    {
        var copy = node.DeepClone();
        foreach (var reference in References(copy).ToList())
        {
            if (Parse(reference.GetValue<string>()) is { } key && names.TryGetValue(key, out var name))
                reference.ReplaceWith(RefPrefix + key.Section + "/" + name);
        }

        return copy;
    }

    /// <summary>Every value that names a component: of <c>$ref</c>, and of a discriminator's mapping.</summary>
    private static IEnumerable<JsonValue> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => References(member.Value)),
        JsonArray items => items.SelectMany(References),
        JsonValue value when value.TryGetValue<string>(out var text) && text.StartsWith(RefPrefix, StringComparison.Ordinal) => [value],
        _ => [],
    };

    private static (string Section, string Name)? Parse(string reference) =>
        reference[RefPrefix.Length..].Split('/') is [var section, var name] ? (section, name) : null;

    private static string Pascal(string service) => char.ToUpperInvariant(service[0]) + service[1..];
}
