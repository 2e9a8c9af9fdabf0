using Npgsql;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Tests.Hosting;

namespace Son1kVers3.Billing.Tests.Quotas;

/// <summary>Period arithmetic stands in the database; the second writing of it in <see cref="Calendar"/> says the same.</summary>
[Trait("Category", "Integration")]
public class BucketPeriodTests(BillingApp app) : IClassFixture<BillingApp>
{
    [Theory]
    [InlineData("2026-01-31T10:00:00Z", "2026-02-15T00:00:00Z", "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", "2026-02-28T09:59:59Z", "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", "2026-04-30T10:00:00Z", "2026-04-30T10:00:00Z", "2026-05-31T10:00:00Z")]
    [InlineData("2028-01-31T00:00:00Z", "2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z")]
    [InlineData("2026-11-15T12:00:00Z", "2027-01-15T11:59:59Z", "2026-12-15T12:00:00Z", "2027-01-15T12:00:00Z")]
    [InlineData("2026-11-15T12:00:00Z", "2026-11-15T12:00:00Z", "2026-11-15T12:00:00Z", "2026-12-15T12:00:00Z")]
    public async Task Anniversary_WhenMonthsAreShort_ReturnsToTheAnchorsDay(string anchor, string now, string start, string end)
    {
        Assert.Equal(
            new BucketPeriod(At(start), At(end)),
            await ReadAsync("SELECT period_start, period_end FROM anniversary($1, $2)", At(anchor), At(now)));
        Assert.Equal(new BucketPeriod(At(start), At(end)), Calendar.Anniversary(At(anchor), At(now)));
    }

    [Fact]
    public async Task UtcDay_WhenAskedFromAnotherZone_IsUtcs() =>
        Assert.Equal(
            new BucketPeriod(At("2026-11-22T00:00:00Z"), At("2026-11-23T00:00:00Z")), await CurrentAsync(0, "2026-11-23T01:30:00+03:00"));

    [Fact]
    public async Task CalendarMonth_InDecember_EndsWithTheYear() =>
        Assert.Equal(
            new BucketPeriod(At("2026-12-01T00:00:00Z"), At("2027-01-01T00:00:00Z")), await CurrentAsync(2, "2026-12-31T23:59:59Z"));

    /// <summary>The period of an allowance for somebody whom every entitlement would give that one.</summary>
    private Task<BucketPeriod> CurrentAsync(int allowance, string now) => ReadAsync(
        $"SELECT period_start, period_end FROM allowance_at(account_of($2), $1, array_fill({allowance}, ARRAY[16]))",
        At(now).ToUniversalTime(), Guid.CreateVersion7());

    private async Task<BucketPeriod> ReadAsync(string sql, params object[] values)
    {
        await using var command = app.Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new BucketPeriod(reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateTimeOffset>(1));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text);
}
