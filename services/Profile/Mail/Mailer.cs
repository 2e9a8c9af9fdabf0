using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Mail;

/// <summary>What a mail says.</summary>
internal sealed record MailText(string Subject, string Text)
{
    /// <summary>Where who gets it ends such mails; null for those that can't be ended.</summary>
    public string? UnsubscribeUrl { get; init; }
}

/// <summary>Decides on mails: in the caller's transaction, at most three an hour to one address. <see cref="MailDelivery"/> sends them.</summary>
internal sealed class Mailer(ProfileDb db, IOptions<MailOptions> options, TimeProvider clock)
{
    private const int MostInWindow = 3;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Mails reach somebody; else nothing is offered that depends on one.</summary>
    public bool Delivers => options.Value.Delivers;

    /// <summary>Throws the 503 of an installation without mail.</summary>
    public void RequireDelivery()
    {
        if (!Delivers)
            throw Problem.Of(503, "mail-not-configured", "This installation sends no mail; its operator has to set Mail:Smtp:Host.");
    }

    /// <summary>False: three were sent to this address within the hour, or this installation sends none. Needs a transaction.</summary>
    public async Task<bool> SendAsync(string address, MailText mail, CancellationToken cancellationToken)
    {
        if (!Delivers || !await TakeAsync(address, cancellationToken))
            return false;
        var now = clock.GetUtcNow();
        db.Add(new OutgoingMail
        {
            Id = Guid.CreateVersion7(now),
            Address = address,
            Subject = mail.Subject,
            Text = mail.Text,
            UnsubscribeUrl = mail.UnsubscribeUrl,
            CreatedAt = now,
            NextAttemptAt = now,
        });
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>The same, 429 <c>too-many-mails</c> instead of false.</summary>
    public async Task RequireSendAsync(string address, MailText mail, CancellationToken cancellationToken)
    {
        RequireDelivery();
        if (!await SendAsync(address, mail, cancellationToken))
            throw Problem.Of(429, "too-many-mails", $"{MostInWindow} mails an hour go to one address; look into your spam folder, or try again later.", Window);
    }

    /// <summary>Takes one of the address's mails of this hour. One statement on one row, so that parallel requests count each other.</summary>
    public async Task<bool> TakeAsync(string address, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Account.KeyOf(address)));
        return await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO mail_budgets AS b (address_hash, sent_at) VALUES ({hash}, ARRAY[{now}])
            ON CONFLICT (address_hash) DO UPDATE
            SET sent_at = ARRAY(SELECT t FROM unnest(b.sent_at) t WHERE t > {now - Window}) || {now}
            WHERE (SELECT count(*) FROM unnest(b.sent_at) t WHERE t > {now - Window}) < {MostInWindow}
            """,
            cancellationToken) == 1;
    }
}
