namespace Son1kVers3.ServiceDefaults.Paging;

/// <summary>One page of a list; <see cref="NextCursor"/> is null on the last one.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>Makes a page of rows that were read with <c>LIMIT limit + 1</c>: the extra row only tells that there is more.</summary>
    public static Page<T> Of<TKey>(IReadOnlyList<T> rows, PageQuery page, Func<T, TKey> key)
        where TKey : struct =>
        rows.Count > page.Limit
            ? new Page<T>([.. rows.Take(page.Limit)], page.CursorAt(key(rows[page.Limit - 1])))
            : new Page<T>(rows, null);

    /// <summary>The same page with other items.</summary>
    public Page<TOther> Select<TOther>(Func<T, TOther> map) => new([.. Items.Select(map)], NextCursor);
}
