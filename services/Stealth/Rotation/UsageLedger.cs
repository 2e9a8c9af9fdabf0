using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using NpgsqlTypes;
using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>What an account was used in one hour: recorded before it is used, in small advances.</summary>
internal sealed class UsageHour
{
    public Guid AccountId { get; init; }

    /// <summary>Hours since 1970.</summary>
    public int Hour { get; init; }
    public long Requests { get; init; }
    public long Cents { get; init; }
}

internal sealed class UsageHourTable : IEntityTypeConfiguration<UsageHour>
{
    public void Configure(EntityTypeBuilder<UsageHour> builder)
    {
        builder.ToTable("usage_hours").HasKey(u => new { u.AccountId, u.Hour });
        builder.HasOne<Account>().WithMany().HasForeignKey(u => u.AccountId);
    }
}

/// <summary>An account's use as the database has it.</summary>
/// <param name="Hours">Of the last 25 hours: requests and cents.</param>
internal sealed record Usage(IReadOnlyDictionary<int, long[]> Hours, long MonthRequests, long MonthCents)
{
    public static readonly Usage None = new(new Dictionary<int, long[]>(), 0, 0);
}

/// <summary>Records the long windows in Postgres, so that they survive the loss of Redis.</summary>
/// <remarks>
/// Redis counts, but may only count up to what the database has recorded in advance for this hour. After a loss the recorded numbers are taken
/// for used ones: never fewer than were used, and too many by at most one advance an hour, which <see cref="SettleAsync"/> corrects when the hour is over.
/// </remarks>
internal sealed class UsageLedger(NpgsqlDataSource database)
{
    private const int LargestAdvance = 100;
    private const int Share = 50;

    /// <summary>Requests to record at once: a fiftieth of the tightest limit, so that a loss costs at most 2% of it an hour.</summary>
    public static int AdvanceOf(AccountLimits limits, Rest? rest)
    {
        var tightest = Math.Min(limits.RequestsPerDay ?? int.MaxValue, (limits.RequestsPerMonth ?? int.MaxValue) / 30);
        if (rest is not null)
            tightest = Math.Min(tightest, rest.Requests * 5);
        return Math.Clamp(tightest / Share, 1, LargestAdvance);
    }

    /// <summary>Records an advance.</summary>
    public async Task RecordAsync(Guid account, int hour, int requests, long cents, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO usage_hours (account_id, hour, requests, cents) SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM accounts WHERE id = $1)
            ON CONFLICT (account_id, hour) DO UPDATE SET requests = usage_hours.requests + excluded.requests, cents = usage_hours.cents + excluded.cents
            """);
        command.Parameters.AddWithValue(account);
        command.Parameters.AddWithValue(hour);
        command.Parameters.AddWithValue((long)requests);
        command.Parameters.AddWithValue(cents);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What stands recorded of these accounts, as of an instant.</summary>
    public async Task<IReadOnlyDictionary<Guid, Usage>> LoadAsync(IReadOnlyCollection<Guid> accounts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hour = HourOf(now);
        var month = HourOf(new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero));
        await using var command = database.CreateCommand("SELECT account_id, hour, requests, cents FROM usage_hours WHERE account_id = ANY($1) AND hour >= $2");
        command.Parameters.AddWithValue(accounts.ToArray());
        command.Parameters.AddWithValue(Math.Min(month, hour - 25));
        var rows = new List<UsageHour>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new UsageHour { AccountId = reader.GetGuid(0), Hour = reader.GetInt32(1), Requests = reader.GetInt64(2), Cents = reader.GetInt64(3) });
        return rows.GroupBy(r => r.AccountId).ToDictionary(g => g.Key, g => new Usage(
            g.Where(r => r.Hour >= hour - 25).ToDictionary(r => r.Hour, r => new[] { r.Requests, r.Cents }),
            g.Where(r => r.Hour >= month).Sum(r => r.Requests),
            g.Where(r => r.Hour >= month).Sum(r => r.Cents)));
    }

    /// <summary>An hour is over: what was recorded and not used is given back.</summary>
    public async Task SettleAsync(IReadOnlyCollection<UsageHour> used, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE usage_hours u SET requests = LEAST(u.requests, s.requests), cents = LEAST(u.cents, s.cents)
            FROM unnest($1, $2, $3, $4) AS s (account_id, hour, requests, cents) WHERE u.account_id = s.account_id AND u.hour = s.hour
            """);
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Uuid, used.Select(u => u.AccountId).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Integer, used.Select(u => u.Hour).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Bigint, used.Select(u => u.Requests).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Bigint, used.Select(u => u.Cents).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static int HourOf(DateTimeOffset at) => (int)(at.ToUnixTimeMilliseconds() / 3_600_000);
}
