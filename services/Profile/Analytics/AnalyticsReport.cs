using Npgsql;

namespace Son1kVers3.Profile.Analytics;

/// <summary>What members and the app did from one day to another, both included (UTC).</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="Days">Each day, the newest first; counted at most a minute ago.</param>
/// <param name="Funnel">Of those who signed up on these days: how far they came until now.</param>
/// <param name="Cohorts">Of those who signed up on these days, by the week of it, the newest first: who came back.</param>
internal sealed record AnalyticsView(DateOnly From, DateOnly To, IReadOnlyList<DayView> Days, IReadOnlyList<FunnelStepView> Funnel, IReadOnlyList<CohortView> Cohorts);

/// <summary>A day.</summary>
/// <param name="Day">UTC.</param>
/// <param name="ActiveMembers">Members who did anything.</param>
/// <param name="Figures">By what was done, in the order of the alphabet; what did not happen is left out.</param>
internal sealed record DayView(DateOnly Day, int ActiveMembers, IReadOnlyList<FigureView> Figures);

/// <summary>How often something happened.</summary>
/// <param name="Name">signed-up, generated, played, liked, contributed, claimed, upgraded, or a measurement of the app.</param>
/// <param name="Events">How often.</param>
/// <param name="Members">To how many members.</param>
internal sealed record FigureView(string Name, long Events, int Members);

/// <summary>A step of the funnel.</summary>
/// <param name="Step">signed-up, generated, played, claimed, upgraded.</param>
/// <param name="Members">Who took this step and all before it.</param>
/// <param name="Ever">Who took this step, whatever they left out before.</param>
internal sealed record FunnelStepView(string Step, int Members, int Ever);

/// <summary>Those who signed up in one week.</summary>
/// <param name="Week">Its Monday.</param>
/// <param name="Members">How many.</param>
/// <param name="Active">How many of them did anything in that week (0) and in each one after it, up to the present one.</param>
internal sealed record CohortView(DateOnly Week, int Members, IReadOnlyList<int> Active);

/// <summary>Reads the figures: days from the roll-up, funnel and cohorts from first times and active weeks, in one round trip.</summary>
internal sealed class AnalyticsReport(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly string[] Steps =
    [
        .. new[] { Activity.SignedUp, Activity.Generated, Activity.Played, Activity.Claimed, Activity.Upgraded }.Select(AnalyticsText.NameOf),
    ];

    private const string Days = "SELECT day, name, events, members FROM analytics_days WHERE day BETWEEN $1 AND $2 ORDER BY day, name";

    // Of the steps $3, whose first one makes the cohort.
    private const string Funnel =
        """
        WITH cohort AS (SELECT account_id FROM analytics_firsts WHERE name = $3[1] AND at >= $1 AND at < $2),
        members AS MATERIALIZED (SELECT array_agg(f.name) AS done FROM cohort JOIN analytics_firsts f USING (account_id) WHERE f.name = ANY($3) GROUP BY account_id)
        SELECT count(*) FILTER (WHERE done @> $3[1:n])::int, count(*) FILTER (WHERE $3[n] = ANY(done))::int
        FROM generate_series(1, cardinality($3)) n LEFT JOIN members ON true GROUP BY n ORDER BY n
        """;

    // A row for each week after the cohort's own, and one with null for its size.
    private const string Cohorts =
        """
        WITH cohort AS MATERIALIZED (
            SELECT account_id, date_trunc('week', at AT TIME ZONE 'UTC')::date AS week FROM analytics_firsts WHERE name = $3 AND at >= $1 AND at < $2)
        SELECT week, NULL::int AS later, count(*)::int FROM cohort GROUP BY 1
        UNION ALL SELECT c.week, (w.week - c.week) / 7, count(*)::int FROM cohort c JOIN analytics_weeks w USING (account_id) WHERE w.week >= c.week GROUP BY 1, 2
        """;

    public async Task<AnalyticsView> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        var (begin, end) = (Midnight(from), Midnight(to.AddDays(1)));
        Add(batch, Days, from, to);
        Add(batch, Funnel, begin, end, Steps);
        Add(batch, Cohorts, begin, end, Steps[0]);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var days = await DaysAsync(reader, from, to, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var funnel = await FunnelAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return new AnalyticsView(from, to, days, funnel, await CohortsAsync(reader, cancellationToken));
    }

    private static async Task<List<DayView>> DaysAsync(NpgsqlDataReader reader, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var figures = new List<(DateOnly Day, FigureView Figure)>();
        while (await reader.ReadAsync(cancellationToken))
            figures.Add((reader.GetFieldValue<DateOnly>(0), new FigureView(reader.GetString(1), reader.GetInt64(2), reader.GetInt32(3))));
        var known = figures.ToLookup(f => f.Day, f => f.Figure);
        return [.. Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(back => to.AddDays(-back)).Select(day => new DayView(
            day, known[day].FirstOrDefault(f => f.Name == AnalyticsDay.Any)?.Members ?? 0, [.. known[day].Where(f => f.Name != AnalyticsDay.Any)]))];
    }

    private static async Task<List<FunnelStepView>> FunnelAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var steps = new List<FunnelStepView>();
        while (await reader.ReadAsync(cancellationToken))
            steps.Add(new FunnelStepView(Steps[steps.Count], reader.GetInt32(0), reader.GetInt32(1)));
        return steps;
    }

    private async Task<List<CohortView>> CohortsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<(DateOnly Week, int? Later, int Members)>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add((reader.GetFieldValue<DateOnly>(0), reader.IsDBNull(1) ? null : reader.GetInt32(1), reader.GetInt32(2)));
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        return [.. rows.GroupBy(row => row.Week).OrderByDescending(week => week.Key).Select(week => new CohortView(
            week.Key,
            week.Where(row => row.Later is null).Sum(row => row.Members),
            [.. Enumerable.Range(0, Math.Max(0, (today.DayNumber - week.Key.DayNumber) / 7 + 1)).Select(later => week.Where(row => row.Later == later).Sum(row => row.Members))]))];
    }

    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
