using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Billing.Webhooks;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
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
public sealed record LedgerEntryDto(
    long Id, string Kind, string Cause, Guid? GenerationId, Allowance? Allowance, DateTimeOffset? PeriodStart, int Reserved, int Used, int Granted, DateTimeOffset At);

internal static class AdminEndpoints
{
    private const int LongestReason = 500;
    private const int MostUnits = 100_000;

    public static IEndpointRouteBuilder MapAdminEndpoints(this IEndpointRouteBuilder app)
    {
        var admin = app.MapGroup("/api/admin").WithTags("Operators").RequireAuthorization(Roles.Operator);
        admin.MapGet("/dashboard", (Dashboard dashboard, CancellationToken cancellationToken) => dashboard.ReadAsync(cancellationToken))
            .WithName("ReadDashboard").WithSummary("Members per tier, generations, MRR, pool, account health");
        admin.MapGet("/ledger/check", (LedgerCheck check, CancellationToken cancellationToken) => check.RunAsync(cancellationToken))
            .WithName("CheckLedger").WithSummary("Where buckets, ledger and units disagree: nowhere");
        admin.MapGet("/users/{userId:guid}/ledger", LedgerAsync).WithName("ReadLedger").WithSummary("A member's ledger, the newest line first");
        admin.MapGet("/users/{userId:guid}/limits", (Guid userId, Tiers.LimitsReader limits, CancellationToken cancellationToken) => limits.ReadAsync(userId, cancellationToken))
            .WithName("ReadMemberLimits").WithSummary("A member's allowance as it stands");
        admin.MapPost("/users/{userId:guid}/grants", GrantAsync).WithIdempotency().WithName("GrantUnits").WithSummary("Adds units to the member's current bucket");
        admin.MapPost("/users/{userId:guid}/revocations", RevokeAsync).WithIdempotency().WithName("RevokeUnits").WithSummary("Takes granted units back");
        admin.MapPut("/users/{userId:guid}/comp", CompAsync).WithName("CompTier").WithSummary("Gives a tier without payment");
        admin.MapDelete("/users/{userId:guid}/comp", EndCompAsync).WithName("EndComp").WithSummary("Ends a given tier: ?reason=");
        admin.MapGet("/users/{userId:guid}/audit", AuditAsync).WithName("ReadAudit").WithSummary("What operators did for a member");
        admin.MapPost("/stripe/events/{id}/replay", ReplayAsync).WithIdempotency().WithName("ReplayStripeEvent").WithSummary("Processes an event of Stripe's once more");
        admin.MapPost("/stripe/prices", MakePricesAsync).WithIdempotency().WithName("MakePrices").WithSummary("Makes the catalogue's prices at Stripe, also in live mode");
        return app;
    }

    private static async Task<Page<LedgerEntryDto>> LedgerAsync(Guid userId, PageQuery page, BillingDb db, CancellationToken cancellationToken)
    {
        var before = page.After<long>() ?? long.MaxValue;
        var rows = await db.Set<LedgerEntry>().AsNoTracking().Where(e => e.UserId == userId && e.Id < before)
            .OrderByDescending(e => e.Id).Take(page.Limit + 1)
            .Select(e => new LedgerEntryDto(e.Id, e.Kind, e.Cause, e.ReservationId, e.Allowance, e.PeriodStart, e.Reserved, e.Used, e.Granted, e.At))
            .ToListAsync(cancellationToken);
        return Page<LedgerEntryDto>.Of(rows, page.Limit, e => e.Id);
    }

    private static async Task<IResult> GrantAsync(Guid userId, Body<UnitsRequest> body, ClaimsPrincipal user, Operation operation, MemberCare care, CancellationToken cancellationToken)
    {
        var (units, reason) = Check(await body.ReadAsync());
        return await care.AddUnitsAsync(new CareOrder(user.Id(), userId, reason), units, operation, cancellationToken);
    }

    private static async Task<IResult> RevokeAsync(Guid userId, Body<UnitsRequest> body, ClaimsPrincipal user, Operation operation, MemberCare care, CancellationToken cancellationToken)
    {
        var (units, reason) = Check(await body.ReadAsync());
        return await care.AddUnitsAsync(new CareOrder(user.Id(), userId, reason), -units, operation, cancellationToken);
    }

    private static async Task<Tiers.Limits> CompAsync(
        Guid userId, Body<CompRequest> body, ClaimsPrincipal user, MemberCare care, Tiers.LimitsReader limits, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        if (request.Tier is null or Tier.Free)
            throw Problem.Invalid("tier", "One of CREATOR, PRO, STUDIO.");
        if (request.Until is { } until && until <= clock.GetUtcNow())
            throw Problem.Invalid("until", "A time to come.");
        await care.CompAsync(new CareOrder(user.Id(), userId, Reason(request.Reason)), request.Tier.Value, request.Until, cancellationToken);
        return await limits.ReadAsync(userId, cancellationToken);
    }

    private static async Task<Tiers.Limits> EndCompAsync(
        Guid userId, string? reason, ClaimsPrincipal user, MemberCare care, Tiers.LimitsReader limits, CancellationToken cancellationToken)
    {
        await care.CompAsync(new CareOrder(user.Id(), userId, Reason(reason)), Tier.Free, null, cancellationToken);
        return await limits.ReadAsync(userId, cancellationToken);
    }

    private static async Task<Page<AuditEntry>> AuditAsync(Guid userId, PageQuery page, BillingDb db, CancellationToken cancellationToken)
    {
        var before = page.After<long>() ?? long.MaxValue;
        var rows = await db.Set<AuditEntry>().AsNoTracking().Where(a => a.UserId == userId && a.Id < before)
            .OrderByDescending(a => a.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        return Page<AuditEntry>.Of(rows, page.Limit, a => a.Id);
    }

    private static async Task<IResult> ReplayAsync(string id, Body<ReasonRequest> body, ClaimsPrincipal user, EventInbox inbox, MemberCare care, BillingDb db, CancellationToken cancellationToken)
    {
        if (!await db.Set<StripeEvent>().AnyAsync(e => e.Id == id, cancellationToken))
            throw Problem.NotFound("event");
        var reason = Reason((await body.ReadAsync()).Reason);
        await care.RecordAsync(new CareOrder(user.Id(), null, reason), "replay", id, cancellationToken);
        await inbox.ReplayAsync(id, cancellationToken);
        return TypedResults.Accepted((string?)null, new { id, status = "queued" });
    }

    private static async Task<IResult> MakePricesAsync(Body<ReasonRequest> body, ClaimsPrincipal user, MemberCare care, HttpContext http)
    {
        var reason = Reason((await body.ReadAsync()).Reason);
        if (!http.RequestServices.GetRequiredService<Microsoft.Extensions.Options.IOptions<StripeOptions>>().Value.IsConfigured)
            throw Payments.Unavailable();
        var prices = http.RequestServices.GetRequiredService<PriceBook>();
        var made = await Payments.ReachAsync(() => prices.BootstrapAsync(allowLive: true, http.RequestAborted));
        await care.RecordAsync(new CareOrder(user.Id(), null, reason), "make-prices", string.Join(", ", made), http.RequestAborted);
        return TypedResults.Ok(new { made });
    }

    private static (int Units, string Reason) Check(UnitsRequest request)
    {
        if (request.Units is not { } units || units is < 1 or > MostUnits)
            throw Problem.Invalid("units", $"A whole number from 1 to {MostUnits}.");
        return (units, Reason(request.Reason));
    }

    private static string Reason(string? reason) => reason?.Trim() is { Length: > 0 and <= LongestReason } given
        ? given
        : throw Problem.Invalid("reason", $"1 to {LongestReason} characters: it is kept.");
}
