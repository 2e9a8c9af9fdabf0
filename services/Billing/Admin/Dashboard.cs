using Npgsql;
using Son1kVers3.Billing.Audit;
using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Admin;

/// <summary>The platform at a glance.</summary>
/// <param name="UsersPerTier">Everyone that is known, by the tier of this instant.</param>
/// <param name="MrrCents">Monthly recurring revenue: what running subscriptions ask a month.</param>
/// <param name="AccountHealth">Accounts at music providers, by health.</param>
/// <param name="Notes">What billing corrected by itself, the newest first.</param>
public sealed record DashboardView(
    IReadOnlyDictionary<string, long> UsersPerTier,
    IReadOnlyDictionary<string, long> AlvaeMembers,
    GenerationCounts Generations,
    long MrrCents,
    string Currency,
    IReadOnlyDictionary<string, long> Subscriptions,
    PoolCounts Pool,
    IReadOnlyDictionary<string, long> AccountHealth,
    StripeCounts Stripe,
    IReadOnlyList<OperatorNoteView> Notes);

/// <summary>Finished generations of the UTC day and calendar month.</summary>
public sealed record GenerationCounts(long Today, long ThisMonth);

/// <summary>Tracks in the pool.</summary>
public sealed record PoolCounts(long Contributed, long Claimed, long Available);

/// <summary>Events of Stripe's that wait, and of these the ones that failed before.</summary>
public sealed record StripeCounts(long Waiting, long Failing);

internal sealed class Dashboard(NpgsqlDataSource database, OperatorNotes notes, TimeProvider clock)
{
    private const int Notes = 20;

    private const string Settled =
        """
        SELECT period, count(*) FROM ledger,
            LATERAL (VALUES ('month', date_trunc('month', $1, 'UTC')), ('day', date_trunc('day', $1, 'UTC'))) AS since (period, start)
        WHERE kind = 'commit' AND at >= date_trunc('month', $1, 'UTC') AND at >= start GROUP BY 1
        """;

    public async Task<DashboardView> ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var tiers = await CountAsync(
            "SELECT tier_at(a, $1)::text, count(*) FROM accounts a WHERE deleted_at IS NULL GROUP BY 1", cancellationToken, now);
        var levels = await CountAsync(
            "SELECT alvae::text, count(*) FROM accounts WHERE alvae IS NOT NULL AND deleted_at IS NULL GROUP BY 1", cancellationToken);
        var paying = await CountAsync(
            "SELECT tier::text, count(*) FROM subscriptions WHERE current AND status IN ('active', 'past_due') GROUP BY 1",
            cancellationToken);
        var generations = await CountAsync(Settled, cancellationToken, now);
        var pool = await CountAsync(
            "SELECT CASE WHEN claimed THEN 'claimed' ELSE 'available' END, count(*) FROM pool_tracks GROUP BY 1", cancellationToken);
        var events = await CountAsync(
            "SELECT CASE WHEN attempts > 0 THEN 'failing' ELSE 'fresh' END, count(*) FROM stripe_events "
            + "WHERE processed_at IS NULL GROUP BY 1",
            cancellationToken);
        var (claimed, available) = (pool.GetValueOrDefault("claimed"), pool.GetValueOrDefault("available"));
        return new DashboardView(
            Named(tiers, TierCatalogue.Plans.Select(p => (int)p.Tier), n => ((Tier)n).ToString().ToUpperInvariant()),
            Named(
                levels, Enum.GetValues<AlvaeLevel>().Cast<int>(),
                n => n == (int)AlvaeLevel.EarlyAdopter ? "EARLY_ADOPTER" : ((AlvaeLevel)n).ToString().ToUpperInvariant()),
            new GenerationCounts(generations.GetValueOrDefault("day"), generations.GetValueOrDefault("month")),
            TierCatalogue.Plans.Sum(p => p.PriceCents * paying.GetValueOrDefault(((int)p.Tier).ToString())),
            TierCatalogue.Currency,
            await CountAsync("SELECT status, count(*) FROM subscriptions WHERE current GROUP BY 1", cancellationToken),
            new PoolCounts(claimed + available, claimed, available),
            await CountAsync("SELECT status, count(*) FROM provider_accounts GROUP BY 1", cancellationToken),
            new StripeCounts(events.Values.Sum(), events.GetValueOrDefault("failing")),
            await notes.NewestAsync(Notes, cancellationToken));
    }

    private static Dictionary<string, long> Named(Dictionary<string, long> counts, IEnumerable<int> values, Func<int, string> name) =>
        values.ToDictionary(name, value => counts.GetValueOrDefault(value.ToString()));

    private async Task<Dictionary<string, long>> CountAsync(
        string sql, CancellationToken cancellationToken, params DateTimeOffset[] instants)
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
