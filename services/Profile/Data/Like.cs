using Son1kVers3.ServiceDefaults.Paging;

namespace Son1kVers3.Profile.Data;

/// <summary>Patterns of SQL's LIKE.</summary>
internal static class Like
{
    /// <summary>The text as itself: its wildcards are no wildcards.</summary>
    public static string Escape(string text) => text.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_");
}

/// <summary>Pages of rows that are shown as something else.</summary>
internal static class Page
{
    /// <summary>A page of rows that were read with <c>LIMIT limit + 1</c>, each shown by <paramref name="view"/>.</summary>
    public static Page<TView> Of<TRow, TKey, TView>(IReadOnlyList<TRow> rows, PageQuery page, Func<TRow, TKey> key, Func<TRow, TView> view)
        where TKey : struct =>
        Page<TRow>.Of(rows, page, key).Select(view);
}
