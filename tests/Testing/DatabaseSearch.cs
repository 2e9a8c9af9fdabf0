using System.Text;
using Npgsql;

namespace Son1kVers3.Testing;

/// <summary>Looks through a database as through a dump: whatever tables there are, whatever their columns are called.</summary>
public static class DatabaseSearch
{
    /// <summary>The tables of a database.</summary>
    public static Task<IReadOnlyList<string>> TablesAsync(this NpgsqlDataSource database) => database.TextsAsync(
        "SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1");

    /// <summary>The tables in which one of the words stands, in any column of any type, in any case.</summary>
    public static async Task<IReadOnlyList<string>> TablesThatHoldAsync(this NpgsqlDataSource database, params string[] words)
    {
        // Bytes are shown in hexadecimal digits.
        string[] all = [.. words.Select(word => word.ToLowerInvariant()), .. words.Select(word => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(word)))];
        var found = new List<string>();
        foreach (var table in await database.TablesAsync())
        {
            var sql = $"SELECT '' FROM {table} AS r WHERE EXISTS (SELECT FROM unnest($1) word WHERE strpos(lower(r::text), word) > 0) LIMIT 1";
            if (await database.TextsAsync(sql, (object)all) is [_])
                found.Add(table);
        }

        return found;
    }

    /// <summary>The first column of every row.</summary>
    public static async Task<IReadOnlyList<string>> TextsAsync(this NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
            texts.Add(reader.GetString(0));
        return texts;
    }
}
