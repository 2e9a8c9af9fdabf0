using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Reports;

/// <summary>What is wrong with what.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The generation's, the comment's, or the account's id.</param>
/// <param name="Reason">For operators to read; its owner never does.</param>
internal sealed record ReportRequest(ReportKind? Kind, Guid? Id, string? Reason);

internal sealed class ReportRequestRules : AbstractValidator<ReportRequest>
{
    public ReportRequestRules()
    {
        RuleFor(r => r.Kind).NotNull().WithMessage("One of track, comment, profile.");
        RuleFor(r => r.Id).NotNull().WithMessage("Of a track the id of its generation, of a comment its own, of a profile the `id` that GET /api/profiles/{username} tells.");
        RuleFor(r => r.Reason).NotEmpty().WithMessage("What is wrong with it.").Prose(1000);
    }
}

/// <summary>Why it should come back.</summary>
internal sealed record AppealRequest(string? Text);

internal sealed class AppealRules : AbstractValidator<AppealRequest>
{
    public AppealRules() => RuleFor(r => r.Text).NotEmpty().WithMessage("Why it should come back.").Prose(2000);
}

/// <summary>Members report what should not be here, and appeal when it was theirs.</summary>
internal static class ReportEndpoints
{
    public static void AddReports(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<IReportSubject, TrackSubject>().AddScoped<IReportSubject, CommentSubject>().AddScoped<IReportSubject, ProfileSubject>();
        builder.Services.AddScoped<ReportBook>().AddScoped<ReportDesk>().AddScoped<ReportQueue>();
        // The reason stays for whoever has to decide; whose it was does not.
        builder.Services.AddPersonalTable(
            "report",
            """
            SELECT jsonb_build_object('kind', lower(r.kind), 'subjectId', r.subject_id, 'reason', c.reason, 'at', c.at)::text
            FROM complaints c JOIN reports r ON r.id = c.report_id WHERE c.reporter_id = $1 ORDER BY c.at
            """,
            "UPDATE complaints SET reporter_id = NULL WHERE id = ANY(ARRAY(SELECT id FROM complaints WHERE reporter_id = $1 LIMIT $2))");
        builder.Services.AddPersonalTable(
            "moderation-decision",
            """
            SELECT jsonb_build_object('kind', lower(r.kind), 'subjectId', r.subject_id, 'excerpt', r.excerpt, 'action', lower(d.action), 'reason', d.reason, 'at', d.at, 'appeal', r.appeal_text)::text
            FROM reports r JOIN report_decisions d ON d.report_id = r.id WHERE r.owner_id = $1 AND d.action <> 'Dismiss' ORDER BY d.id
            """,
            """
            DELETE FROM reports WHERE id = ANY(ARRAY(SELECT r.id FROM reports r WHERE r.owner_id = $1
                AND NOT EXISTS (SELECT FROM tracks t WHERE t.generation_id = r.subject_id AND t.contributed) LIMIT $2))
            """);
        // What is in the pool stays, and so does what is said against it.
        builder.Services.AddPersonalTable(
            "contributed-track-report", export: null,
            """
            UPDATE reports SET owner_id = NULL, appeal_text = NULL WHERE id = ANY(ARRAY(SELECT r.id FROM reports r WHERE r.owner_id = $1
                AND EXISTS (SELECT FROM tracks t WHERE t.generation_id = r.subject_id AND t.contributed) LIMIT $2))
            """);
        builder.Services.AddPersonalTable(
            "withheld-profile",
            "SELECT jsonb_build_object('displayName', display_name, 'bio', bio, 'links', links)::text FROM withheld_profiles WHERE account_id = $1", erase: null);
    }

    public static void MapReports(this WebApplication app)
    {
        var reports = app.MapGroup("/api/reports").WithTags("Reports").RequireAuthorization();
        reports.MapPost("", CreateAsync).WithIdempotency().Refuses(403, 404, 429);
        reports.MapGet("/{id:guid}", GetAsync);
        reports.MapPost("/{id:guid}/appeal", AppealAsync).WithIdempotency().Refuses(403);
    }

    [EndpointName("CreateReport"), EndpointSummary("Report a track, a comment or a profile")]
    [EndpointDescription(
        """
        `id`: of a track that of its generation, of a comment its own, of a profile the `id` that `GET /api/profiles/{username}` tells. `reason`: 1 to 1000 characters. One open report a member and thing: again answers 200 with the first one. Operators decide, the caller is told, and whose
        it is never hears who reported it. 403 `own-content`; 429 `too-many-reports` after 20 within a day.
        """)]
    private static async Task<Results<Created<ReportView>, Ok<ReportView>>> CreateAsync(
        Body<ReportRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] ReportBook book, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var (id, isNew) = await book.AddAsync(operation.Id, user.Id(), request.Kind!.Value, request.Id!.Value, request.Reason!.Trim(), cancellationToken);
        var view = await book.RequireAsync(id, user.Id(), cancellationToken);
        Results<Created<ReportView>, Ok<ReportView>> answer = isNew
            ? await operation.RecordAsync(db, TypedResults.Created($"/api/reports/{id}", view))
            : await operation.RecordAsync(db, TypedResults.Ok(view));
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    [EndpointName("GetReport"), EndpointSummary("Where a report stands")]
    [EndpointDescription("For who made it, and for the owner of what was reported, once something was done about it.")]
    private static async Task<Ok<ReportView>> GetAsync(Guid id, [FromServices] ReportBook book, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TypedResults.Ok(await book.RequireAsync(id, user.Id(), cancellationToken));

    [EndpointName("AppealReport"), EndpointSummary("Appeal against what was decided about something of one's own")]
    [EndpointDescription(
        """
        `text`: 1 to 2000 characters, once a report: then 409 `already-appealed`. Operators decide again, and the caller is told. 409 `nothing-to-appeal` when it is
        visible again; 403 `not-yours` for who reported it.
        """)]
    private static async Task<Created<ReportView>> AppealAsync(
        Guid id, Body<AppealRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] ReportBook book, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        var report = await book.RequireAsync(id, user.Id(), cancellationToken);
        var request = await body.ReadAsync();
        if (report.Mine)
            throw Problem.Of(403, "not-yours", "Only the owner of what was reported appeals.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await book.AppealAsync(id, user.Id(), request.Text!.Trim(), cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Created($"/api/reports/{id}", await book.RequireAsync(id, user.Id(), cancellationToken)));
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }
}
