using Npgsql;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Admin;

/// <summary>The platform at a glance.</summary>
/// <param name="UsersPerTier">Everyone that is known, by the tier of this instant.</param>
/// <param name="MrrCents">Monthly recurring revenue: what running subscriptions ask a month.</param>
/// <param name="AccountHealth">Accounts at music providers, by health.</param>
public sealed record DashboardDto(
    IReadOnlyDictionary<string, long> UsersPerTier,
    IReadOnlyDictionary<string, long> AlvaeMembers,
    GenerationCounts Generations,
    long MrrCents,
    string Currency,
    IReadOnlyDictionary<string, long> Subscriptions,
    PoolCounts Pool,
    IReadOnlyDictionary<string, long> AccountHealth,
    StripeCounts Stripe);

/// <summary>Finished generations of the UTC day and calendar month.</summary>
public sealed record GenerationCounts(long Today, long ThisMonth);

/// <summary>Tracks in the pool.</summary>
public sealed record PoolCounts(long Contributed, long Claimed, long Available);

/// <summary>Events of Stripe's that wait, and of these the ones that failed before.</summary>
public sealed record StripeCounts(long Waiting, long Failing);

internal sealed class Dashboard(NpgsqlDataSource database, TimeProvider clock)
{
    private const string ByTier =
        """
        SELECT greatest(CASE WHEN paid_until IS NULL OR $1 < paid_until THEN paid_tier ELSE 0 END, CASE WHEN comp_until IS NULL OR $1 < comp_until THEN comp_tier ELSE 0 END)::text, count(*)
        FROM accounts WHERE deleted_at IS NULL GROUP BY 1
        """;

    public async Task<DashboardDto> ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var tiers = await CountAsync(ByTier, cancellationToken, now);
        var levels = await CountAsync("SELECT alvae::text, count(*) FROM accounts WHERE alvae IS NOT NULL AND deleted_at IS NULL GROUP BY 1", cancellationToken);
        var paying = await CountAsync("SELECT tier::text, count(*) FROM subscriptions WHERE current AND status IN ('active', 'past_due') GROUP BY 1", cancellationToken);
        var generations = await CountAsync(
            """
            SELECT period, count(*) FROM ledger, LATERAL (VALUES ('month', $2), ('day', $1)) AS since (period, start)
            WHERE kind = 'commit' AND at >= least($1, $2) AND at >= start GROUP BY 1
            """,
            cancellationToken,
            BucketPeriod.UtcDay(now).Start,
            BucketPeriod.CalendarMonth(now).Start);
        var pool = await CountAsync("SELECT CASE WHEN claimed THEN 'claimed' ELSE 'available' END, count(*) FROM pool_tracks GROUP BY 1", cancellationToken);
        var events = await CountAsync(
            "SELECT CASE WHEN attempts > 0 THEN 'failing' ELSE 'fresh' END, count(*) FROM stripe_events WHERE processed_at IS NULL GROUP BY 1", cancellationToken);
        var (claimed, available) = (pool.GetValueOrDefault("claimed"), pool.GetValueOrDefault("available"));
        return new DashboardDto(
            Named(tiers, TierCatalogue.Plans.Select(p => (int)p.Tier), n => ((Tier)n).ToString().ToUpperInvariant()),
            Named(levels, Enum.GetValues<AlvaeLevel>().Cast<int>(), n => n == (int)AlvaeLevel.EarlyAdopter ? "EARLY_ADOPTER" : ((AlvaeLevel)n).ToString().ToUpperInvariant()),
            new GenerationCounts(generations.GetValueOrDefault("day"), generations.GetValueOrDefault("month")),
            TierCatalogue.Plans.Sum(p => p.PriceCents * paying.GetValueOrDefault(((int)p.Tier).ToString())),
            TierCatalogue.Currency,
            await CountAsync("SELECT status, count(*) FROM subscriptions WHERE current GROUP BY 1", cancellationToken),
            new PoolCounts(claimed + available, claimed, available),
            await CountAsync("SELECT status, count(*) FROM provider_accounts GROUP BY 1", cancellationToken),
            new StripeCounts(events.Values.Sum(), events.GetValueOrDefault("failing")));
    }

    private static Dictionary<string, long> Named(Dictionary<string, long> counts, IEnumerable<int> values, Func<int, string> name) =>
        values.ToDictionary(name, value => counts.GetValueOrDefault(value.ToString()));

    private async Task<Dictionary<string, long>> CountAsync(string sql, CancellationToken cancellationToken, params DateTimeOffset[] instants)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var instant in instants)
            command.Parameters.AddWithValue(instant);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<string, long>();
        while (await reader.ReadAsync(cancellationToken))
            counts[reader.GetString(0)] = reader.GetInt64(1);
        return counts;
    }
}
