using Npgsql;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Analytics;

/// <summary>How long analytics are kept.</summary>
internal static class AnalyticsRetention
{
    public const int Months = 13;

    /// <summary>What is older is forgotten.</summary>
    public static DateTimeOffset Begin(DateTimeOffset now) => now.AddMonths(-Months);
}

/// <summary>Counts the days of which something new was told, and forgets what is older than 13 months.</summary>
/// <remarks>
/// A day is counted anew as a whole, so that a round may be repeated, or done by two replicas. What was written within ten minutes before the last count may have
/// been committed after it, and makes its day be counted once more. Counts never shrink: a member who left was there.
/// </remarks>
internal sealed class AnalyticsRollup(NpgsqlDataSource database, TimeProvider clock, ILogger<AnalyticsRollup> log) : PeriodicWorker(TimeSpan.FromMinutes(1), clock, log)
{
    private const int BatchSize = 5_000;

    private static readonly string[] Kept =
    [
        Forget("analytics_events", "at"), Forget("analytics_firsts", "at"), Forget("analytics_weeks", "week"), Forget("analytics_days", "day"),
    ];

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await RollUpAsync(cancellationToken);
        await ForgetAsync(cancellationToken);
    }

    internal Task RollUpAsync(CancellationToken cancellationToken) => RunAsync(
        $"""
        WITH changed AS MATERIALIZED (
            SELECT DISTINCT (at AT TIME ZONE 'UTC')::date AS day FROM analytics_events
            WHERE recorded_at >= coalesce((SELECT max(rolled_at) - interval '10 minutes' FROM analytics_days), '-infinity'))
        INSERT INTO analytics_days AS known (day, name, events, members, rolled_at)
        SELECT c.day, coalesce(e.name, '{AnalyticsDay.Any}'), count(*), count(DISTINCT e.account_id), $1
        FROM changed c JOIN analytics_events e ON e.at >= c.day::timestamp AT TIME ZONE 'UTC' AND e.at < (c.day + 1)::timestamp AT TIME ZONE 'UTC'
        GROUP BY GROUPING SETS ((c.day, e.name), (c.day)) ORDER BY 1, 2
        ON CONFLICT (day, name) DO UPDATE SET
            events = greatest(known.events, excluded.events), members = greatest(known.members, excluded.members), rolled_at = greatest(known.rolled_at, excluded.rolled_at)
        """,
        [Clock.GetUtcNow()], cancellationToken);

    internal async Task ForgetAsync(CancellationToken cancellationToken)
    {
        foreach (var forget in Kept)
        {
            while (await RunAsync(forget, [AnalyticsRetention.Begin(Clock.GetUtcNow()), BatchSize], cancellationToken) == BatchSize)
            {
            }
        }
    }

    private static string Forget(string table, string time) =>
        $"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {time} < $1 LIMIT $2))";

    private async Task<int> RunAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
