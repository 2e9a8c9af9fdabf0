using System.Buffers.Text;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.ServiceDefaults.Paging;

/// <summary>One page of a list; <see cref="NextCursor"/> is null on the last one.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>Makes a page of rows that were read with <c>LIMIT limit + 1</c>: the extra row only tells that there is more.</summary>
    public static Page<T> Of<TKey>(IReadOnlyList<T> rows, int limit, Func<T, TKey> key) =>
        rows.Count > limit
            ? new Page<T>([.. rows.Take(limit)], Cursor.Encode(key(rows[limit - 1])))
            : new Page<T>(rows, null);

    /// <summary>The same page with other items.</summary>
    public Page<TOther> Select<TOther>(Func<T, TOther> map) => new([.. Items.Select(map)], NextCursor);
}

/// <summary>The query of a keyset page: <c>?limit=</c> (1–100, default 20) and <c>?cursor=</c>.</summary>
public sealed record PageQuery(int Limit, string? Cursor)
{
    /// <summary>The key of the last row of the page before, or null on the first page. A cursor that we did not make is a 400.</summary>
    public TKey? After<TKey>()
        where TKey : struct => Cursor is null ? null : Paging.Cursor.Decode<TKey>(Cursor);

    /// <summary>Called by the framework.</summary>
    public static ValueTask<PageQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var limit = 20;
        if (context.Request.Query["limit"] is [{ } text, ..]
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > 100))
            throw Problem.Invalid("limit", "A whole number from 1 to 100.");
        var cursor = context.Request.Query["cursor"] is [{ Length: > 0 } value, ..] ? value : null;
        return ValueTask.FromResult<PageQuery?>(new PageQuery(limit, cursor));
    }
}

/// <summary>Keyset cursors: opaque to clients, the sort key of the last row to us.</summary>
public static class Cursor
{
    // Value tuples keep their parts in fields.
    private static readonly JsonSerializerOptions Fields = new() { IncludeFields = true };

    /// <summary>The key (a struct, for example a value tuple) as URL-safe text.</summary>
    public static string Encode<TKey>(TKey key) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(key, Fields));

    /// <summary>The key back, or a 400.</summary>
    public static TKey Decode<TKey>(string cursor)
        where TKey : struct
    {
        try
        {
            return JsonSerializer.Deserialize<TKey>(Base64Url.DecodeFromChars(cursor), Fields);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw Problem.Invalid("cursor", "Use the nextCursor of the page before as it was given.");
        }
    }
}
