using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Customers;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Checkout;

/// <summary>How paying ended.</summary>
internal enum PayResult
{
    Paid,
    NotOpen,
    UnknownCard,
    CardDeclined,
}

/// <summary>Pays for a session or lets it expire.</summary>
internal static class CheckoutFlow
{
    /// <summary>
    /// Charges the card and starts the subscription. Nothing is made when the card is refused: the session stays open for another try.
    /// </summary>
    public static PayResult Pay(World world, CheckoutSession session, string cardNumber, string? email)
    {
        if (session.Status != "open")
        {
            return PayResult.NotOpen;
        }

        if (PaymentMethods.Create(world, cardNumber, session.TestClock) is not { } method)
        {
            return PayResult.UnknownCard;
        }

        if (method.Outcome == CardOutcome.Declines)
        {
            world.State.PaymentMethods.Remove(method.Id);
            return PayResult.CardDeclined;
        }

        var customer = CustomerOf(world, session, email);
        PaymentMethods.Attach(world, customer, method, makeDefault: customer.DefaultPaymentMethod is null);
        Complete(world, session, customer, method);
        return PayResult.Paid;
    }

    public static void Expire(World world, CheckoutSession session)
    {
        session.Status = "expired";
        world.Emit("checkout.session.expired", SessionJson.Of(world, session), session.TestClock);
    }

    private static Customer CustomerOf(World world, CheckoutSession session, string? email)
    {
        if (session.Customer is { } id)
        {
            return world.State.Customers[id];
        }

        var customer = world.Add(
            world.State.Customers, "cus_", session.TestClock, new Customer { Email = session.CustomerEmail ?? email, TestClock = session.TestClock });
        session.Customer = customer.Id;
        world.Emit("customer.created", CustomerApi.Json(customer), customer.TestClock);
        return customer;
    }

    private static void Complete(World world, CheckoutSession session, Customer customer, PaymentMethod method)
    {
        var now = world.Now(session.TestClock);
        var subscription = new Subscription
        {
            Customer = customer.Id,
            TestClock = session.TestClock,
            DefaultPaymentMethod = method.Id,
            Metadata = new(session.SubscriptionMetadata),
            Description = session.SubscriptionDescription,
            Items = [.. session.Items.Select(item => new SubscriptionItem
            {
                Id = Resource.NewId("si_"),
                Created = now,
                Price = item.Price,
                Quantity = item.Quantity,
            })],
        };

        // A card that is refused later works for this one purchase.
        var outcome = method.Outcome;
        method.Outcome = CardOutcome.Succeeds;
        var invoice = Lifecycle.Start(world, subscription, method, attempt: true);
        method.Outcome = outcome;
        (session.Status, session.Subscription, session.Invoice) = ("complete", subscription.Id, invoice.Id);
        world.Emit("checkout.session.completed", SessionJson.Of(world, session), session.TestClock);
    }
}
