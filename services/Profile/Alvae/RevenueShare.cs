using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Alvae;

/// <summary>Money that arrived or went back, as billing told it: without who paid.</summary>
internal sealed class RevenueEntry
{
    /// <summary>Of the event.</summary>
    public Guid Id { get; init; }

    /// <summary>First day of the UTC month of the event's time.</summary>
    public DateOnly Month { get; init; }
    public required string Currency { get; init; }
    public long PaidCents { get; init; }
    public long RefundedCents { get; init; }
}

internal sealed class RevenueTable : IEntityTypeConfiguration<RevenueEntry>
{
    public void Configure(EntityTypeBuilder<RevenueEntry> table)
    {
        table.ToTable("revenue_entries");
        table.HasIndex(e => new { e.Currency, e.Month }).HasDatabaseName("ix_revenue_entries_currency_month");
    }
}

internal sealed class OnInvoicePaid(ProfileDb db) : IHandle<InvoicePaid>
{
    public async Task<Event[]> HandleAsync(InvoicePaid message, CancellationToken cancellationToken)
    {
        await db.AddRevenueAsync(message, message.Currency, message.AmountCents, refunded: 0, cancellationToken);
        return [];
    }
}

internal sealed class OnInvoiceRefunded(ProfileDb db) : IHandle<InvoiceRefunded>
{
    public async Task<Event[]> HandleAsync(InvoiceRefunded message, CancellationToken cancellationToken)
    {
        await db.AddRevenueAsync(message, message.Currency, paid: 0, message.AmountCents, cancellationToken);
        return [];
    }
}

/// <summary>What one month of one currency comes to.</summary>
/// <param name="Currency">ISO 4217, lower case.</param>
/// <param name="PaidCents">Paid invoices of the month.</param>
/// <param name="RefundedCents">Refunds of the month.</param>
/// <param name="CarriedInCents">What earlier months owe, 0 or below.</param>
/// <param name="ShareCents">The FOUNDER's share.</param>
/// <param name="CarriedOutCents">What is carried into the next month, 0 or below.</param>
internal sealed record RevenueShareView(string Currency, long PaidCents, long RefundedCents, long CarriedInCents, long ShareCents, long CarriedOutCents);

/// <summary>The shares of a month.</summary>
internal sealed record RevenueMonthView(string Month, int Percent, IReadOnlyList<RevenueShareView> Shares);

/// <summary>The FOUNDER's share of the revenue.</summary>
/// <remarks>
/// Per UTC month and currency, by the time of the events: floor(5% × (paid − refunded)). A month with more refunds than payments gives nothing, and what it
/// lacks is taken from the months after it before they give anything. Integers throughout, so that it is exact to the cent.
/// </remarks>
internal static class RevenueShare
{
    public static RevenueShareView Of(string currency, IEnumerable<(DateOnly Month, long Paid, long Refunded)> months, DateOnly month, int percent)
    {
        long carried = 0;
        foreach (var (_, paid, refunded) in months.Where(m => m.Month < month).OrderBy(m => m.Month))
            carried = Math.Min(0, carried + paid - refunded);
        var (paidNow, refundedNow) = months.Where(m => m.Month == month).Aggregate((Paid: 0L, Refunded: 0L), (sum, m) => (sum.Paid + m.Paid, sum.Refunded + m.Refunded));
        var net = carried + paidNow - refundedNow;
        return new RevenueShareView(currency, paidNow, refundedNow, carried, Math.Max(0, net) * percent / 100, Math.Min(0, net));
    }
}

internal static class RevenueEndpoints
{
    public static void MapRevenueShare(this WebApplication app) => app.MapGet("/api/alvae/revenue-share", GetAsync).WithTags("ALVAE").RequireAuthorization().Refuses(400, 403);

    public static MessagingBuilder OnRevenue(this MessagingBuilder messaging) => messaging.On<InvoicePaid, OnInvoicePaid>().On<InvoiceRefunded, OnInvoiceRefunded>();

    public static Task AddRevenueAsync(this ProfileDb db, Event e, string currency, long paid, long refunded, CancellationToken cancellationToken)
    {
        var month = new DateOnly(e.OccurredAt.UtcDateTime.Year, e.OccurredAt.UtcDateTime.Month, 1);
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO revenue_entries (id, month, currency, paid_cents, refunded_cents) VALUES ({e.EventId}, {month}, {currency.ToLowerInvariant()}, {paid}, {refunded})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken);
    }

    [EndpointName("GetRevenueShare"), EndpointSummary("The FOUNDER's share of a month's revenue (FOUNDER only)")]
    [EndpointDescription(
        """
        `month` as 2026-11, the present UTC month unless given. Per currency: floor(5% × (paid − refunded)) by the time of the payments; a negative month
        gives 0 and is carried into the next ones. 403 `founder-only`.
        """)]
    private static async Task<Ok<RevenueMonthView>> GetAsync(
        string? month, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var wanted = new DateOnly(now.Year, now.Month, 1);
        if (month is not null && !DateOnly.TryParseExact($"{month}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out wanted))
            throw Problem.Invalid("month", "A month as 2026-11.");
        if (!await db.IsFounderAsync(user.Id(), cancellationToken))
            throw Problem.Of(403, "founder-only", "Only the FOUNDER sees the revenue share.");
        var sums = await db.Set<RevenueEntry>().Where(e => e.Month <= wanted).GroupBy(e => new { e.Currency, e.Month })
            .Select(g => new { g.Key.Currency, g.Key.Month, Paid = g.Sum(e => e.PaidCents), Refunded = g.Sum(e => e.RefundedCents) }).ToListAsync(cancellationToken);
        var percent = AlvaeLevels.Of(AlvaeLevel.Founder).RevenueSharePercent;
        var shares = sums.GroupBy(s => s.Currency).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => RevenueShare.Of(g.Key, g.Select(s => (s.Month, s.Paid, s.Refunded)), wanted, percent));
        return TypedResults.Ok(new RevenueMonthView(wanted.ToString("yyyy-MM", CultureInfo.InvariantCulture), percent, [.. shares]));
    }
}
