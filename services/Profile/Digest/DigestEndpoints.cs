using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Digest;

/// <summary>The link that ends a digest, for who holds the mail. A page asks first, because scanners follow links; mail programs post (RFC 8058).</summary>
internal static class DigestEndpoints
{
    private const string Path = "/api/notifications/digest/unsubscribe";

    public static void AddDigest(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<IDigestSchedule, DigestSchedule>();
        builder.Services.AddWorker<DigestWorker>();
    }

    public static void MapDigest(this WebApplication app)
    {
        app.MapGet(Path, AskAsync).ExcludeFromDescription();
        app.MapPost(Path, EndAsync).ExcludeFromDescription();
    }

    public static string LinkOf(Guid token) => $"{Path}?token={token:N}";

    private static async Task<ContentHttpResult> AskAsync(string? token, [FromServices] ProfileDb db, HttpResponse response, CancellationToken cancellationToken)
    {
        var (_, _, language) = await RequireAsync(db, token, cancellationToken);
        var (title, question, button, _) = DigestTexts.Page(language);
        return Page(response, title, $"<p>{question}</p><form method=post><button>{button}</button></form>");
    }

    private static async Task<ContentHttpResult> EndAsync(string? token, [FromServices] ProfileDb db, HttpResponse response, CancellationToken cancellationToken)
    {
        var (id, account, language) = await RequireAsync(db, token, cancellationToken);
        await db.Set<NotificationPreferences>().Where(p => p.AccountId == account && p.UnsubscribeToken == id)
            .ExecuteUpdateAsync(row => row.SetProperty(p => p.NextDigestAt, (DateTimeOffset?)null), cancellationToken);
        var (title, _, _, done) = DigestTexts.Page(language);
        return Page(response, title, $"<p>{done}</p>");
    }

    private static async Task<(Guid Token, Guid Account, string Language)> RequireAsync(ProfileDb db, string? token, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(token, "N", out var id))
            throw Problem.NotFound("digest");
        var found = await db.Set<NotificationPreferences>().Where(p => p.UnsubscribeToken == id)
            .Join(db.Set<Account>(), p => p.AccountId, a => a.Id, (p, a) => new { a.Id, a.Language }).FirstOrDefaultAsync(cancellationToken) ?? throw Problem.NotFound("digest");
        return (id, found.Id, found.Language);
    }

    private static ContentHttpResult Page(HttpResponse response, string title, string body)
    {
        response.Headers.ContentSecurityPolicy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'";
        // The address holds the token.
        response.Headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Content($"<!doctype html><meta charset=utf-8><title>{WebUtility.HtmlEncode(title)}</title><h1>{WebUtility.HtmlEncode(title)}</h1>{body}", "text/html; charset=utf-8");
    }
}
