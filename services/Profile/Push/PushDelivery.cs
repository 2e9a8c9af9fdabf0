using System.Text.Json;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Push;

/// <summary>What a browser's service worker shows.</summary>
internal sealed record PushPayload(Guid Id, NotificationKind Kind, Guid? SubjectId, string Text, string Url, int Unread);

/// <summary>Tells browsers, outside of their members' quiet hours.</summary>
internal sealed class PushDelivery(PushQueue queue, PushSender sender, NotificationReader notifications, TimeProvider clock, ILogger<PushDelivery> log)
    : PeriodicWorker(TimeSpan.FromSeconds(2), clock, log)
{
    private const int MostAttempts = 8;
    private const int AtOnce = 8;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await queue.TakeAsync(Clock.GetUtcNow(), cancellationToken) is { Count: > 0 } taken)
        {
            var quiet = await notifications.QuietUntilAsync(taken.Select(p => p.AccountId), Clock.GetUtcNow(), cancellationToken);
            await Parallel.ForEachAsync(
                taken, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (push, token) => await TryAsync(push, quiet.GetValueOrDefault(push.AccountId), token));
        }
    }

    // One that fails in a way that nobody thought of must not keep the others of its batch; it is tried again after its lease.
    private async Task TryAsync(TakenPush push, DateTimeOffset? quietUntil, CancellationToken cancellationToken)
    {
        try
        {
            await HandleAsync(push, quietUntil, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.LogWarning(e, "A push of subscription {Id} failed (attempt {Attempt})", push.Subscription.Id, push.Attempts);
        }
    }

    private async Task HandleAsync(TakenPush push, DateTimeOffset? quietUntil, CancellationToken cancellationToken)
    {
        if (!push.Wanted)
            await queue.RemoveAsync(push, cancellationToken);
        else if (quietUntil is { } until)
            await queue.PostponeAsync(push, until, cancellationToken);
        else
            await SendAsync(push, cancellationToken);
    }

    private async Task SendAsync(TakenPush push, CancellationToken cancellationToken)
    {
        if (await notifications.FindAsync(push.NotificationId, cancellationToken) is not { } view)
            return;
        var unread = await notifications.UnreadAsync(push.AccountId, cancellationToken);
        var payload = new PushPayload(view.Id, view.Kind, view.SubjectId, NotificationTexts.Of(push.Language, view), NotificationTexts.PageOf(view), unread);
        var outcome = await sender.SendAsync(push.Subscription, JsonSerializer.Serialize(payload, JsonSerializerOptions.Web), view.Id, cancellationToken);
        if (outcome == PushOutcome.Gone)
            await queue.ForgetAsync(push.Subscription, cancellationToken);
        else if (outcome != PushOutcome.Failed || push.Attempts >= MostAttempts)
            await queue.RemoveAsync(push, cancellationToken);
        if (outcome is PushOutcome.Failed or PushOutcome.Refused)
            Log.LogWarning("A push of subscription {Id} was not taken: {Outcome} (attempt {Attempt})", push.Subscription.Id, outcome, push.Attempts);
    }
}
