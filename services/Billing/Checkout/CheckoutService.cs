using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Billing.Checkout;

/// <summary>What the client opens to pay.</summary>
public sealed record CheckoutDto(string Url, string SessionId);

/// <summary>Opens Checkout Sessions: one at a time for a member, none beside a subscription.</summary>
/// <remarks>
/// Members' tabs are put in order by a lock. What is open or bought is asked of Stripe, not remembered, so that nothing is missed that a process did before it died.
/// The new session is made first and the others are closed then: should one of them have been paid meanwhile, the new one is closed instead.
/// </remarks>
internal sealed class CheckoutService(
    NpgsqlDataSource database, StripeCalls stripe, Customers customers, CustomerReader reader, PriceBook prices, SurplusSubscriptions surplus)
{
    /// <summary>Makes the session and records the answer.</summary>
    public async Task<IResult> OpenAsync(Guid userId, CheckoutRequest request, Operation operation, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await MemberLock.TakeAsync(connection, transaction, userId, cancellationToken);
        var dto = await Payments.ReachAsync(async () =>
        {
            var customer = await customers.EnsureAsync(userId, cancellationToken);
            await RefuseSecondAsync(userId, customer, cancellationToken);
            var session = await CreateAsync(userId, customer, request, operation.Id, cancellationToken);
            await CloseOthersAsync(customer, session, cancellationToken);
            return new CheckoutDto(session.Text("url")!, session.Text("id")!);
        });
        var answer = await operation.RecordAsync(connection, transaction, StatusCodes.Status201Created, dto);
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    private async Task RefuseSecondAsync(Guid userId, string customer, CancellationToken cancellationToken)
    {
        var state = await reader.ReadAsync(customer, cancellationToken);
        if (state.Subscriptions.Any(s => s.IsLive || s.Status is "unpaid" or "paused"))
            throw Exists();
        // A first payment that never came would, paid late, become a second subscription.
        await surplus.EndAsync(userId, state.Subscriptions.Where(s => s.Status == "incomplete"), cancellationToken);
    }

    private async Task<JsonElement> CreateAsync(Guid userId, string customer, CheckoutRequest request, Guid operation, CancellationToken cancellationToken)
    {
        var form = new StripeForm
        {
            { "mode", "subscription" },
            { "customer", customer },
            { "client_reference_id", userId.ToString() },
            { "line_items[0][price]", await prices.PriceOfAsync(request.Tier!.Value, cancellationToken) },
            { "line_items[0][quantity]", 1 },
            { "success_url", request.SuccessUrl },
            { "cancel_url", request.CancelUrl },
            { "metadata[user_id]", userId.ToString() },
            { "subscription_data[metadata][user_id]", userId.ToString() },
        };
        return await stripe.PostAsync($"checkout/{operation:N}", "/v1/checkout/sessions", form, cancellationToken);
    }

    private async Task CloseOthersAsync(string customer, JsonElement session, CancellationToken cancellationToken)
    {
        var open = await stripe.ListAsync("/v1/checkout/sessions", [new("customer", customer), new("status", "open")], cancellationToken);
        foreach (var other in open.Select(s => s.Text("id")!).Where(id => id != session.Text("id")))
        {
            if (await ExpireAsync(other, cancellationToken))
                continue;
            await ExpireAsync(session.Text("id")!, cancellationToken);
            throw Exists();
        }
    }

    /// <summary>Closes a session; false when it was paid before.</summary>
    private async Task<bool> ExpireAsync(string session, CancellationToken cancellationToken)
    {
        try
        {
            await stripe.PostAsync($"expire/{session}", $"/v1/checkout/sessions/{session}/expire", StripeForm.Empty, cancellationToken);
            return true;
        }
        catch (StripeRefusal e) when (e.Status == 400)
        {
            var now = await stripe.GetAsync($"/v1/checkout/sessions/{session}", StripeForm.Empty, cancellationToken);
            return now.Text("status") != "complete";
        }
    }

    private static ProblemException Exists() =>
        Problem.Of(409, "subscription-exists", "You have a subscription: switch it with PATCH /api/tiers/subscription, or pay what is open in the portal.");
}

/// <summary>Puts in order what one member asks of Stripe at the same time.</summary>
internal static class MemberLock
{
    /// <summary>Held until the transaction ends. Another lock than the one of reading, which is taken inside.</summary>
    public static async Task TakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid userId, CancellationToken cancellationToken)
    {
        await using var take = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", connection, transaction)
        {
            Parameters = { new() { Value = userId.ToString() } },
        };
        await take.ExecuteNonQueryAsync(cancellationToken);
    }
}
