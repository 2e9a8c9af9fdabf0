using System.Runtime.CompilerServices;
using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Streams;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Notifications;

/// <summary>What was seen: these, or all when no ids are given.</summary>
internal sealed record ReadRequest(IReadOnlyList<Guid>? Ids);

internal sealed class ReadRules : AbstractValidator<ReadRequest>
{
    public ReadRules() => RuleFor(r => r.Ids).Must(ids => ids is null || ids.Count <= 100).WithMessage("At most 100 ids; none at all marks everything.");
}

/// <summary>How many are unread.</summary>
internal sealed record UnreadView(int Unread);

/// <summary>The first event of a stream.</summary>
internal sealed record NotificationSnapshot(int Unread, IReadOnlyList<NotificationView> Items);

/// <summary>What members are told.</summary>
internal static class NotificationEndpoints
{
    private const int SnapshotItems = 20;
    private const int StreamBatch = 100;

    // NOTIFY may be lost while its connection is made anew.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    public static void AddNotifications(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<Notifier>();
        builder.Services.AddSingleton<NotificationReader>();
        builder.Services.AddSingleton<NotificationSignals>().AddHostedService(services => services.GetRequiredService<NotificationSignals>());
        builder.Services.AddPersonalTable(
            "notification",
            "SELECT jsonb_build_object('kind', kind, 'title', title, 'detail', detail, 'at', created_at)::text FROM notifications WHERE account_id = $1 ORDER BY position",
            PersonalTables.EraseFrom("notifications", "account_id"));
        builder.Services.AddPersonalTable(
            "notification-actor", export: null,
            // What they wrote goes with them.
            $"""
            UPDATE notifications SET actors = array_remove(actors, $1),
                detail = CASE WHEN kind = '{NotificationKind.AlvaeFeedback}' THEN NULL ELSE detail END
            WHERE id = ANY(ARRAY(SELECT id FROM notifications WHERE actors @> ARRAY[$1] LIMIT $2))
            """);
        builder.Services.AddPersonalTable("notification-position", export: null, PersonalTables.EraseFrom("notification_positions", "account_id"));
        builder.Services.AddPersonalTable(
            "notification-preferences", "SELECT jsonb_build_object('muted', muted, 'quietFrom', quiet_from, 'quietTo', quiet_to, 'timeZone', time_zone)::text FROM notification_preferences WHERE account_id = $1",
            PersonalTables.EraseFrom("notification_preferences", "account_id"));
    }

    public static MessagingBuilder OnQuota(this MessagingBuilder messaging) => messaging.On<QuotaExhausted, OnQuotaExhausted>();

    public static void MapNotifications(this WebApplication app)
    {
        var notifications = app.MapGroup("/api/notifications").WithTags("Notifications").RequireAuthorization();
        notifications.MapGet("", ListAsync);
        notifications.MapPost("/read", ReadAsync);
        notifications.MapGet("/unread", UnreadAsync);
        notifications.MapGet("/stream", StreamAsync);
    }

    [EndpointName("ListNotifications"), EndpointSummary("What the caller was told, the latest first")]
    [EndpointDescription("What others do to one thing is one entry while it is unread, with who did it last and how many.")]
    private static async Task<Ok<Page<NotificationView>>> ListAsync(PageQuery page, [FromServices] NotificationReader notifications, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var rows = await notifications.NewestAsync(user.Id(), page.After<long>(), page.Limit + 1, cancellationToken);
        return TypedResults.Ok(Data.Page.Of(rows, page, r => r.Position, r => r.View));
    }

    [EndpointName("CountUnread"), EndpointSummary("How many are unread"), EndpointDescription("Groups count once.")]
    private static async Task<Ok<UnreadView>> UnreadAsync([FromServices] NotificationReader notifications, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TypedResults.Ok(new UnreadView(await notifications.UnreadAsync(user.Id(), cancellationToken)));

    [EndpointName("MarkRead"), EndpointSummary("Mark as read")]
    [EndpointDescription("`ids` of at most 100; without `ids` all. Ids of others are passed over. Answers how many are unread now; open streams hear of it as `unread`.")]
    private static async Task<Ok<UnreadView>> ReadAsync(
        Body<ReadRequest> body, [FromServices] ProfileDb db, [FromServices] NotificationReader notifications, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        var (account, now, ids) = (user.Id(), clock.GetUtcNow(), request.Ids?.ToArray());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Set<Notification>().Where(n => n.AccountId == account && n.ReadAt == null && (ids == null || ids.Contains(n.Id)))
            .ExecuteUpdateAsync(row => row.SetProperty(n => n.ReadAt, now), cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({Notifier.Channel}, {account.ToString()})", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(new UnreadView(await notifications.UnreadAsync(account, cancellationToken)));
    }

    [EndpointName("StreamNotifications"), EndpointSummary("Notifications as they come")]
    [EndpointDescription("Server-Sent Events: `snapshot` {unread, items}, then `notification` for each new or grown one (with an id to resume after), and `unread` when that number changes.")]
    private static ServerSentEvents StreamAsync(
        LastEventId last, [FromServices] NotificationReader notifications, [FromServices] NotificationSignals signals, ClaimsPrincipal user) =>
        new(EventsAsync(user.Id(), last.Number, notifications, signals));

    private static async IAsyncEnumerable<ServerSentEvent> EventsAsync(
        Guid account, long? after, NotificationReader notifications, NotificationSignals signals, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Listens before it looks: what comes between the two is found by the next look.
        using var signal = signals.Listen(account);
        var newest = await notifications.NewestAsync(account, before: null, SnapshotItems, cancellationToken);
        var unread = await notifications.UnreadAsync(account, cancellationToken);
        yield return new ServerSentEvent("snapshot", new NotificationSnapshot(unread, [.. newest.Select(n => n.View)]));
        var position = after ?? newest.Select(n => n.Position).DefaultIfEmpty(0).Max();
        while (true)
        {
            // In this order: a number never comes before the notification that made it.
            var now = await notifications.UnreadAsync(account, cancellationToken);
            var told = await notifications.AfterAsync(account, position, StreamBatch, cancellationToken);
            foreach (var (at, view) in told)
            {
                yield return new ServerSentEvent("notification", view, at.ToString(System.Globalization.CultureInfo.InvariantCulture));
                position = at;
            }

            if (told.Count == StreamBatch)
                continue;
            if (now != unread)
                yield return new ServerSentEvent("unread", new UnreadView(unread = now));
            await signal.WaitAsync(PollInterval, cancellationToken);
        }
    }
}

/// <summary>A member asked for more than the allowance holds.</summary>
internal sealed class OnQuotaExhausted(Notifier notifier) : IHandle<QuotaExhausted>
{
    public async Task<Event[]> HandleAsync(QuotaExhausted message, CancellationToken cancellationToken)
    {
        await notifier.TellAsync(message.UserId, NotificationKind.QuotaExhausted, new(null, null, message.ResetAt.ToString("O")), message.OccurredAt, cancellationToken);
        return [];
    }
}
