using Npgsql;
using NpgsqlTypes;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Quotas;

/// <summary>What the reservation statement found and did.</summary>
/// <param name="Tier">It decided on.</param>
/// <param name="PeriodStart">Names the bucket it decided on.</param>
/// <param name="ResetAt">When the next unit comes.</param>
/// <param name="UpgradeTo">The cheapest better tier that would have granted a denied request.</param>
public sealed record ReserveResult(
    QuotaOutcome Outcome, Tier Tier, AlvaeLevel? Alvae, Allowance Allowance, int Priority, DateTimeOffset PeriodStart,
    DateTimeOffset ResetAt, int? Limit,
    BucketBalance Balance, long StorageBytes, Tier? UpgradeTo)
{
    public bool Granted => Outcome == QuotaOutcome.Granted;
}

/// <summary>Units of a bucket.</summary>
/// <param name="Reserved">Held by unfinished generations.</param>
/// <param name="Used">Of finished ones.</param>
/// <param name="Granted">Added to the limit by operators.</param>
/// <param name="ExhaustedPublished">Whether <see cref="QuotaExhausted"/> was published.</param>
public readonly record struct BucketBalance(int Reserved, int Used, int Granted, bool ExhaustedPublished);

/// <summary>Takes units: one statement, one round trip, one short transaction.</summary>
/// <remarks>
/// The statement locks the member's row, looks the entitlement of this instant up, and adds to the bucket only where there is room;
/// reservation and ledger entry
/// are written with it. Which allowance counts, its limit and rights come as arrays from <see cref="Entitlement.Table"/>, so that the
/// numbers stand in C# alone.
/// </remarks>
public sealed class QuotaLedger(IConfiguration configuration, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>A pool of its own: one statement leaves nothing behind in a session, so that the reset which costs as much as the
    /// statement can be left out.</summary>
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(
        configuration.GetConnectionString("billingdb") ?? throw new InvalidOperationException("ConnectionStrings:billingdb is missing."))
    { NoResetOnClose = true });

    /// <summary>How long a unit is held for a generation that was not yet confirmed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    internal const string Statement =
        """
        SELECT outcome, tier, alvae, allowance, priority, period_start, reset_at, units_limit, reserved, used, granted,
            exhausted_published, storage_bytes, upgrade_to
        FROM reserve_quota($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """;

    internal static readonly int[] Allowances = [.. Entitlement.Table.Select(e => (int)e.Allowance)];
    private static readonly int?[] Limits = [.. Entitlement.Table.Select(e => e.Units)];
    private static readonly int[] Best = [.. Entitlement.Table.Select(e => (int)e.Plan.BestQuality)];
    private static readonly bool[] Stems = [.. Entitlement.Table.Select(e => e.Plan.Features.Stems)];
    private static readonly long?[] Storage = [.. Entitlement.Table.Select(e => e.Plan.StorageBytes)];
    private static readonly int[] Priorities =
        [.. Entitlement.Table.Select(e => e.Plan.Features.PriorityQueue ? Tiers.TierCatalogue.PriorityQueue : 0)];

    /// <summary>Takes the units of <paramref name="request"/>, or tells why not. Asking twice is asking once.</summary>
    public async Task<ReserveResult> ReserveAsync(ReserveQuota request, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Statement, connection);
        Bind(command.Parameters, request, clock.GetUtcNow());
        // A round trip the first time on a connection, none after.
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Read(reader);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>The parameters of <see cref="Statement"/>.</summary>
    internal static void Bind(NpgsqlParameterCollection parameters, ReserveQuota request, DateTimeOffset now)
    {
        parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [request.ReservationId, .. request.FurtherIds] });
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = request.UserId });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = request.Attempt });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = Fingerprint(request) });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)request.Quality });
        parameters.Add(new NpgsqlParameter<bool> { TypedValue = request.Stems });
        parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now + Lifetime });
        parameters.Add(new NpgsqlParameter<int[]> { TypedValue = Allowances });
        parameters.Add(new NpgsqlParameter<int?[]> { TypedValue = Limits, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        parameters.Add(new NpgsqlParameter<int[]> { TypedValue = Best });
        parameters.Add(new NpgsqlParameter<bool[]> { TypedValue = Stems });
        parameters.Add(new NpgsqlParameter<long?[]> { TypedValue = Storage, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        parameters.Add(new NpgsqlParameter<int[]> { TypedValue = Priorities });
    }

    /// <summary>What makes two questions under one id the same question.</summary>
    internal static string Fingerprint(ReserveQuota request) =>
        $"{request.Quality}{(request.Stems ? "+stems" : "")}{string.Concat(request.FurtherIds.Select(id => $"/{id:N}"))}";

    private static ReserveResult Read(NpgsqlDataReader row) => new(
        QuotaOutcomes.Parse(row.GetString(0)),
        (Tier)row.GetInt32(1),
        row.IsDBNull(2) ? null : (AlvaeLevel)row.GetInt32(2),
        (Allowance)row.GetInt32(3),
        row.GetInt32(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(7) ? null : row.GetInt32(7),
        new BucketBalance(Number(row, 8), Number(row, 9), Number(row, 10), !row.IsDBNull(11) && row.GetBoolean(11)),
        row.GetInt64(12),
        row.IsDBNull(13) ? null : (Tier)row.GetInt32(13));

    private static int Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? 0 : row.GetInt32(column);
}
