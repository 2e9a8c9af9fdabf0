using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Billing.Quotas;

/// <summary>The caller's ledger, day by day (UTC), the newest day first. Days without entries are zero.</summary>
public sealed record Usage(DateOnly From, DateOnly To, IReadOnlyList<UsageDay> Items);

/// <summary>Units that were taken, used up, and given back on a day.</summary>
/// <param name="Released">Given back because the generation failed, was cancelled or never confirmed.</param>
/// <param name="Granted">Added by operators.</param>
public sealed record UsageDay(DateOnly Date, int Reserved, int Used, int Released, int Granted);

internal static class UsageEndpoint
{
    private const int MostDays = 366;
    private const int UsualDays = 30;

    private const string ByDay =
        """
        SELECT (at AT TIME ZONE 'UTC')::date, count(*) FILTER (WHERE kind = 'reserve')::int, coalesce(sum(used), 0)::int,
            count(*) FILTER (WHERE kind IN ('release', 'expire') AND reserved < 0)::int, coalesce(sum(granted), 0)::int
        FROM ledger WHERE user_id = $1 AND at >= $2 AND at < $3 GROUP BY 1
        """;

    public static IEndpointRouteBuilder MapUsageEndpoint(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/tiers/usage", ReadAsync).RequireAuthorization().WithTags("Tiers").Refuses(400);
        return app;
    }

    [EndpointName("ReadUsage")]
    [EndpointSummary("The caller's ledger, day by day: ?from=&to= (dates, both included; by default the last 30 days)")]
    private static async Task<Ok<Usage>> ReadAsync(
        ClaimsPrincipal user, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken,
        [FromQuery(Name = "from")] string? fromText = null, [FromQuery(Name = "to")] string? toText = null)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var to = Date(toText, "to") ?? today;
        var from = Date(fromText, "from") ?? to.AddDays(-Math.Min(UsualDays - 1, to.DayNumber));
        if (from > to || to.DayNumber - from.DayNumber >= MostDays)
            throw Problem.Invalid("from", $"Not after 'to', and at most {MostDays} days before it.");
        var days = await DaysAsync(user.Id(), from, to, database, cancellationToken);
        var all = Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(back => to.AddDays(-back));
        return TypedResults.Ok(
            new Usage(from, to, [.. all.Select(date => days.GetValueOrDefault(date) ?? new UsageDay(date, 0, 0, 0, 0))]));
    }

    private static async Task<Dictionary<DateOnly, UsageDay>> DaysAsync(
        Guid userId, DateOnly from, DateOnly to, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ByDay);
        command.Parameters.AddWithValue(userId);
        command.Parameters.AddWithValue(new DateTimeOffset(from.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
        command.Parameters.AddWithValue(new DateTimeOffset(to.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddDays(1));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var days = new Dictionary<DateOnly, UsageDay>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var date = reader.GetFieldValue<DateOnly>(0);
            days[date] = new UsageDay(date, reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4));
        }

        return days;
    }

    private static DateOnly? Date(string? text, string name)
    {
        if (text is null)
            return null;
        // A day past the calendar's last cannot be asked for as 'to'.
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year is >= 2000 and < 9999
            ? date
            : throw Problem.Invalid(name, "A date: 2026-01-31.");
    }
}
