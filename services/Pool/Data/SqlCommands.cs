using Npgsql;
using NpgsqlTypes;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Data;

/// <summary>Short forms for single statements with positional parameters.</summary>
internal static class SqlCommands
{
    /// <summary>A command of the pool's data source with <c>$1…</c> bound; null needs a cast in the text.</summary>
    public static NpgsqlCommand Command(this NpgsqlDataSource database, string sql, params ReadOnlySpan<object?> values) =>
        database.CreateCommand(sql).Bind(values);

    /// <summary>The same on a connection, within the transaction that it has.</summary>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        new NpgsqlCommand(sql, connection).Bind(values);

    public static async Task<int> ExecuteAsync(
        this NpgsqlDataSource database, string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using var command = database.Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Every row of a query.</summary>
    public static async Task<List<T>> ReadAsync<T>(
        this NpgsqlDataSource database, string sql, object?[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = database.Command(sql, values);
        return await command.ReadAsync(read, cancellationToken);
    }

    /// <summary>Every row of a command.</summary>
    public static async Task<List<T>> ReadAsync<T>(
        this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>
    /// Binds an event whose last members only the statement knows: the parameters that follow are its id, type, payload and trace, for
    /// <c>INSERT INTO outbox (id, type, payload, trace_parent) SELECT $n, $n+1, $n+2 || jsonb_build_object(…), $n+3</c>.
    /// </summary>
    public static NpgsqlCommand BindEvent(this NpgsqlCommand command, Outbox outbox, object message)
    {
        foreach (var parameter in outbox.Command(message).Parameters)
            command.Parameters.Add(((NpgsqlParameter)parameter).Clone());
        return command;
    }

    public static T? Nullable<T>(this NpgsqlDataReader reader, int column)
        where T : class => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    private static NpgsqlCommand Bind(this NpgsqlCommand command, ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
            command.Parameters.Add(value is string text ? new NpgsqlParameter { Value = text, NpgsqlDbType = NpgsqlDbType.Text }
                : new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
