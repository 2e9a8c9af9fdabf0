using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Son1kVers3.AppHost.Secrets;
using Son1kVers3.LocalServers;
using Son1kVers3.Machine;

namespace Son1kVers3.AppHost;

/// <summary>What a person can set for a run: environment variables, settings files and the command line.</summary>
internal sealed class HostSettings(IDistributedApplicationBuilder builder)
{
    private const int DefaultGatewayPort = 8080;

    private readonly IConfiguration _configuration = builder.Configuration;
    private SecretFile? _secrets;

    /// <summary>The public port on this machine (<c>GATEWAY_PORT</c>).</summary>
    public int GatewayPort => _configuration.GetValue("GATEWAY_PORT", DefaultGatewayPort);

    /// <summary><see cref="GatewayPort"/> as an environment variable's value.</summary>
    public string GatewayPortText => GatewayPort.ToString(CultureInfo.InvariantCulture);

    /// <summary>The address that the gateway listens on (<c>GATEWAY_HOST</c>): loopback unless set.</summary>
    public string GatewayHost => _configuration["GATEWAY_HOST"] ?? "localhost";

    /// <summary>A developer's own machine, whose gateway nobody else reaches.</summary>
    public bool IsPrivate => builder.ExecutionContext.IsRunMode && builder.Environment.IsDevelopment()
        && (GatewayHost == "localhost" || (IPAddress.TryParse(GatewayHost, out var address) && IPAddress.IsLoopback(address)));

    /// <summary>The base of every link that leaves the platform (<c>PUBLIC_URL</c>).</summary>
    public string PublicUrl => _configuration["PUBLIC_URL"] is { Length: > 0 } url ? url.TrimEnd('/') : $"http://localhost:{GatewayPortText}";

    /// <summary>Multiplies every rate limit (<c>RATE_LIMIT_SCALE</c>).</summary>
    public string RateLimitScale => _configuration["RATE_LIMIT_SCALE"] ?? "1";

    /// <summary>Whose account is the founder's (<c>FOUNDER_EMAIL</c>); only in Development is there a default.</summary>
    public string FounderEmail => _configuration["FOUNDER_EMAIL"] ?? (builder.Environment.IsDevelopment() ? "founder@son1kvers3.dev" : string.Empty);

    /// <summary>Where Stripe sends its events, seen from this machine.</summary>
    public string WebhookUrl => $"http://127.0.0.1:{GatewayPortText}/api/tiers/webhook";

    /// <summary>Real Stripe (<c>STRIPE_SECRET_KEY</c>); without it a local run uses the sandbox.</summary>
    public string? StripeSecretKey => _configuration["STRIPE_SECRET_KEY"] is { Length: > 0 } key ? key : null;

    /// <summary>Signs real Stripe's events (<c>STRIPE_WEBHOOK_SECRET</c>).</summary>
    public string StripeWebhookSecret => _configuration["STRIPE_WEBHOOK_SECRET"] ?? string.Empty;

    /// <summary>Where this run keeps its data (<c>SON1K_DATA</c>).</summary>
    public LocalData Data => new(DataFolder.Find(builder.AppHostDirectory, _configuration["SON1K_DATA"]));

    /// <summary>What opens the data, kept beside it.</summary>
    public SecretFile Secrets => _secrets ??= new SecretFile(Data.Folder);

    /// <summary>Lets a person into the dashboard, and nobody else who uses this machine.</summary>
    public string DashboardToken => Secrets.GetOrCreate("dashboard-token", new RandomToken(string.Empty).GetDefaultValue);

    /// <summary>Tracks, shared by all replicas of generation and its workers.</summary>
    public string MediaFolder => Path.Combine(Data.Folder, "media");

    /// <summary>What the Stripe sandbox remembers: as long as billing's database does, or the two would disagree.</summary>
    public string SandboxFile => Path.Combine(Data.Folder, "stripe-sandbox.json");

    /// <summary>How many songs a worker process makes at a time (<c>WORKER_SLOTS</c>): half of the processors, so that the rest answers.</summary>
    public string WorkerSlots => _configuration["WORKER_SLOTS"] ?? Math.Max(1, Environment.ProcessorCount / 2).ToString(CultureInfo.InvariantCulture);

    /// <summary>Where traces, metrics and logs go instead of the dashboard (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>_PROTOCOL</c>, <c>_HEADERS</c>); empty unless set.</summary>
    public IReadOnlyDictionary<string, string> Telemetry => _configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } url
        ? new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = _configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "grpc",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = _configuration["OTEL_EXPORTER_OTLP_HEADERS"] ?? string.Empty,
        }
        : new Dictionary<string, string>();

    /// <summary>Missing packages may be installed without asking (<c>--yes</c>).</summary>
    public bool Consent => _configuration.GetValue("yes", false);

    /// <summary>How many processes of a service: <c>--with-replicas generation=2,billing=2</c> or the setting <c>Replicas:generation</c>.</summary>
    public int Replicas(string service)
    {
        var asked = (_configuration["with-replicas"] ?? string.Empty)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pair => pair.Split('='))
            .LastOrDefault(pair => pair.Length == 2 && pair[0] == service)?[1] ?? _configuration[$"Replicas:{service}"];
        return int.TryParse(asked, CultureInfo.InvariantCulture, out var replicas) ? Math.Max(1, replicas) : 1;
    }

    /// <summary>The command line in the form that _configuration reads: a switch without a value would take the next word for it.</summary>
    public static string[] Normalize(string[] args) => [.. args.Select(argument => argument == "--yes" ? "--yes=true" : argument)];
}
