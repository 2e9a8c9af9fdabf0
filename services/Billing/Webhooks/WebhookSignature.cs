using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Billing.Webhooks;

/// <summary>Stripe's webhook signature, scheme v1: HMAC-SHA256 over <c>timestamp + "." + body</c> with the endpoint's whole secret.</summary>
/// <remarks>Source: docs.stripe.com/webhooks/signature; tolerance and symmetry as in stripe-dotnet's <c>EventUtility</c>.</remarks>
public static class WebhookSignature
{
    /// <summary>How far the timestamp may be from now, into the past and into the future.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    /// <summary>Whether one of the header's v1 signatures is right and its timestamp fresh. Other schemes don't count.</summary>
    /// <param name="header"><c>t=…,v1=…[,v1=…]</c>; while a secret is rolled there are several.</param>
    /// <param name="body">The raw bytes as they came.</param>
    /// <param name="secret"><c>whsec_…</c>, used as it is.</param>
    /// <param name="now">The receiver's clock.</param>
    public static bool IsValid(string? header, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(header) || string.IsNullOrEmpty(secret))
            return false;
        string? timestamp = null;
        var signatures = new List<string>();
        foreach (var part in header.Split(','))
        {
            var (name, value) = part.Split('=', 2) is [var n, var v] ? (n.Trim(), v.Trim()) : ("", "");
            if (name == "t")
                timestamp = value;
            else if (name == "v1")
                signatures.Add(value);
        }

        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) > (decimal)Tolerance.TotalSeconds)
            return false;
        var expected = Encoding.ASCII.GetBytes(Compute(timestamp, body, secret));
        // Every one is compared, so that the time taken tells nothing.
        var matches = 0;
        foreach (var signature in signatures)
            matches += CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature)) ? 1 : 0;
        return matches > 0;
    }

    private static string Compute(string timestamp, ReadOnlySpan<byte> body, string secret)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(timestamp + "."));
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
