using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Payments;
using Stripe;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Members and their customers at Stripe: one each.</summary>
internal sealed class Customers(BillingDb db, IStripeClient stripe, StripeKeys keys, CustomerReader reader)
{
    /// <summary>The member behind a customer, or null when it is none of ours.</summary>
    public async Task<Guid?> UserOfAsync(string customerId, CancellationToken cancellationToken) =>
        await db.Set<MemberCustomer>().AsNoTracking()
        .Where(c => c.CustomerId == customerId).Select(c => (Guid?)c.UserId).SingleOrDefaultAsync(cancellationToken);

    /// <summary>The customer of a member, or null before the first payment.</summary>
    public async Task<string?> OfAsync(Guid userId, CancellationToken cancellationToken) => await db.Set<MemberCustomer>().AsNoTracking()
        .Where(c => c.UserId == userId && !c.Deleted).Select(c => c.CustomerId).SingleOrDefaultAsync(cancellationToken);

    /// <summary>A customer of the member's that Stripe still has, made where there is none. Asked in parallel it is made once: the key is
    /// the member's.</summary>
    public async Task<string> EnsureAsync(Guid userId, CancellationToken cancellationToken)
    {
        var known = await db.Set<MemberCustomer>().AsNoTracking().SingleOrDefaultAsync(c => c.UserId == userId, cancellationToken);
        if (known is { Deleted: false } && await reader.ExistsAsync(known.CustomerId, cancellationToken))
            return known.CustomerId;
        var generation = known is null ? 0 : known.Generation + 1;
        var made = await keys.CallAsync(
            $"customer/{userId:N}/{generation}",
            request => new CustomerService(stripe).CreateAsync(
                new CustomerCreateOptions { Metadata = new() { ["user_id"] = userId.ToString() } }, request, cancellationToken),
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO stripe_customers (user_id, customer_id, generation, deleted) VALUES ({userId}, {made.Id}, {generation}, false)
            ON CONFLICT (user_id) DO UPDATE SET customer_id = excluded.customer_id, generation = excluded.generation, deleted = false
            """,
            cancellationToken);
        return made.Id;
    }

    /// <summary>The customer was deleted at Stripe: the next payment makes another one.</summary>
    public Task ForgetAsync(Guid userId, string customerId, CancellationToken cancellationToken) => db.Set<MemberCustomer>()
        .Where(c => c.UserId == userId && c.CustomerId == customerId)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Deleted, true), cancellationToken);
}
