using Npgsql;
using NpgsqlTypes;

namespace Son1kVers3.Profile.Data;

/// <summary>Queries whose first parameter is who looks.</summary>
internal static class ViewerQuery
{
    /// <summary>Runs it on a connection of its own, and reads each row.</summary>
    public static async Task<List<T>> ReadAsync<T>(
        this NpgsqlDataSource database, string sql, Guid? viewer, IEnumerable<object> values, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ReadAsync(sql, viewer, values, row, cancellationToken);
    }

    /// <summary>The same on a connection, within the transaction that it has.</summary>
    public static async Task<List<T>> ReadAsync<T>(
        this NpgsqlConnection connection, string sql, Guid? viewer, IEnumerable<object> values, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = (object?)viewer ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        // A connection keeps what it has prepared: planning these statements takes as long as some of them run.
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(row(reader));
        return rows;
    }
}
