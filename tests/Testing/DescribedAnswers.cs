using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Son1kVers3.Testing;

/// <summary>Compares what a service or the gateway answers to wrong input with what its OpenAPI document says of it.</summary>
public static class DescribedAnswers
{
    private const string ProblemType = "https://son1kvers3.dev/problems/";
    private static readonly string[] Methods = ["get", "head", "post", "put", "patch", "delete"];
    private static readonly string Long = new('é', 600);

    private const string MadeUp = "made-up";

    // Without the members of the list's key, and with values that no database takes: another offset, a number that overflows, NUL.
    private static readonly string[] MadeUpCursors =
    [
        .. new[]
        {
            "{}", "7", """{"At":"2026-01-01T00:00:00+02:00","OpensAt":"2026-01-01T00:00:00+02:00","Id":"0197b3e0-0000-7000-8000-000000000000"}""",
            """{"Pinned":true,"Number":-9223372036854775808,"Score":-9223372036854775808,"Id":"0197b3e0-0000-7000-8000-000000000000"}""",
            """{"Item1":-9223372036854775808,"Item2":"\u0000","Key":"\u0000"}""",
        }.Select(json => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json))),
    ];

    /// <summary>Calls every operation in many wrong ways. Returns a line for each answer that is not described, or whose error is no problem of ours.</summary>
    /// <param name="anonymous">A client without a token.</param>
    /// <param name="member">A client of an ordinary member whose things may be changed or lost.</param>
    /// <param name="except">Paths that the calls shall leave out.</param>
    public static async Task<IReadOnlyList<string>> FindUndescribedAsync(HttpClient anonymous, HttpClient member, params string[] except)
    {
        var document = JsonNode.Parse(await anonymous.GetStringAsync("/openapi/v1.json"))!.AsObject();
        var findings = new List<string>();
        foreach (var (path, item) in document["paths"]!.AsObject().Where(path => !except.Contains(path.Key)))
        {
            foreach (var method in Methods.Where(method => item![method] is not null))
            {
                var operation = new Described(document, method, path, item![method]!.AsObject());
                foreach (var (name, client, request) in Wrongs(operation, anonymous, member))
                    await CallAsync(operation, name, client, request, findings);
            }
        }

        return findings;
    }

    private static IEnumerable<(string Name, HttpClient Client, HttpRequestMessage Request)> Wrongs(Described operation, HttpClient anonymous, HttpClient member)
    {
        yield return ("anonymous", anonymous, operation.Request(Guid.NewGuid().ToString()));
        var badToken = operation.Request(Guid.NewGuid().ToString());
        badToken.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "not.a.token");
        yield return ("bad token", anonymous, badToken);
        yield return ("unknown id", member, operation.Request(Guid.NewGuid().ToString()));
        yield return ("id that is none", member, operation.Request("no%20id"));
        yield return ("long id", member, operation.Request(Uri.EscapeDataString(Long)));
        yield return ("long query", member, operation.Request(Guid.NewGuid().ToString(), $"?q={Uri.EscapeDataString(Long)}"));
        foreach (var query in operation.Queries())
        {
            yield return ($"long {query}", member, operation.Request(Guid.NewGuid().ToString(), $"?{query}={Uri.EscapeDataString(Long)}"));
            yield return ($"odd {query}", member, operation.Request(Guid.NewGuid().ToString(), $"?{query}=-1%00"));
        }

        if (operation.Queries().Contains("cursor"))
        {
            foreach (var cursor in MadeUpCursors)
                yield return ($"{MadeUp} cursor {cursor}", member, operation.Request(Guid.NewGuid().ToString(), $"?cursor={cursor}"));
        }

        if (operation.Method is "get" or "head")
            yield break;
        foreach (var (name, body, type) in Bodies(operation))
        {
            var request = operation.Request(Guid.NewGuid().ToString());
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            yield return (name, member, request);
        }

        var key = operation.Request(Guid.NewGuid().ToString());
        key.Headers.TryAddWithoutValidation("Idempotency-Key", new string('k', 300));
        key.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        yield return ("long idempotency key", member, key);
    }

    private static IEnumerable<(string Name, string Body, string Type)> Bodies(Described operation)
    {
        yield return ("empty object", "{}", "application/json");
        yield return ("malformed JSON", "{\"", "application/json");
        yield return ("an array", "[]", "application/json");
        yield return ("null", "null", "application/json");
        yield return ("no JSON", "hello", "text/plain");
        yield return ("another charset", "{}", "application/json; charset=utf-16");
        yield return ("broken form", "--x", "multipart/form-data; boundary=y");
        foreach (var property in operation.Properties())
        {
            yield return ($"{property} is an object", $"{{\"{property}\":{{\"x\":1}}}}", "application/json");
            yield return ($"{property} is long", $"{{\"{property}\":\"{Long}\"}}", "application/json");
            yield return ($"{property} is NUL", $"{{\"{property}\":\"\\u0000\"}}", "application/json");
        }
    }

    private static async Task CallAsync(Described operation, string name, HttpClient client, HttpRequestMessage request, List<string> findings)
    {
        // Streams end when they are let go.
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var status = (int)answer.StatusCode;
        var what = $"{operation.Method.ToUpperInvariant()} {operation.Path} [{name}] {status}";
        if (!operation.Describes(status))
            findings.Add($"{what}: not described");
        if (status >= 500 && status != 503)
            findings.Add($"{what}: a fault of ours");
        if (status < 400 && name.StartsWith(MadeUp, StringComparison.Ordinal))
            findings.Add($"{what}: taken, though it was made up");
        if (status < 400 || operation.Method == "head")
            return;
        var body = await answer.Content.ReadAsStringAsync();
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json" || !IsProblem(body, status))
            findings.Add($"{what}: no problem, but '{(body.Length > 200 ? body[..200] : body)}'");
    }

    private static bool IsProblem(string body, int status)
    {
        var problem = JsonNode.Parse(body);
        return problem?["type"]?.GetValue<string>().StartsWith(ProblemType, StringComparison.Ordinal) == true
            && problem["status"]?.GetValue<int>() == status
            && problem["title"] is not null && problem["detail"] is not null && problem["traceId"] is not null;
    }

    /// <summary>One operation of the document.</summary>
    private sealed record Described(JsonObject Document, string Method, string Path, JsonObject Operation)
    {
        public bool Describes(int status) =>
            Operation["responses"]!.AsObject() is var responses && (responses.ContainsKey($"{status}") || responses.ContainsKey("default"));

        public IEnumerable<string> Queries() => (Operation["parameters"] as JsonArray ?? [])
            .Select(parameter => Resolve(parameter!)).Where(parameter => (string?)parameter["in"] == "query").Select(parameter => (string)parameter["name"]!);

        public IEnumerable<string> Properties() =>
            Operation["requestBody"]?["content"]?["application/json"]?["schema"] is { } schema && Resolve(schema)["properties"] is JsonObject properties
                ? properties.Select(property => property.Key) : [];

        /// <summary>A request with this in the place of every part of the path.</summary>
        public HttpRequestMessage Request(string id, string query = "") =>
            new(new HttpMethod(Method.ToUpperInvariant()), string.Join('/', Path.Split('/').Select(part => part.StartsWith('{') ? id : part)) + query);

        private JsonNode Resolve(JsonNode node)
        {
            while ((string?)node["$ref"] is { } reference)
                node = reference[2..].Split('/').Aggregate((JsonNode)Document, (at, part) => at[part]!);
            return node;
        }
    }
}
