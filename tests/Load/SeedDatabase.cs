using Npgsql;

namespace Son1kVers3.Load;

/// <summary>What every filling of tables by SQL needs.</summary>
internal static class SeedDatabase
{
    /// <summary>Drops the indexes of these tables, fills them, and makes the indexes again, as a restore does.</summary>
    public static async Task FillAsync(this NpgsqlDataSource database, string[] tables, string sql)
    {
        var indexes = await IndexesAsync(database, tables);
        foreach (var (name, _) in indexes)
            await database.RunAsync($"DROP INDEX {name}");
        await database.RunAsync(sql);
        foreach (var (_, definition) in indexes)
            await database.RunAsync(definition);
    }

    /// <summary>Runs statements that may take an hour.</summary>
    public static async Task RunAsync(this NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 3600;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<(string Name, string Definition)>> IndexesAsync(NpgsqlDataSource database, string[] tables)
    {
        await using var command = database.CreateCommand(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY($1) AND indexname LIKE 'ix\\_%'");
        command.Parameters.Add(new() { Value = tables });
        await using var reader = await command.ExecuteReaderAsync();
        var indexes = new List<(string, string)>();
        while (await reader.ReadAsync())
            indexes.Add((reader.GetString(0), reader.GetString(1)));
        return indexes;
    }
}
