using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Reports;

/// <summary>What is done about a report.</summary>
/// <param name="Action">See the endpoint.</param>
/// <param name="Reason">For the owner of what was reported to read; <c>illegal</c> also takes a track from who claimed it.</param>
internal sealed record ResolveRequest(ReportAction? Action, string? Reason);

internal sealed class ResolveRules : AbstractValidator<ResolveRequest>
{
    public ResolveRules()
    {
        RuleFor(r => r.Action).NotNull().WithMessage("One of dismiss, hide, uphold, restore.");
        RuleFor(r => r.Reason).NotEmpty().WithMessage("Why.").Prose(500);
    }
}

/// <summary>The operators' queue of reports and appeals.</summary>
internal static class ReportDeskEndpoints
{
    public static void MapReportDesk(this WebApplication app)
    {
        var reports = app.MapGroup("/api/admin/reports").WithTags("Operators").RequireAuthorization(Roles.Operator);
        reports.MapGet("", ListAsync);
        reports.MapGet("/{id:guid}", GetAsync);
        reports.MapPost("/{id:guid}/resolve", ResolveAsync).WithIdempotency();
    }

    [EndpointName("ListReports"), EndpointSummary("Reports and appeals, newest first (operators)")]
    [EndpointDescription(
        """
        One entry for each thing, with how many members reported it, why, and what was decided about it before. `status`: waiting (open or appealed; the default),
        all, or one of open, appealed, dismissed, hidden, upheld, restored. `kind`: track, comment, profile. `owner`: the username of whose it is.
        """)]
    private static async Task<Ok<Page<ReportCase>>> ListAsync(
        string? status, string? kind, string? owner, PageQuery page, [FromServices] ReportQueue queue, CancellationToken cancellationToken) =>
        TypedResults.Ok(await queue.ListAsync(ReportFilter.Of(status, kind, owner), page, cancellationToken));

    [EndpointName("GetReportCase"), EndpointSummary("A report with its reasons and history (operators)"), EndpointDescription("The latest 20 of each.")]
    private static async Task<Ok<ReportCase>> GetAsync(Guid id, [FromServices] ReportQueue queue, CancellationToken cancellationToken) =>
        TypedResults.Ok(await queue.RequireAsync(id, cancellationToken));

    [EndpointName("ResolveReport"), EndpointSummary("Decide about a report or an appeal (operators)")]
    [EndpointDescription(
        """
        An open report: `dismiss`, or `hide`, which takes a track or comment out of sight, and of a profile the name, words, links and picture that its member chose.
        An appeal: `uphold`, or `restore`, which brings it back; without an appeal, too. While another report's decision hides the same thing it stays out of
        sight, and its owner hears that it is back when the last one is restored. `reason`: 1 to 500 characters, told to its owner. Who reported it hears whether
        it was hidden. 409 `not-resolved` when an open report is upheld or restored, `not-appealed` when there is no appeal to uphold, `already-resolved` when it
        was decided before, `subject-gone` when there is nothing left to hide.
        """)]
    private static async Task<Ok<ReportCase>> ResolveAsync(
        Guid id, Body<ResolveRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] ReportDesk desk, [FromServices] ReportQueue queue,
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await queue.RequireAsync(id, cancellationToken);
        var request = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await desk.ResolveAsync(operation.Id, id, user.Id(), request.Action!.Value, request.Reason!.Trim(), cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Ok(await queue.RequireAsync(id, cancellationToken)));
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }
}
