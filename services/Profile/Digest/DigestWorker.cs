using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Mail;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Digest;

/// <summary>Mails members what they have not read, once a day.</summary>
/// <remarks>
/// The mail is decided on in the transaction that moves the member's next digest to another day, with the row locked: whoever dies before has mailed nothing, and
/// two replicas never mail the same. <see cref="MailDelivery"/> sends it.
/// </remarks>
internal sealed class DigestWorker(IServiceScopeFactory scopes, NotificationReader notifications, PublicAddress address, TimeProvider clock, ILogger<DigestWorker> log)
    : PeriodicWorker(TimeSpan.FromSeconds(20), clock, log)
{
    private const int Shown = 10;
    private static readonly TimeSpan RetryAfterBudget = TimeSpan.FromHours(1);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await DigestNextAsync(cancellationToken))
        {
        }
    }

    /// <summary>One member's; false when nobody's is due.</summary>
    internal async Task<bool> DigestNextAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProfileDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = Clock.GetUtcNow();
        var due = await db.Set<NotificationPreferences>().FromSql(
            $"SELECT * FROM notification_preferences WHERE next_digest_at <= {now} ORDER BY next_digest_at LIMIT 1 FOR UPDATE SKIP LOCKED").ToListAsync(cancellationToken);
        if (due is not [{ } preferences])
            return false;
        var isMailed = await MailAsync(db, scope.ServiceProvider.GetRequiredService<Mailer>(), preferences, cancellationToken);
        if (isMailed)
            preferences.DigestedOn = DateOnly.FromDateTime(now.In(LocalTime.Zone(preferences.TimeZone)));
        preferences.NextDigestAt = isMailed
            ? await scope.ServiceProvider.GetRequiredService<IDigestSchedule>().NextAsync(preferences, cancellationToken)
            : now + RetryAfterBudget;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>False: the address has had its mails of this hour. With nothing new, or without a verified address, the day's digest is none.</summary>
    private async Task<bool> MailAsync(ProfileDb db, Mailer mailer, NotificationPreferences preferences, CancellationToken cancellationToken)
    {
        var id = preferences.AccountId;
        var account = await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == id && a.EmailVerifiedAt != null, cancellationToken);
        var unseen = db.Set<Notification>().Where(n => n.AccountId == id && n.ReadAt == null && n.Position > preferences.DigestPosition);
        var count = await unseen.CountAsync(cancellationToken);
        if (account is null || count == 0 || !mailer.Delivers)
            return true;
        var newest = (await notifications.NewestAsync(id, before: null, Shown, cancellationToken)).Where(n => !n.View.Read && n.Position > preferences.DigestPosition).ToList();
        preferences.UnsubscribeToken ??= Guid.NewGuid();
        var text = DigestTexts.Of(account.Language, count, newest.Select(n => n.View), address.Of("/notifications"), address.Of(DigestEndpoints.LinkOf(preferences.UnsubscribeToken.Value)));
        if (!await mailer.SendAsync(account.Email, text, cancellationToken))
            return false;
        preferences.DigestPosition = await unseen.MaxAsync(n => n.Position, cancellationToken);
        return true;
    }
}
