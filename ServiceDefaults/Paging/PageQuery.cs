using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.ServiceDefaults.Paging;

/// <summary>The query of a keyset page: <c>?limit=</c> (1–100, default 20) and <c>?cursor=</c>.</summary>
public sealed class PageQuery
{
    private static readonly ConcurrentDictionary<MemberInfo, string[]> Filters = [];

    private readonly CursorSeal _seal;
    private readonly string _list;
    private readonly string? _cursor;

    private PageQuery(int limit, string? cursor, string list, CursorSeal seal) => (Limit, _cursor, _list, _seal) = (limit, cursor, list, seal);

    /// <summary>How many items the page holds at most.</summary>
    public int Limit { get; }

    /// <summary>A first page that nobody asked for over HTTP.</summary>
    public static PageQuery First(int limit) => new(limit, null, "", new CursorSeal(null));

    /// <summary>The key of the last row of the page before, or null on the first page. A cursor that this list did not give is a 400.</summary>
    public TKey? After<TKey>()
        where TKey : struct => _cursor is null ? null : _seal.Open<TKey>(_cursor, _list) ?? throw Problem.Invalid("cursor", "Use the nextCursor of the page before as it was given, with the same filters.");

    /// <summary>The cursor of a page that goes on after this key (a struct, for example a value tuple).</summary>
    public string CursorAt<TKey>(TKey key)
        where TKey : struct => _seal.Close(key, _list);

    /// <summary>The same page of a list that several addresses show, and whose cursors are good at each of them.</summary>
    public PageQuery Of(string list) => new(Limit, _cursor, list, _seal);

    /// <summary>Called by the framework.</summary>
    public static ValueTask<PageQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var limit = 20;
        if (context.Request.Query["limit"] is [{ } text, ..]
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > 100))
            throw Problem.Invalid("limit", "A whole number from 1 to 100.");
        var cursor = context.Request.Query["cursor"] is [{ Length: > 0 } value, ..] ? value : null;
        return ValueTask.FromResult<PageQuery?>(new PageQuery(limit, cursor, ListOf(context.Request, parameter.Member), context.RequestServices.GetRequiredService<CursorSeal>()));
    }

    /// <summary>The list that is asked for: its address, and what the handler takes from the query.</summary>
    private static string ListOf(HttpRequest request, MemberInfo handler)
    {
        var filters = Filters.GetOrAdd(handler, NamesOf).Select(name => (Name: name, Value: request.Query[name].ToString())).Where(filter => filter.Value.Length > 0);
        return $"{request.Path.Value?.ToLowerInvariant()}?{string.Join('&', filters.Select(filter => $"{filter.Name}={Uri.EscapeDataString(filter.Value)}"))}";
    }

    // Names that are no query's (services) are never found in one.
    private static string[] NamesOf(MemberInfo handler) =>
        [.. HandlerParameter.Of((MethodInfo)handler).Select(parameter => parameter.Name).Order(StringComparer.Ordinal)];
}
