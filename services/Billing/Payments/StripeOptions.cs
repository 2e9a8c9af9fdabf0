using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Billing.Payments;

/// <summary>Configuration section <c>Stripe</c>. The API version is the one that Stripe.net pins.</summary>
public sealed class StripeOptions
{
    /// <summary>Without one, the paid endpoints answer 503 <c>payments-unavailable</c>.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Signs webhooks; during a roll Stripe signs with the old and the new one. Each endpoint at Stripe has its own: where two
    /// lead here (as while the API version is changed), both stand here with a comma between.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>The secrets one by one.</summary>
    public IReadOnlyList<string> WebhookSecrets =>
        WebhookSecret?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Another place than Stripe itself, for example the sandbox.</summary>
    public string ApiBase { get; set; } = "https://api.stripe.com";

    /// <summary>Whether an operator's command allowed the bootstrap to make prices in live mode.</summary>
    public bool AllowLiveBootstrap { get; set; }

    /// <summary>Seconds between two rounds of the reconciler.</summary>
    public int ReconcileSeconds { get; set; } = 60;

    /// <summary>Origins that Checkout and portal may send the browser back to; empty means the gateway on this machine.</summary>
    public string[] AllowedReturns { get; set; } = [];

    public bool IsConfigured => !string.IsNullOrEmpty(SecretKey);

    /// <summary>Tells accounts of Stripe apart without showing the key.</summary>
    public string AccountMark => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(SecretKey ?? "")))[..12];

    /// <summary>Real money: secret and restricted keys carry it in their name.</summary>
    public bool IsLive =>
        SecretKey is { } key
            && (key.StartsWith("sk_live_", StringComparison.Ordinal) || key.StartsWith("rk_live_", StringComparison.Ordinal));
}
