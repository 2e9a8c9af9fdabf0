using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Http;

/// <summary>One call being answered: who asks what, on which state. Runs alone, under the world's lock.</summary>
internal sealed record Call(World World, Form Form, string Path, IReadOnlyDictionary<string, string> Route, string BaseUrl)
{
    public string Id => Route["id"];
}

/// <summary>The table of emulated endpoints.</summary>
internal sealed class ApiRoutes
{
    /// <summary>What every list takes beside its own filters.</summary>
    private const string Paging = " limit starting_after ending_before";

    private readonly List<ApiRoute> _routes = [];

    public void Get(string path, Func<Call, JsonObject> handler) => Add("GET", path, "", handler);

    /// <summary>A list of what a customer has: one that never was is refused, as a parameter, and one that was deleted has what it
    /// had.</summary>
    public void List(string path, string filters, Func<Call, JsonObject> handler) => Add("GET", path, filters + Paging, call =>
    {
        if (call.Form.Text("customer") is { Length: > 0 } customer)
        {
            call.World.State.Customers.GetReferred(customer, "customer", "customer");
        }

        return handler(call);
    });

    public void Post(string path, string parameters, Func<Call, JsonObject> handler) => Add("POST", path, parameters, handler);

    public void Delete(string path, string parameters, Func<Call, JsonObject> handler) => Add("DELETE", path, parameters, handler);

    public bool TryFind(string method, string path, [NotNullWhen(true)] out ApiRoute? route, out IReadOnlyDictionary<string, string> values)
    {
        var segments = path.Trim('/').Split('/');
        foreach (var candidate in _routes.Where(r => r.Method == method && r.Segments.Length == segments.Length))
        {
            if (candidate.Match(segments) is { } found)
            {
                (route, values) = (candidate, found);
                return true;
            }
        }

        (route, values) = (null, new Dictionary<string, string>());
        return false;
    }

    // Fixed segments win over `{id}` because they are added to the front.
    private void Add(string method, string path, string parameters, Func<Call, JsonObject> handler)
    {
        var route = new ApiRoute(method, path.Trim('/').Split('/'), new ParameterList(parameters), handler);
        _routes.Insert(path.Contains('{', StringComparison.Ordinal) ? _routes.Count : 0, route);
    }
}

internal sealed record ApiRoute(string Method, string[] Segments, ParameterList Parameters, Func<Call, JsonObject> Handler)
{
    public Dictionary<string, string>? Match(string[] segments)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < segments.Length; i++)
        {
            if (Segments[i][0] == '{')
            {
                values[Segments[i][1..^1]] = Uri.UnescapeDataString(segments[i]);
            }
            else if (Segments[i] != segments[i])
            {
                return null;
            }
        }

        return values;
    }
}
