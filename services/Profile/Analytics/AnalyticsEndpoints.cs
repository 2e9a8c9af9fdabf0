using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Analytics;

/// <summary>What members do, without a word of what they write: told by the web app, read by operators.</summary>
internal static class AnalyticsEndpoints
{
    private const int MostDays = 366;
    private const int UsualDays = 30;

    public static void AddAnalytics(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<AnalyticsLog>();
        builder.Services.AddSingleton<AnalyticsReport>();
        builder.Services.AddWorker<AnalyticsRollup>();
        // That something happened stays; who it was does not.
        builder.Services.AddPersonalTable(
            "analytics-event",
            "SELECT jsonb_build_object('name', name, 'at', at, 'properties', properties)::text FROM analytics_events WHERE account_id = $1 ORDER BY at",
            "UPDATE analytics_events SET account_id = NULL WHERE id = ANY(ARRAY(SELECT id FROM analytics_events WHERE account_id = $1 LIMIT $2))");
        builder.Services.AddPersonalTable("analytics-first", export: null, PersonalTables.EraseFrom("analytics_firsts", "account_id"));
        builder.Services.AddPersonalTable("analytics-week", export: null, PersonalTables.EraseFrom("analytics_weeks", "account_id"));
    }

    public static MessagingBuilder OnSignUp(this MessagingBuilder messaging) => messaging.On<UserRegistered, OnUserRegistered>();

    public static void MapAnalytics(this WebApplication app)
    {
        app.MapPost("/api/analytics/events", RecordAsync).WithTags("Analytics").RequireAuthorization().WithIdempotency();
        app.MapGet("/api/admin/analytics", ReportAsync).WithTags("Operators").RequireAuthorization(Roles.Operator);
    }

    [EndpointName("RecordMeasurements"), EndpointSummary("What the web app measured")]
    [EndpointDescription(
        """
        From 1 to 50 at once. Names, properties and their words are closed lists: nothing that a member typed fits in, and what is not listed is not kept. Needed are: of `page-viewed` its page; of
        `web-vital` metric and value; of `search-used` its type; of `player-used` its action; of `share-opened` its target; of `checkout-opened` its tier; of `error-shown` its status. Of members
        who opted out (settings) nothing is kept, and the answer is the same. Kept for 13 months.
        """)]
    private static async Task<NoContent> RecordAsync(
        Body<MeasurementRequest[]> body, Operation operation, [FromServices] ProfileDb db, [FromServices] AnalyticsLog analytics, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var measurements = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await analytics.RecordAsync(user.Id(), measurements, cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.NoContent());
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    [EndpointName("GetAnalytics"), EndpointSummary("What members do: daily figures, the funnel, and who comes back (operators)")]
    [EndpointDescription(
        """
        `from` and `to` are dates (UTC), both included; by default the last 30 days, at most 366. Funnel and cohorts are of those who signed up on these days, and tell what they did until now.
        Without members who opted out, from that moment on, and without anything older than 13 months.
        """)]
    private static async Task<Ok<AnalyticsView>> ReportAsync(
        string? from, string? to, [FromServices] AnalyticsReport report, [FromServices] TimeProvider clock, CancellationToken cancellationToken)
    {
        var last = Date(to, "to") ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var first = Date(from, "from") ?? last.AddDays(1 - UsualDays);
        if (first > last || last.DayNumber - first.DayNumber >= MostDays)
            throw Problem.Invalid("from", $"Not after 'to', and less than {MostDays} days before it.");
        return TypedResults.Ok(await report.ReadAsync(first, last, cancellationToken));
    }

    private static DateOnly? Date(string? text, string name)
    {
        if (text is null)
            return null;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 2000 and < 9999
            ? date : throw Problem.Invalid(name, "A date: 2026-01-31.");
    }
}
