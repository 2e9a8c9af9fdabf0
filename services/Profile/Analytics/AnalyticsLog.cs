using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Data;

namespace Son1kVers3.Profile.Analytics;

/// <summary>Writes down what members do, in the transaction of what did it.</summary>
/// <remarks>
/// Members who opted out, and those who are gone, leave no trace: their account is looked at by the statement that writes. Events may come twice and in any
/// order: the event's id is the row's, and the first time of anything is the least of all that were told.
/// </remarks>
internal sealed class AnalyticsLog(ProfileDb db, TimeProvider clock)
{
    /// <summary>That a member did something, as <paramref name="cause"/> tells. Call it last in a handler: it may wait for another event of the same member.</summary>
    public Task RecordAsync(Guid account, Activity activity, Event cause, ActivityProperties? properties, CancellationToken cancellationToken) =>
        WriteAsync(account, [cause.EventId], [AnalyticsText.NameOf(activity)], [cause.OccurredAt], [AnalyticsText.Of(properties)], cancellationToken);

    /// <summary>What the web app measured.</summary>
    public Task RecordAsync(Guid account, IReadOnlyList<MeasurementRequest> measurements, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return WriteAsync(
            account,
            [.. measurements.Select(_ => Guid.CreateVersion7(now))],
            [.. measurements.Select(m => AnalyticsText.NameOf(m.Name!.Value))],
            [.. measurements.Select(m => m.TimeAt(now))],
            [.. measurements.Select(m => AnalyticsText.Of(m.Kept()))],
            cancellationToken);
    }

    private Task WriteAsync(Guid account, Guid[] ids, string[] names, DateTimeOffset[] times, string[] properties, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return db.Database.ExecuteSqlAsync(
            $"""
            WITH told AS (
                SELECT e.id, a.id AS account_id, e.name, e.at, e.properties FROM unnest({ids}, {names}, {times}, {properties}) AS e (id, name, at, properties)
                JOIN accounts a ON a.id = {account} AND NOT a.analytics_opt_out WHERE e.at >= {AnalyticsRetention.Begin(now)}),
            made AS (
                INSERT INTO analytics_events (id, account_id, name, at, properties, recorded_at)
                SELECT id, account_id, name, at, properties::jsonb, {now} FROM told ON CONFLICT (id) DO NOTHING RETURNING account_id, name, at),
            weeks AS (
                INSERT INTO analytics_weeks (account_id, week)
                SELECT DISTINCT account_id, date_trunc('week', at AT TIME ZONE 'UTC')::date FROM made ON CONFLICT DO NOTHING),
            firsts AS (SELECT account_id, name, min(at) AS at FROM made GROUP BY account_id, name)
            INSERT INTO analytics_firsts AS known (account_id, name, at)
            SELECT account_id, name, at FROM firsts n WHERE NOT EXISTS (SELECT FROM analytics_firsts f WHERE f.account_id = n.account_id AND f.name = n.name AND f.at <= n.at)
            ORDER BY name
            ON CONFLICT (account_id, name) DO UPDATE SET at = excluded.at WHERE known.at > excluded.at
            """,
            cancellationToken);
    }
}
