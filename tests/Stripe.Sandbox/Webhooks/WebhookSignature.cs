using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Stripe.Sandbox.Webhooks;

/// <summary>
/// Stripe's webhook signature, scheme v1: HMAC-SHA256 over <c>timestamp + "." + body</c> with the endpoint's whole secret, in lowercase hex.
/// </summary>
internal static class WebhookSignature
{
    public static string Header(string secret, long timestamp, string body) =>
        string.Create(CultureInfo.InvariantCulture, $"t={timestamp},v1={Compute(secret, timestamp, body)}");

    public static string Compute(string secret, long timestamp, string body)
    {
        var signed = string.Create(CultureInfo.InvariantCulture, $"{timestamp}.{body}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed)));
    }
}
