using System.Globalization;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Wall;

/// <summary>What of a wall is asked for.</summary>
internal sealed record WallFilter(string View, string Sort, string? Genre, string? Text)
{
    private static readonly string[] Views = ["all", "music", "projects", "collabs", "archived"];
    private static readonly string[] Sorts = ["recent", "oldest", "popular", "plays"];

    /// <summary>From the query; 400 for what there is not.</summary>
    public static WallFilter Of(string? view, string? sort, string? genre, string? q)
    {
        (view, sort) = (Words.Read("view", view, Views), Words.Read("sort", sort, Sorts));
        if (genre?.Length > 100)
            throw Problem.Invalid("genre", "At most 100 characters.");
        if (q?.Length > 200)
            throw Problem.Invalid("q", "At most 200 characters.");
        return new WallFilter(view ?? "all", sort ?? "recent", string.IsNullOrWhiteSpace(genre) ? null : genre.Trim(), string.IsNullOrWhiteSpace(q) ? null : q.Trim());
    }
}

/// <summary>Where a page of a wall ended: pinned cards first, then by the sort's number, then by id.</summary>
internal readonly record struct WallKey(bool Pinned, long Number, Guid Id);

/// <summary>Reads walls.</summary>
internal sealed class WallQuery(CardReader cards)
{
    private const string Entry = "w.kind, w.description, w.pinned, w.archived, w.added_at, ";

    /// <summary>A page of a member's wall as <paramref name="viewer"/> may see it.</summary>
    public async Task<Page<WallCardView>> ReadAsync(Guid owner, Guid? viewer, WallFilter filter, PageQuery page, CancellationToken cancellationToken)
    {
        var (values, after) = (new List<object> { owner }, page.After<WallKey>());
        var sql = $"SELECT {CardReader.Columns}, {Entry}{NumberOf(filter.Sort)} FROM wall_entries w JOIN tracks t USING (generation_id) {CardReader.Joins} WHERE {Where(filter, owner == viewer, values)}";
        var (order, compare) = filter.Sort == "oldest" ? ("ASC", ">") : ("DESC", "<");
        var pins = filter.Sort == "recent" ? "w.pinned" : "false";
        if (after is { } key)
        {
            sql += $" AND ({pins}, {KeyOf(filter.Sort)}, w.generation_id) {compare} (${values.Count + 2}, {Value(filter.Sort, values.Count + 3)}, ${values.Count + 4})";
            values.AddRange([key.Pinned, key.Number, key.Id]);
        }

        sql += $" ORDER BY {(filter.Sort == "recent" ? "w.pinned DESC, " : "")}{KeyOf(filter.Sort)} {order}, w.generation_id {order} LIMIT {(page.Limit + 1).ToString(CultureInfo.InvariantCulture)}";
        var rows = await cards.ReadAsync(sql, viewer, values, (row, card) => (View: Card(row, card, owner == viewer), Number: row.GetInt64(CardReader.ColumnCount + 5)), cancellationToken);
        return Data.Page.Of(rows, page, r => new WallKey(filter.Sort == "recent" && r.View.Pinned, r.Number, r.View.Id), r => r.View);
    }

    private static string Where(WallFilter filter, bool isOwner, List<object> values)
    {
        var where = "w.account_id = $2 AND w.archived = " + (filter.View == "archived" ? "true" : "false");
        // A claimed copy stays with who claimed it, unless it is illegal.
        where += isOwner ? " AND t.completed_at IS NOT NULL AND NOT t.deleted AND NOT (t.hidden AND (w.kind <> 'Collab' OR t.illegal))" : " AND t.listed";
        if (filter.View == "archived" && !isOwner)
            where += " AND false";
        where += filter.View switch
        {
            "music" => " AND w.kind = 'Music'",
            "projects" => " AND w.kind = 'Project'",
            "collabs" => " AND w.kind = 'Collab'",
            _ => "",
        };
        if (filter.Genre is not null)
        {
            values.Add(filter.Genre);
            where += $" AND lower(t.genre) = lower(${values.Count + 1})";
        }

        if (filter.Text is not null)
        {
            values.Add($"%{Like.Escape(filter.Text)}%");
            where += $" AND t.title ILIKE ${values.Count + 1}";
        }

        return where;
    }

    private static string KeyOf(string sort) => sort switch { "popular" => "t.likes", "plays" => "t.plays", _ => "w.added_at" };

    // Microseconds: what PostgreSQL keeps of a time, so that it comes back as it was.
    private static string NumberOf(string sort) => sort switch
    {
        "popular" => "t.likes::bigint",
        "plays" => "t.plays",
        _ => "(extract(epoch FROM w.added_at) * 1000000)::bigint",
    };

    private static string Value(string sort, int parameter) =>
        sort is "popular" or "plays" ? $"${parameter}" : $"(timestamptz 'epoch' + ${parameter} * interval '1 microsecond')";

    /// <summary>A row that has <see cref="Entry"/> after the card.</summary>
    public static WallCardView Card(NpgsqlDataReader row, CardView card, bool isOwner)
    {
        const int First = CardReader.ColumnCount;
        var kind = Enum.Parse<WallKind>(row.GetString(First)).ToString().ToLowerInvariant();
        Visibility? visibility = isOwner && card.Mine == true ? Enum.Parse<Visibility>(row.GetString(First - 1)) : null;
        return new WallCardView(card, kind, CardReader.Text(row, First + 1), row.GetBoolean(First + 2), row.GetBoolean(First + 3), visibility, row.GetFieldValue<DateTimeOffset>(First + 4));
    }
}
