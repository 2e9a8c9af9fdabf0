using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Son1kVers3.Machine;

namespace Son1kVers3.AppHost;

/// <summary>What a person can set for a run: environment variables, settings files and the command line.</summary>
internal sealed class HostSettings(IDistributedApplicationBuilder builder)
{
    private const int DefaultGatewayPort = 8080;

    private readonly IConfiguration configuration = builder.Configuration;

    /// <summary>The public port on this machine (<c>GATEWAY_PORT</c>).</summary>
    public int GatewayPort => configuration.GetValue("GATEWAY_PORT", DefaultGatewayPort);

    /// <summary><see cref="GatewayPort"/> as an environment variable's value.</summary>
    public string GatewayPortText => GatewayPort.ToString(CultureInfo.InvariantCulture);

    /// <summary>The address that the gateway listens on (<c>GATEWAY_HOST</c>): loopback unless set.</summary>
    public string GatewayHost => configuration["GATEWAY_HOST"] ?? "localhost";

    /// <summary>Multiplies every rate limit (<c>RATE_LIMIT_SCALE</c>).</summary>
    public string RateLimitScale => configuration["RATE_LIMIT_SCALE"] ?? "1";

    /// <summary>Whose account is the founder's (<c>FOUNDER_EMAIL</c>); only in Development is there a default.</summary>
    public string FounderEmail => configuration["FOUNDER_EMAIL"] ?? (builder.Environment.IsDevelopment() ? "founder@son1kvers3.dev" : string.Empty);

    /// <summary>Where Stripe sends its events, seen from this machine.</summary>
    public string WebhookUrl => $"http://127.0.0.1:{GatewayPortText}/api/tiers/webhook";

    /// <summary>Real Stripe (<c>STRIPE_SECRET_KEY</c>); without it a local run uses the sandbox.</summary>
    public string? StripeSecretKey => configuration["STRIPE_SECRET_KEY"] is { Length: > 0 } key ? key : null;

    /// <summary>Signs real Stripe's events (<c>STRIPE_WEBHOOK_SECRET</c>).</summary>
    public string StripeWebhookSecret => configuration["STRIPE_WEBHOOK_SECRET"] ?? string.Empty;

    /// <summary>Tracks, shared by all replicas of generation.</summary>
    public string MediaFolder => Path.Combine(Folder, "media");

    /// <summary>What the Stripe sandbox remembers: as long as billing's database does, or the two would disagree.</summary>
    public string SandboxFile => Path.Combine(Folder, "stripe-sandbox.json");

    private string Folder => DataFolder.Find(builder.AppHostDirectory, configuration["SON1K_DATA"]);

    /// <summary>Missing packages may be installed without asking (<c>--yes</c>).</summary>
    public bool Consent => configuration.GetValue("yes", false);

    /// <summary>How many processes of a service: <c>--with-replicas generation=2,billing=2</c> or the setting <c>Replicas:generation</c>.</summary>
    public int Replicas(string service)
    {
        var asked = (configuration["with-replicas"] ?? string.Empty)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pair => pair.Split('='))
            .LastOrDefault(pair => pair.Length == 2 && pair[0] == service)?[1] ?? configuration[$"Replicas:{service}"];
        return int.TryParse(asked, CultureInfo.InvariantCulture, out var replicas) ? Math.Max(1, replicas) : 1;
    }

    /// <summary>The command line in the form that configuration reads: a switch without a value would take the next word for it.</summary>
    public static string[] Normalize(string[] args) => [.. args.Select(argument => argument == "--yes" ? "--yes=true" : argument)];
}
