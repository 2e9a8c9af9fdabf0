using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Billing.Admin;

/// <summary>Who does it, for whom, and why.</summary>
internal sealed record CareOrder(Guid OperatorId, Guid? UserId, string Reason);

/// <summary>The bucket after units were granted or revoked.</summary>
public sealed record GrantView(Guid UserId, Allowance Allowance, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd, int Granted);

/// <summary>What <c>grant_units</c> answers.</summary>
internal sealed record GrantRow(int Allowance, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd, int Granted);

/// <summary>What operators may do for a member by hand; every step with its reason in the audit.</summary>
internal sealed class MemberCare(BillingDb db, AccountStore accounts, TimeProvider clock)
{
    /// <summary>Adds units to the member's current bucket, or takes granted ones back: never more than were granted.</summary>
    public async Task<Created<GrantView>> AddUnitsAsync(
        CareOrder order, int units, Operation operation, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var userId = order.UserId!.Value;
        var granted = await db.Database.SqlQuery<GrantRow>(
            $"""
            SELECT allowance, period_start, period_end, granted
            FROM grant_units({userId}, {units}, {order.Reason}, {clock.GetUtcNow()}, {QuotaLedger.Allowances})
            """)
            .ToListAsync(cancellationToken);
        if (granted is not [{ Granted: >= 0 } row])
            throw Problem.Of(409, "nothing-to-revoke", "Fewer units than that were granted in the current period.");
        var view = new GrantView(userId, (Allowance)row.Allowance, row.PeriodStart, row.PeriodEnd, row.Granted);
        Audit(order, units > 0 ? "grant" : "revoke", $"{Math.Abs(units)} units, {view.Allowance} {view.PeriodStart:O}");
        await db.SaveChangesAsync(cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Created((string?)null, view));
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    /// <summary>Gives a tier from now on, or takes it away with FREE.</summary>
    public async Task CompAsync(CareOrder order, Tier tier, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var account = await accounts.LockAsync(order.UserId!.Value, cancellationToken);
        var now = clock.GetUtcNow();
        // A longer or better gift goes on in the same months: giving it again must not fill the bucket again.
        var from = account.CompTier == Tier.Free || account.CompUntil <= now ? now : account.CompFrom;
        var ended = tier == Tier.Free;
        account = account with
        {
            CompTier = tier,
            CompFrom = ended ? account.CompFrom : from,
            CompUntil = ended ? null : until?.ToUniversalTime(),
        };
        await accounts.SaveAsync(account, cancellationToken);
        Audit(order, ended ? "end-comp" : "comp", ended ? "" : $"{tier} until {until?.ToString("O") ?? "further notice"}");
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Records what was done otherwise.</summary>
    public async Task RecordAsync(CareOrder order, string action, string detail, CancellationToken cancellationToken)
    {
        Audit(order, action, detail);
        await db.SaveChangesAsync(cancellationToken);
    }

    private void Audit(CareOrder order, string action, string detail) => db.Add(new AuditEntry
    {
        At = clock.GetUtcNow(),
        OperatorId = order.OperatorId,
        UserId = order.UserId,
        Action = action,
        Reason = order.Reason,
        Detail = detail,
    });
}
