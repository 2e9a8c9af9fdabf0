namespace Son1kVers3.Profile.PersonalData;

/// <summary>What one table holds of a member: how it is exported, and how it is erased. Each feature registers its own.</summary>
/// <param name="Name">What it is called in an export.</param>
/// <param name="Export">Selects one JSON text a row, of the member <c>$1</c>; null when it is nothing that an export should hold.</param>
/// <param name="Erase">Erases at most <c>$2</c> rows of the member <c>$1</c>; null for what goes with the account's own row.</param>
internal sealed record PersonalTable(string Name, string? Export, string? Erase)
{
    /// <summary>
    /// Takes what others see or write to, of the member <c>$1</c>, out of their reach, in the transaction that deletes the account: nothing is accepted
    /// there that the erasure, which follows in batches, would take along.
    /// </summary>
    public IReadOnlyList<string> Withdraw { get; init; } = [];
}

internal static class PersonalTables
{
    public static IServiceCollection AddPersonalTable(
        this IServiceCollection services, string name, string? export, string? erase, params IReadOnlyList<string> withdraw) =>
        services.AddSingleton(new PersonalTable(name, export, erase) { Withdraw = withdraw });

    /// <summary>The statement that erases a batch of a table whose rows belong to the member in <paramref name="column"/>.</summary>
    public static string EraseFrom(string table, string column) =>
        $"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {column} = $1 LIMIT $2))";
}
