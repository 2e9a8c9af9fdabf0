using Npgsql;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>The databases of the platform, looked at from outside of every service.</summary>
internal sealed class Databases(IReadOnlyDictionary<string, NpgsqlDataSource> sources) : IAsyncDisposable
{
    private static readonly string[] Names = ["profiledb", "billingdb", "pooldb", "stealthdb", "generationdb"];

    public static async Task<Databases> OpenAsync(AppFixture platform)
    {
        var sources = new Dictionary<string, NpgsqlDataSource>();
        foreach (var name in Names)
            sources[name] = NpgsqlDataSource.Create(await platform.GetDatabaseAsync(name));
        return new Databases(sources);
    }

    /// <summary>The tables in which one of the words stands, as <c>profiledb.accounts</c>.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(params string[] words)
    {
        var found = new List<string>();
        foreach (var (name, source) in sources)
            found.AddRange((await source.TablesThatHoldAsync(words)).Select(table => $"{name}.{table}"));
        return found;
    }

    /// <summary>How many rows a query counts.</summary>
    public async Task<long> CountAsync(string database, string sql, Guid id)
    {
        await using var command = sources[database].CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Copies the row of an id, with the copy's own id wherever that one stands in it.</summary>
    public async Task CopyAsync(string database, string table, Guid id, Guid[] copies)
    {
        var columns = await sources[database].TextsAsync(
            "SELECT quote_ident(column_name) FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'", table);
        await using var command = sources[database].CreateCommand(
            $"""
            INSERT INTO {table} ({string.Join(", ", columns)}) SELECT {string.Join(", ", columns.Select(column => $"made.{column}"))}
            FROM {table} AS r CROSS JOIN unnest($2) AS copy
            CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, replace(to_jsonb(r)::text, $1, copy::text)::jsonb) AS made
            WHERE strpos(r::text, $1) > 0
            """);
        command.Parameters.Add(new() { Value = id.ToString() });
        command.Parameters.Add(new() { Value = copies });
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in sources.Values)
            await source.DisposeAsync();
    }
}
