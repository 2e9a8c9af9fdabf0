using Npgsql;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Search;

/// <summary>Forgets words that no document has any more: a mistyped word means one that is there.</summary>
/// <remarks>
/// A document that is written meanwhile renews the day of its words, where that lies a month back; what was used in the last two months is kept without a look. So no
/// word is lost to a document that is not committed yet. The words of a member who left are old at once, and gone within the hour where nobody else uses them; should somebody write
/// one for the first time in that very moment, it is learned again with the document's next change. All documents are read, and only where there is something old: words are
/// counted nowhere, because a count would make writers wait for each other.
/// </remarks>
internal sealed class SearchWordCleanup(NpgsqlDataSource database, TimeProvider clock, ILogger<SearchWordCleanup> log) : PeriodicWorker(TimeSpan.FromHours(1), clock, log)
{
    protected override async Task RunAsync(CancellationToken cancellationToken) => await ForgetAsync(cancellationToken);

    /// <summary>Returns how many were forgotten.</summary>
    internal async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH old AS MATERIALIZED (SELECT word FROM search_words WHERE used_on < current_date - 60),
            used AS MATERIALIZED (
                SELECT DISTINCT regexp_replace(word, '^(by|of):', '') AS word
                FROM ts_stat(CASE WHEN EXISTS (SELECT FROM old) THEN 'SELECT words FROM search_documents' ELSE 'SELECT words FROM search_documents LIMIT 0' END)),
            kept AS (UPDATE search_words s SET used_on = current_date - 31 FROM old JOIN used USING (word) WHERE s.word = old.word)
            DELETE FROM search_words s USING old WHERE s.word = old.word AND NOT EXISTS (SELECT FROM used WHERE used.word = s.word)
            """);
        command.CommandTimeout = 600;
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
