using Npgsql;

namespace Son1kVers3.Billing.Tests.Quotas;

internal static class LedgerChecks
{
    /// <summary>Every bucket where balance, ledger and units disagree.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT d::text FROM ledger_differences d");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
