using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Export;

/// <summary>An export and how far it is.</summary>
/// <param name="Id">To ask for it again.</param>
/// <param name="Status">gathering, packing, ready or failed.</param>
/// <param name="Progress">0–100.</param>
/// <param name="Bytes">Size of the file, once it is ready.</param>
/// <param name="Url">Where it can be fetched for an hour without signing in; ask again for a fresh one.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="ExpiresAt">Until when it is kept.</param>
internal sealed record ExportView(
    Guid Id, ExportStatus Status, int Progress, long? Bytes, string? Url,
    DateTimeOffset RequestedAt, DateTimeOffset? ExpiresAt);

/// <summary>Everything of a member's as one file.</summary>
internal static class ExportEndpoints
{
    public static void AddExport(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ExportAddress>();
        builder.Services.AddPersonalTable(
            "account",
            """
            SELECT jsonb_build_object('id', id, 'email', email, 'emailVerifiedAt', email_verified_at, 'username', username, 'displayName', display_name, 'bio', bio,
                'links', links, 'language', language, 'createdAt', created_at)::text FROM accounts WHERE id = $1
            """,
            erase: null);
        builder.Services.AddPersonalTable(
            "sign-in",
            "SELECT jsonb_build_object('device', device_name, 'address', device_address, 'at', created_at)::text FROM sessions WHERE account_id = $1 ORDER BY id",
            erase: null);
        builder.Services.AddPersonalTable(
            "api-key", "SELECT jsonb_build_object('name', name, 'createdAt', created_at, 'lastUsedAt', last_used_at)::text FROM api_keys WHERE account_id = $1 ORDER BY id", erase: null);
    }

    public static void MapExport(this WebApplication app)
    {
        var exports = app.MapGroup("/api/auth/export").WithTags("Account").RequireAuthorization().RequireSession();
        exports.MapPost("", RequestAsync);
        exports.MapGet("/{id:guid}", GetAsync);
    }

    [EndpointName("RequestExport"), EndpointSummary("Ask for everything of one's own as a zip")]
    [EndpointDescription("Profile, tracks with their audio, invoices, contributions, comments and the rest. While one is under way, or was asked for within the hour, this answers that one.")]
    private static async Task<Accepted<ExportView>> RequestAsync(
        [FromServices] ProfileDb db, [FromServices] Outbox outbox, [FromServices] ExportAddress address, [FromServices] TimeProvider clock,
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (id, now) = (user.Id(), clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The lock makes parallel requests see each other's.
        if (await db.LockAccountAsync(id, cancellationToken) is null)
            throw AccountQueries.Gone();
        var export = await db.Set<ExportJob>().Where(e => e.AccountId == id).OrderByDescending(e => e.Id).FirstOrDefaultAsync(cancellationToken);
        if (export is null || export.StatusAt(now) == ExportStatus.Failed || (export.ReadyAt is not null && export.RequestedAt < now.AddHours(-1)))
        {
            export = new ExportJob { Id = Guid.CreateVersion7(now), AccountId = id, RequestedAt = now };
            db.Add(export);
            outbox.Publish(new ExportRequested { ExportId = export.Id, UserId = id, Sequence = 1 });
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return TypedResults.Accepted($"/api/auth/export/{export.Id}", View(export, address, now));
    }

    [EndpointName("GetExport"), EndpointSummary("How far an export is, and where to fetch it")]
    [EndpointDescription("`url` is there once it is `ready`. An export that is not ready after two hours has `failed`: ask for another one.")]
    private static async Task<Ok<ExportView>> GetAsync(
        Guid id, [FromServices] ProfileDb db, [FromServices] ExportAddress address, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var account = user.Id();
        var export = await db.Set<ExportJob>().AsNoTracking().FirstOrDefaultAsync(e => e.Id == id && e.AccountId == account, cancellationToken)
            ?? throw Problem.NotFound("export");
        return TypedResults.Ok(View(export, address, clock.GetUtcNow()));
    }

    private static ExportView View(ExportJob export, ExportAddress address, DateTimeOffset now) => new(
        export.Id, export.StatusAt(now), export.Percent, export.Bytes, export.ReadyAt is null ? null : address.Of(export.Id, export.AccountId),
        export.RequestedAt, export.ReadyAt + ExportJob.Kept);
}
