namespace Son1kVers3.Stripe.Sandbox;

/// <summary>What the sandbox is told at start, from the configuration section <c>Sandbox</c>.</summary>
internal sealed class SandboxOptions
{
    /// <summary>The bearer key that every API call must carry.</summary>
    public string SecretKey { get; set; } = "sk_test_sandbox";

    /// <summary>Where events go at start; none when empty.</summary>
    public string? WebhookUrl { get; set; }

    /// <summary>Signing secret of <see cref="WebhookUrl"/>.</summary>
    public string WebhookSecret { get; set; } = "whsec_sandbox";

    /// <summary>Base of pay and portal pages; the request's own origin when empty.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>A file that keeps the state over a restart; in memory only when empty.</summary>
    public string? DataFile { get; set; }

    /// <summary>How long a renewal invoice stays a draft before it is finalized and charged. Stripe waits about an hour.</summary>
    public int DraftInvoiceSeconds { get; set; } = 3600;

    /// <summary>Days after the first failure on which an unpaid renewal is charged again; a fixed stand-in for Stripe's smart retries.</summary>
    public string RetryDays { get; set; } = "3,5,7,14";

    /// <summary>What a subscription becomes when the last retry fails: <c>cancel</c>, <c>unpaid</c> or <c>past_due</c>.</summary>
    public string AfterRetries { get; set; } = "cancel";

    /// <summary>First pause before a webhook is delivered again, in milliseconds; doubles up to <see cref="WebhookRetryMaxMs"/>.</summary>
    public int WebhookRetryMs { get; set; } = 500;

    /// <summary>Longest pause between two deliveries of the same event, in milliseconds.</summary>
    public int WebhookRetryMaxMs { get; set; } = 30_000;

    /// <summary><see cref="RetryDays"/> as seconds after the first failure, ascending.</summary>
    public long[] RetryOffsets() =>
        [.. RetryDays.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(day => (long)(double.Parse(day, System.Globalization.CultureInfo.InvariantCulture) * 86400)).Order()];
}
