using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using Npgsql;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Mail;

/// <summary>Sends what was decided on, over SMTP.</summary>
/// <remarks>
/// Taking a mail moves its next attempt into the future, which is the lease of who sends it: no transaction is open while the server is talked to, replicas
/// never send one twice at once, and a mail whose sender died is sent after the lease. It is deleted once the server took it.
/// </remarks>
internal sealed class MailDelivery(NpgsqlDataSource database, IOptions<MailOptions> options, TimeProvider clock, ILogger<MailDelivery> log)
    : PeriodicWorker(TimeSpan.FromSeconds(2), clock, log)
{
    private const int MostAttempts = 12;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeepInMailbox = TimeSpan.FromDays(1);

    // The wait doubles from the lease to about a day and a half in all.
    private const string Take =
        """
        UPDATE outgoing_mails SET attempts = attempts + 1, next_attempt_at = $1 + $2 * power(2, attempts)
        WHERE id = (SELECT id FROM outgoing_mails WHERE next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id, address, subject, text, attempts, unsubscribe_url
        """;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Smtp.Host is not { Length: > 0 })
        {
            await ExecuteAsync("DELETE FROM outgoing_mails WHERE created_at < $1", [Clock.GetUtcNow() - KeepInMailbox], cancellationToken);
            return;
        }

        while (await TakeAsync(cancellationToken) is { } mail)
            await SendAsync(mail, cancellationToken);
        await ExecuteAsync("DELETE FROM mail_budgets WHERE sent_at[cardinality(sent_at)] < $1", [Clock.GetUtcNow() - TimeSpan.FromHours(1)], cancellationToken);
    }

    private async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        try
        {
            await OverSmtpAsync(mail, cancellationToken);
            await ExecuteAsync("DELETE FROM outgoing_mails WHERE id = $1", [mail.Id], cancellationToken);
        }
        catch (Exception e) when (e is not NpgsqlException && !cancellationToken.IsCancellationRequested)
        {
            // Neither the address nor the text: logs hold nothing personal.
            Log.LogWarning("Mail {Id} was not sent (attempt {Attempt}): {Reason}", mail.Id, mail.Attempts, e.GetType().Name);
            if (mail.Attempts >= MostAttempts)
                await ExecuteAsync("DELETE FROM outgoing_mails WHERE id = $1", [mail.Id], cancellationToken);
        }
    }

    private async Task OverSmtpAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        var smtp = options.Value.Smtp;
        var message = new MimeMessage { Subject = mail.Subject, Body = new TextPart("plain") { Text = mail.Text } };
        message.MessageId = $"{mail.Id:N}@son1kvers3.dev";
        message.From.Add(MailboxAddress.Parse(options.Value.From));
        message.To.Add(MailboxAddress.Parse(mail.Address));
        if (mail.UnsubscribeUrl is { } url)
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{url}>");
            message.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");
        }

        using var client = new SmtpClient { CheckCertificateRevocation = smtp.CheckRevocation };
        await client.ConnectAsync(smtp.Host!, smtp.Port, smtp.RequireTls ? SecureSocketOptions.Auto : SecureSocketOptions.StartTlsWhenAvailable, timeout.Token);
        if (smtp.RequireTls && !client.IsSecure)
            throw new InvalidOperationException("The SMTP server offers no TLS.");
        if (smtp.User is { Length: > 0 } user)
            await client.AuthenticateAsync(user, smtp.Password ?? "", timeout.Token);
        await client.SendAsync(message, timeout.Token);
        await client.DisconnectAsync(quit: true, timeout.Token);
    }

    private async Task<OutgoingMail?> TakeAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Take);
        command.Parameters.Add(new() { Value = Clock.GetUtcNow() });
        command.Parameters.Add(new() { Value = Lease });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new OutgoingMail
            {
                Id = row.GetGuid(0),
                Address = row.GetString(1),
                Subject = row.GetString(2),
                Text = row.GetString(3),
                Attempts = row.GetInt32(4),
                UnsubscribeUrl = row.IsDBNull(5) ? null : row.GetString(5),
            }
            : null;
    }

    private async Task ExecuteAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
