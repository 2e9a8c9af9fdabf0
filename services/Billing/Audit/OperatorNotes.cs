using Npgsql;

namespace Son1kVers3.Billing.Audit;

/// <summary>What the service did by itself and operators should know.</summary>
/// <param name="Subject">There is one note of an action for each.</param>
internal sealed record OperatorNote(Guid UserId, string Action, string Subject, string Detail);

/// <summary>Writes notes into the audit; the dashboard shows them.</summary>
internal sealed class OperatorNotes(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Adds a note, once.</summary>
    public async Task AddAsync(OperatorNote note, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO audit (at, operator_id, user_id, action, reason, detail, subject)
                VALUES ($1, NULL, $2, $3, 'corrected by the service', $4, $5)
            ON CONFLICT (action, subject) WHERE subject IS NOT NULL DO NOTHING
            """);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        command.Parameters.AddWithValue(note.UserId);
        command.Parameters.AddWithValue(note.Action);
        command.Parameters.AddWithValue(note.Detail);
        command.Parameters.AddWithValue(note.Subject);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The newest ones.</summary>
    public async Task<IReadOnlyList<OperatorNoteView>> NewestAsync(int count, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT at, user_id, action, detail FROM audit WHERE subject IS NOT NULL ORDER BY id DESC LIMIT $1");
        command.Parameters.AddWithValue(count);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var notes = new List<OperatorNoteView>();
        while (await row.ReadAsync(cancellationToken))
            notes.Add(
                new OperatorNoteView(
                    row.GetFieldValue<DateTimeOffset>(0), row.IsDBNull(1) ? null : row.GetGuid(1), row.GetString(2), row.GetString(3)));
        return notes;
    }
}

/// <summary>A note, as operators see it.</summary>
public sealed record OperatorNoteView(DateTimeOffset At, Guid? UserId, string Action, string Detail);
