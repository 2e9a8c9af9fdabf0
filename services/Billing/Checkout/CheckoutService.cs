using Microsoft.AspNetCore.Http;
using Npgsql;
using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Problems;
using Stripe;
using Stripe.Checkout;

namespace Son1kVers3.Billing.Checkout;

/// <summary>Opens Checkout Sessions: one at a time for a member, none beside a subscription.</summary>
/// <remarks>
/// Members' tabs take turns. What is open or bought is asked of Stripe, not remembered, so that nothing is missed that a process did
/// before it died.
/// The new session is made first and the others are closed then: should one of them have been paid meanwhile, the new one is closed
/// instead.
/// </remarks>
internal sealed class CheckoutService(
    IStripeClient stripe, StripeKeys keys, MemberTurns turns, Customers customers, CustomerReader reader, PriceBook prices,
    Corrections corrections)
{
    private SessionService Sessions => new(stripe);

    /// <summary>Makes the session.</summary>
    /// <param name="operation">Of the request: a repetition of it finds the same session.</param>
    public async Task<CheckoutView> OpenAsync(Guid userId, CheckoutRequest request, Guid operation, CancellationToken cancellationToken)
    {
        await using var turn = await turns.TakeAsync(userId, cancellationToken);
        return await StripeProblems.ReachAsync(
            async () =>
            {
                var customer = await customers.EnsureAsync(userId, cancellationToken);
                await RefuseSecondAsync(customer, cancellationToken);
                var session = await CreateAsync(userId, customer, request, operation, cancellationToken);
                await CloseOthersAsync(customer, session, cancellationToken);
                return new CheckoutView(session.Url, session.Id);
            },
            cancellationToken);
    }

    private async Task RefuseSecondAsync(string customer, CancellationToken cancellationToken)
    {
        var state = await reader.ReadAsync(customer, cancellationToken);
        if (state.Subscriptions.Any(s => s.CanReturn))
            throw Exists();
        // A first payment that never came would, paid late, become a second subscription.
        foreach (var incomplete in state.Subscriptions.Where(s => s.Status == SubscriptionStatus.Incomplete))
            await corrections.EndAsync(incomplete.Id, cancellationToken);
    }

    private Task<Session> CreateAsync(
        Guid userId, string customer, CheckoutRequest request, Guid operation, CancellationToken cancellationToken) =>
            prices.WithPriceAsync(
        request.Tier!.Value,
        price => keys.CallAsync(
            $"checkout/{operation:N}",
            options => Sessions.CreateAsync(
                new SessionCreateOptions
                {
                    Mode = "subscription",
                    Customer = customer,
                    ClientReferenceId = userId.ToString(),
                    LineItems = [new() { Price = price, Quantity = 1 }],
                    SuccessUrl = request.SuccessUrl,
                    CancelUrl = request.CancelUrl,
                    Metadata = new() { ["user_id"] = userId.ToString() },
                    SubscriptionData = new() { Metadata = new() { ["user_id"] = userId.ToString() } },
                },
                options,
                cancellationToken),
            cancellationToken),
        cancellationToken);

    private async Task CloseOthersAsync(string customer, Session session, CancellationToken cancellationToken)
    {
        var open = new SessionListOptions { Customer = customer, Status = "open", Limit = 100 };
        await foreach (var other in Sessions.ListAutoPagingAsync(open, cancellationToken: cancellationToken))
        {
            if (other.Id == session.Id || await ExpireAsync(other.Id, cancellationToken))
                continue;
            await ExpireAsync(session.Id, cancellationToken);
            throw Exists();
        }
    }

    /// <summary>Closes a session; false when it was paid before.</summary>
    private async Task<bool> ExpireAsync(string session, CancellationToken cancellationToken)
    {
        try
        {
            await keys.CallAsync(
                $"expire/{session}", request => Sessions.ExpireAsync(session, null, request, cancellationToken), cancellationToken);
            return true;
        }
        catch (StripeException e) when (e.IsRefusal)
        {
            return (await Sessions.GetAsync(session, cancellationToken: cancellationToken)).Status != "complete";
        }
    }

    private static ProblemException Exists() =>
        Problem.Of(
            409, "subscription-exists",
            "You have a subscription: switch it with PATCH /api/tiers/subscription, or pay what is open in the portal.");
}
