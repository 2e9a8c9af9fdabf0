using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Billing.Stripe;

/// <summary>Configuration section <c>Stripe</c>.</summary>
public sealed class StripeOptions
{
    /// <summary>The version that every call names; <c>StripeNet</c>'s package speaks the same.</summary>
    public const string ApiVersion = "2026-07-29.dahlia";

    /// <summary>Without one, the paid endpoints answer 503 <c>payments-unavailable</c>.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Signs webhooks; during a roll Stripe signs with the old and the new one.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Another place than Stripe itself, for example the sandbox.</summary>
    public string ApiBase { get; set; } = "https://api.stripe.com";

    /// <summary>Whether an operator's command allowed the bootstrap to make prices in live mode.</summary>
    public bool AllowLiveBootstrap { get; set; }

    /// <summary>Seconds between two looks of the reconciler.</summary>
    public int ReconcileSeconds { get; set; } = 60;

    /// <summary>Origins that Checkout and portal may send the browser back to; empty means the gateway on this machine.</summary>
    public string[] AllowedReturns { get; set; } = [];

    public bool IsConfigured => !string.IsNullOrEmpty(SecretKey);

    /// <summary>Tells accounts of Stripe apart without showing the key.</summary>
    public string AccountMark => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(SecretKey ?? "")))[..12];

    /// <summary>Real money: secret and restricted keys carry it in their name.</summary>
    public bool IsLive => SecretKey is { } key && (key.StartsWith("sk_live_", StringComparison.Ordinal) || key.StartsWith("rk_live_", StringComparison.Ordinal));
}
