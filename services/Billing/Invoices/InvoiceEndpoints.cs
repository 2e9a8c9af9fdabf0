using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Payments;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Paging;

namespace Son1kVers3.Billing.Invoices;

/// <summary>An invoice, as its payer sees it.</summary>
public sealed record InvoiceView(
    string Id, string? Number, string Status, string BillingReason, long AmountCents, long PaidCents, long RefundedCents, string Currency,
    DateTimeOffset CreatedAt, DateTimeOffset? PaidAt, DateTimeOffset? PeriodStart, DateTimeOffset? PeriodEnd, string? Url);

internal static class InvoiceEndpoints
{
    public static IEndpointRouteBuilder MapInvoiceEndpoints(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/tiers/invoices", ListAsync).RequireAuthorization().WithTags("Tiers");
        return app;
    }

    [EndpointName("ListInvoices"), EndpointSummary("The caller's invoices, the newest first")]
    private static async Task<Ok<Page<InvoiceView>>> ListAsync(
        PageQuery page, ClaimsPrincipal user, BillingDb db, CancellationToken cancellationToken)
    {
        var userId = user.Id();
        var invoices = db.Set<StoredInvoice>().AsNoTracking().Where(i => i.UserId == userId);
        if (page.After<(DateTimeOffset At, string Id)>() is { } after)
            invoices = invoices.Where(i => i.CreatedAt < after.At || (i.CreatedAt == after.At && string.Compare(i.Id, after.Id) < 0));
        var rows = await invoices.OrderByDescending(i => i.CreatedAt).ThenByDescending(i => i.Id).Take(page.Limit + 1)
            .Select(i => new InvoiceView(
                i.Id, i.Number, i.Status.ToWord(), i.BillingReason.ToWord(), i.AmountDue, i.AmountPaid, i.RefundedCents, i.Currency,
                i.CreatedAt, i.PaidAt, i.PeriodStart, i.PeriodEnd, i.Url))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<InvoiceView>.Of(rows, page, i => (i.CreatedAt, i.Id)));
    }
}
