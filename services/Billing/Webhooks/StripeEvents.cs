using System.Text.Json;
using Son1kVers3.ServiceDefaults.Problems;
using Stripe;
using Stripe.Checkout;

namespace Son1kVers3.Billing.Webhooks;

/// <summary>Reads what Stripe sends: signature, shape, and what it is about. Everything in it is somebody's word until it is read again
/// from Stripe.</summary>
/// <remarks>Signature scheme v1, HMAC-SHA256 over <c>timestamp + "." + body</c>; source: docs.stripe.com/webhooks/signature.</remarks>
internal static class StripeEvents
{
    /// <summary>How far the timestamp may be from now, into the past and into the future.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    private const int LongestId = 255;

    /// <summary>Whether one of the header's v1 signatures is right and its timestamp fresh.</summary>
    /// <param name="body">As it came.</param>
    /// <param name="header"><c>t=…,v1=…[,v1=…]</c>; while a secret is rolled there are several.</param>
    /// <param name="secrets"><c>whsec_…</c>, used as they are; any of them will do.</param>
    /// <param name="now">The receiver's clock.</param>
    public static bool IsSigned(string body, string? header, IReadOnlyList<string> secrets, DateTimeOffset now) =>
        !string.IsNullOrEmpty(header) && secrets.Any(secret => IsSigned(body, header, secret, now));

    private static bool IsSigned(string body, string header, string secret, DateTimeOffset now)
    {
        try
        {
            EventUtility.ValidateSignature(body, header, secret, (long)Tolerance.TotalSeconds, now.ToUnixTimeSeconds());
            return true;
        }
        catch (Exception e) when (e is StripeException or ArgumentException or FormatException
            or OverflowException or KeyNotFoundException or InvalidOperationException)
        {
            // A header that is broken in some way ends in one of these.
            return false;
        }
    }

    /// <summary>What came in, checked and ready to be kept.</summary>
    /// <exception cref="ProblemException">400 <c>not-an-event</c>.</exception>
    public static StripeEvent Read(string body, DateTimeOffset now, out bool livemode)
    {
        try
        {
            var parsed = EventUtility.ParseEvent(body, throwOnApiVersionMismatch: false);
            livemode = parsed.Livemode;
            if (parsed is { Object: "event" } && Of(parsed, now) is { } row)
                return row;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException
            or FormatException or OverflowException)
        {
            // The deserializer meets dates, numbers and surrogates that cannot be with one of these.
            throw NotAnEvent(e);
        }

        throw NotAnEvent(null);
    }

    /// <summary>The row of an event; null when its ids are none.</summary>
    public static StripeEvent? Of(Event e, DateTimeOffset now)
    {
        var (customer, charge) = About(e.Data?.Object);
        return IsId(e.Id) && IsId(e.Type) && (customer is null || IsId(customer)) && (charge is null || IsId(charge))
            ? new StripeEvent
            {
                Id = e.Id,
                Type = e.Type,
                CustomerId = customer,
                ChargeId = charge,
                CreatedAt = e.Created,
                ReceivedAt = now,
                NextAttemptAt = now
            }
            : null;
    }

    private static (string? Customer, string? Charge) About(IHasObject? about) => about switch
    {
        Customer customer => (customer.Id, null),
        Subscription subscription => (subscription.CustomerId, null),
        SubscriptionSchedule schedule => (schedule.CustomerId, null),
        Invoice invoice => (invoice.CustomerId, null),
        Session session => (session.CustomerId, null),
        PaymentIntent intent => (intent.CustomerId, null),
        Charge charge => (charge.CustomerId, charge.Id),
        Dispute dispute => (null, dispute.ChargeId),
        Refund refund => (null, refund.ChargeId),
        _ => (null, null),
    };

    private static bool IsId(string? id) =>
        id is { Length: > 0 and <= LongestId } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static ProblemException NotAnEvent(Exception? e) =>
        Problem.Of(
            400, "not-an-event", e is null ? "This is signed, but it is no event." : $"This is signed, but it cannot be read: {e.Message}");
}
