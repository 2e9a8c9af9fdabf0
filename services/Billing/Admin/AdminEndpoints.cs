using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Billing.Admin;

/// <summary>Units to add or to take, and why.</summary>
public sealed record UnitsRequest(int? Units, string? Reason);

/// <summary>A tier to give without payment, until when (without an end by default), and why.</summary>
public sealed record CompRequest(Tier? Tier, DateTimeOffset? Until, string? Reason);

/// <summary>Why something is done.</summary>
public sealed record ReasonRequest(string? Reason);

/// <summary>A line of a member's ledger.</summary>
public sealed record LedgerEntryView(
    long Id, string Kind, string Cause, Guid? GenerationId, Allowance? Allowance, DateTimeOffset? PeriodStart, int Reserved, int Used,
    int Granted, DateTimeOffset At);

internal static class AdminEndpoints
{
    private const int LongestReason = 500;
    private const int MostUnits = 100_000;

    public static IEndpointRouteBuilder MapAdminEndpoints(this IEndpointRouteBuilder app)
    {
        var admin = app.MapGroup("/api/admin").WithTags("Operators").RequireAuthorization(Roles.Operator);
        admin.MapGet("/dashboard", ReadDashboardAsync);
        admin.MapGet("/ledger/check", CheckLedgerAsync);
        admin.MapGet("/users/{userId:guid}/ledger", ReadLedgerAsync);
        admin.MapGet("/users/{userId:guid}/limits", ReadLimitsAsync);
        admin.MapPost("/users/{userId:guid}/grants", GrantAsync).WithIdempotency();
        admin.MapPost("/users/{userId:guid}/revocations", RevokeAsync).WithIdempotency().Refuses(409);
        admin.MapPut("/users/{userId:guid}/comp", CompAsync);
        admin.MapDelete("/users/{userId:guid}/comp", EndCompAsync).Refuses(400);
        admin.MapGet("/users/{userId:guid}/audit", ReadAuditAsync);
        admin.MapPost("/stripe/events/{id}/replay", StripeCare.ReplayAsync).WithIdempotency();
        admin.MapPost("/stripe/prices", StripeCare.MakePricesAsync).WithIdempotency().Refuses(503);
        return app;
    }

    /// <summary>Why an operator does it; kept in the audit.</summary>
    public static string Reason(string? reason) => reason?.Trim() is { Length: > 0 and <= LongestReason } given
        ? given
        : throw Problem.Invalid("reason", $"1 to {LongestReason} characters: it is kept.");

    [EndpointName("ReadDashboard"), EndpointSummary("Members per tier, generations, MRR, pool, account health")]
    private static async Task<Ok<DashboardView>> ReadDashboardAsync(Dashboard dashboard, CancellationToken cancellationToken) =>
        TypedResults.Ok(await dashboard.ReadAsync(cancellationToken));

    [EndpointName("CheckLedger"), EndpointSummary("Where buckets, ledger and units disagree: nowhere")]
    private static async Task<Ok<LedgerReport>> CheckLedgerAsync(LedgerCheck check, CancellationToken cancellationToken) =>
        TypedResults.Ok(await check.RunAsync(cancellationToken));

    [EndpointName("ReadMemberLimits"), EndpointSummary("A member's allowance as it stands")]
    private static async Task<Ok<Limits>> ReadLimitsAsync(Guid userId, LimitsReader limits, CancellationToken cancellationToken) =>
        TypedResults.Ok(await limits.ReadAsync(userId, cancellationToken));

    [EndpointName("ReadLedger"), EndpointSummary("A member's ledger, the newest line first")]
    private static async Task<Ok<Page<LedgerEntryView>>> ReadLedgerAsync(
        Guid userId, PageQuery page, BillingDb db, CancellationToken cancellationToken)
    {
        var before = page.After<long>() ?? long.MaxValue;
        var rows = await db.Set<LedgerEntry>().AsNoTracking().Where(e => e.UserId == userId && e.Id < before)
            .OrderByDescending(e => e.Id).Take(page.Limit + 1)
            .Select(
                e => new LedgerEntryView(
                    e.Id, e.Kind, e.Cause, e.ReservationId, e.Allowance, e.PeriodStart, e.Reserved, e.Used, e.Granted, e.At))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<LedgerEntryView>.Of(rows, page, e => e.Id));
    }

    [EndpointName("GrantUnits"), EndpointSummary("Adds units to the member's current bucket")]
    private static async Task<Created<GrantView>> GrantAsync(
        Guid userId, Body<UnitsRequest> body, ClaimsPrincipal user, Operation operation, MemberCare care,
        CancellationToken cancellationToken)
    {
        var (units, reason) = Check(await body.ReadAsync());
        return await care.AddUnitsAsync(new CareOrder(user.Id(), userId, reason), units, operation, cancellationToken);
    }

    [EndpointName("RevokeUnits"), EndpointSummary("Takes granted units back")]
    private static async Task<Created<GrantView>> RevokeAsync(
        Guid userId, Body<UnitsRequest> body, ClaimsPrincipal user, Operation operation, MemberCare care,
        CancellationToken cancellationToken)
    {
        var (units, reason) = Check(await body.ReadAsync());
        return await care.AddUnitsAsync(new CareOrder(user.Id(), userId, reason), -units, operation, cancellationToken);
    }

    [EndpointName("CompTier"), EndpointSummary("Gives a tier without payment")]
    private static async Task<Ok<Limits>> CompAsync(
        Guid userId, Body<CompRequest> body, ClaimsPrincipal user, MemberCare care, LimitsReader limits, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        if (request.Tier is null or Tier.Free)
            throw Problem.Invalid("tier", "One of CREATOR, PRO, STUDIO.");
        if (request.Until is { } until && until <= clock.GetUtcNow())
            throw Problem.Invalid("until", "A time to come.");
        await care.CompAsync(
            new CareOrder(user.Id(), userId, Reason(request.Reason)), request.Tier.Value, request.Until, cancellationToken);
        return TypedResults.Ok(await limits.ReadAsync(userId, cancellationToken));
    }

    [EndpointName("EndComp"), EndpointSummary("Ends a given tier: ?reason=")]
    private static async Task<Ok<Limits>> EndCompAsync(
        Guid userId, string? reason, ClaimsPrincipal user, MemberCare care, LimitsReader limits, CancellationToken cancellationToken)
    {
        await care.CompAsync(new CareOrder(user.Id(), userId, Reason(reason)), Tier.Free, null, cancellationToken);
        return TypedResults.Ok(await limits.ReadAsync(userId, cancellationToken));
    }

    [EndpointName("ReadAudit"), EndpointSummary("What operators did for a member")]
    private static async Task<Ok<Page<AuditEntry>>> ReadAuditAsync(
        Guid userId, PageQuery page, BillingDb db, CancellationToken cancellationToken)
    {
        var before = page.After<long>() ?? long.MaxValue;
        var rows = await db.Set<AuditEntry>().AsNoTracking().Where(a => a.UserId == userId && a.Id < before)
            .OrderByDescending(a => a.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<AuditEntry>.Of(rows, page, a => a.Id));
    }

    private static (int Units, string Reason) Check(UnitsRequest request)
    {
        if (request.Units is not { } units || units is < 1 or > MostUnits)
            throw Problem.Invalid("units", $"A whole number from 1 to {MostUnits}.");
        return (units, Reason(request.Reason));
    }
}
