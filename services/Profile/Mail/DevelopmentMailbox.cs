using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Son1kVers3.Profile.Data;

namespace Son1kVers3.Profile.Mail;

/// <summary>Shows mails on a developer's machine. Not under any path that the gateway routes, and not there at all unless the host allows it.</summary>
internal static class DevelopmentMailbox
{
    private const int Shown = 100;

    public static void AddMail(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<MailOptions>().BindConfiguration("Mail");
        builder.Services.AddSingleton<PublicAddress>();
        builder.Services.AddScoped<Mailer>();
        builder.Services.AddHostedService<MailDelivery>();
    }

    public static void MapDevelopmentMailbox(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<MailOptions>>().Value;
        // Taken here so that an unusable PUBLIC_URL stops the start.
        app.Services.GetRequiredService<PublicAddress>();
        if (!options.Delivers)
            app.Logger.LogWarning("No mail is sent: Mail:Smtp:Host is not set. Addresses can't be verified, forgotten passwords not be replaced");
        if (!options.HasMailbox)
            return;
        app.MapGet("/internal/mailbox", PageAsync).ExcludeFromDescription();
        app.MapGet("/internal/mailbox/messages", ListAsync).ExcludeFromDescription();
    }

    private static async Task<Ok<List<MailView>>> ListAsync(string? to, [FromServices] ProfileDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await NewestAsync(db, to, cancellationToken));

    private static async Task<ContentHttpResult> PageAsync([FromServices] ProfileDb db, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        var page = new StringBuilder("<!doctype html><meta charset=utf-8><title>Mailbox</title><h1>Mails of the last day</h1>");
        foreach (var mail in await NewestAsync(db, to: null, cancellationToken))
        {
            page.Append(
                $"<h2>{WebUtility.HtmlEncode(mail.Subject)}</h2><p>to {WebUtility.HtmlEncode(mail.To)}, {mail.At:u}</p><pre>{WebUtility.HtmlEncode(mail.Text)}</pre>");
        }

        return TypedResults.Content(page.ToString(), "text/html; charset=utf-8");
    }

    private static Task<List<MailView>> NewestAsync(ProfileDb db, string? to, CancellationToken cancellationToken) =>
        db.Set<OutgoingMail>().AsNoTracking().Where(m => to == null || m.Address == to).OrderByDescending(m => m.Id).Take(Shown)
            .Select(m => new MailView(m.Address, m.Subject, m.Text, m.CreatedAt)).ToListAsync(cancellationToken);

    private sealed record MailView(string To, string Subject, string Text, DateTimeOffset At);
}
