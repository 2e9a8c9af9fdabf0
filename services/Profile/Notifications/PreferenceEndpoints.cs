using System.Globalization;
using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Notifications;

/// <summary>What a member wants to be told, and when.</summary>
/// <param name="Muted">The kinds that are not told.</param>
/// <param name="QuietHours">When no browser is woken; null for never.</param>
/// <param name="TimeZone">The IANA name of the member's time zone.</param>
/// <param name="EmailDigest">What is unread comes by mail, once a day at the member's best hour.</param>
internal sealed record PreferencesView(IReadOnlyList<NotificationKind> Muted, QuietHoursView? QuietHours, string TimeZone, bool EmailDigest);

/// <summary>Times of day as <c>22:30</c>.</summary>
internal sealed record QuietHoursView(string? From, string? To);

/// <summary>The whole of the preferences; what is left out is as for a new member.</summary>
internal sealed record PreferencesRequest(IReadOnlyList<NotificationKind>? Muted, QuietHoursView? QuietHours, string? TimeZone, bool? EmailDigest);

internal sealed class PreferencesRules : AbstractValidator<PreferencesRequest>
{
    public PreferencesRules()
    {
        RuleFor(r => r.QuietHours).Must(q => q is null || (PreferenceEndpoints.Time(q.From) is { } from && PreferenceEndpoints.Time(q.To) is { } to && from != to))
            .WithMessage("from and to, as 22:30, not the same.").Because(FieldReasons.QuietHours);
        RuleFor(r => r.TimeZone).Must(zone => zone is null || (zone.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known) && known.HasIanaId))
            .WithMessage("An IANA time zone, as Europe/Madrid.").Because(FieldReasons.UnknownChoice);
    }
}

/// <summary>When a member is to be reminded by mail; another feature's answer.</summary>
internal interface IDigestSchedule
{
    /// <summary>The next time after now.</summary>
    Task<DateTimeOffset> NextAsync(NotificationPreferences preferences, CancellationToken cancellationToken);
}

/// <summary>What members want to be told.</summary>
internal static class PreferenceEndpoints
{
    private const string TimeFormat = "HH:mm";

    public static void MapNotificationPreferences(this WebApplication app)
    {
        var preferences = app.MapGroup("/api/notifications/preferences").WithTags("Notifications").RequireAuthorization();
        preferences.MapGet("", GetAsync);
        preferences.MapPut("", SetAsync);
    }

    /// <summary>A time of day; null when it is none.</summary>
    public static TimeOnly? Time(string? text) =>
        TimeOnly.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    [EndpointName("GetNotificationPreferences"), EndpointSummary("What the caller wants to be told, and when"), EndpointDescription("Everything is told unless it is `muted`.")]
    private static async Task<Ok<PreferencesView>> GetAsync([FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var account = user.Id();
        var preferences = await db.Set<NotificationPreferences>().AsNoTracking().FirstOrDefaultAsync(p => p.AccountId == account, cancellationToken);
        return TypedResults.Ok(View(preferences ?? new NotificationPreferences()));
    }

    [EndpointName("SetNotificationPreferences"), EndpointSummary("Replace the preferences")]
    [EndpointDescription(
        """
        What is left out is as for a new member: nothing muted, no quiet hours, UTC, no digest. In `quietHours` (by the clock of `timeZone`, over midnight where
        they end before they start) no browser is woken; what happens then comes when they end. `emailDigest` needs a verified address.
        """)]
    private static async Task<Ok<PreferencesView>> SetAsync(
        Body<PreferencesRequest> body, [FromServices] ProfileDb db, [FromServices] IDigestSchedule digests, [FromServices] TimeProvider clock, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        var (request, account) = (await body.ReadAsync(), user.Id());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockAccountAsync(account, cancellationToken) is null)
            throw AccountQueries.Gone();
        var preferences = await db.Set<NotificationPreferences>().FirstOrDefaultAsync(p => p.AccountId == account, cancellationToken);
        if (preferences is null)
            db.Add(preferences = new NotificationPreferences { AccountId = account });
        preferences.Muted = [.. (request.Muted ?? []).Distinct().Select(k => k.ToString())];
        (preferences.QuietFrom, preferences.QuietTo) = (Time(request.QuietHours?.From), Time(request.QuietHours?.To));
        preferences.TimeZone = request.TimeZone ?? LocalTime.Default;
        preferences.NextDigestAt = request.EmailDigest == true ? await digests.NextAsync(preferences, cancellationToken) : null;
        await db.SaveChangesAsync(cancellationToken);
        // What waits for the end of other quiet hours is looked at again.
        var now = clock.GetUtcNow();
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE pending_pushes SET next_attempt_at = {now}
            WHERE attempts = 0 AND next_attempt_at > {now} AND subscription_id IN (SELECT id FROM push_subscriptions WHERE account_id = {account})
            """,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(View(preferences));
    }

    private static PreferencesView View(NotificationPreferences p) => new(
        [.. p.Muted.Select(Enum.Parse<NotificationKind>)], p.QuietHours is { } quiet ? new(Text(quiet.From), Text(quiet.To)) : null, p.TimeZone, p.NextDigestAt is not null);

    private static string Text(TimeOnly time) => time.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
