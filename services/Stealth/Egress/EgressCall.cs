using System.Globalization;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Stealth.Dialects;
using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Egress;

/// <summary>Which failures of a request may be answered by sending it again.</summary>
internal enum Replay
{
    Never,

    /// <summary>What the provider surely did not do, and what may be done twice (GET and the like).</summary>
    Safe,

    /// <summary>Any; the caller says that doing it twice does no harm.</summary>
    Always,
}

/// <summary>What a service of ours asks egress for, from its headers.</summary>
/// <param name="Path">At the provider, with its query.</param>
/// <param name="ResultHost">A host of results, in place of the API's; reached without a secret.</param>
/// <param name="LeaseSeconds">A new lease is asked for, of this duration.</param>
internal sealed record EgressCall(
    ProviderFleet Provider, PathString Path, string? ResultHost, string? LeaseToken, int? LeaseSeconds, string User, int CostCents, Replay Replay, TimeSpan Timeout, TimeSpan? AttemptTimeout)
{
    public const string LeaseHeader = "X-Stealth-Lease";
    public const string HostHeader = "X-Stealth-Host";
    public const string UserHeader = "X-Stealth-User";
    public const string CostHeader = "X-Stealth-Cost-Cents";
    public const string ReplayHeader = "X-Stealth-Replay";
    public const string TimeoutHeader = "X-Stealth-Timeout";
    public const string AttemptTimeoutHeader = "X-Stealth-Attempt-Timeout";
    private const int DefaultLeaseSeconds = 600;
    private const int LongestLeaseSeconds = 86_400;
    private const int MostCents = 1_000_000;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(30);

    /// <summary>Reads and checks it.</summary>
    /// <exception cref="ProblemException">404 for an unknown provider or a path that is not among its own, 400 for a bad header, 503 when it is off.</exception>
    public static EgressCall Read(HttpContext http, string provider, string? path, FleetSnapshot fleet)
    {
        if (fleet.Providers.GetValueOrDefault(provider) is not { } known)
            throw Problem.NotFound("provider");
        if (!known.Settings.Enabled)
            throw Problem.Of(503, "provider-disabled", $"{provider} is switched off.", TimeSpan.FromMinutes(1));
        var headers = http.Request.Headers;
        var target = new PathString("/" + path);
        var host = headers[HostHeader].ToString() is { Length: > 0 } named ? named : null;
        if (!IsPlain(target) || (host is null && !known.Dialect.PathPrefixes.Any(prefix => StartsWith(target.Value!, prefix))))
            throw Problem.NotFound("address of this provider");
        var (token, seconds) = LeaseOf(headers[LeaseHeader].ToString());
        return new EgressCall(
            known, target, host, token, seconds, headers[UserHeader].ToString(), (int)(Number(http, CostHeader, MostCents) ?? 0), ReplayOf(headers[ReplayHeader].ToString()),
            Number(http, TimeoutHeader, LongestTimeout.TotalSeconds) is { } timeout ? TimeSpan.FromSeconds(timeout) : DefaultTimeout,
            Number(http, AttemptTimeoutHeader, LongestTimeout.TotalSeconds) is { } attempt ? TimeSpan.FromSeconds(attempt) : null);
    }

    /// <summary>Where a request of an account goes.</summary>
    public Uri AddressFor(Account? account)
    {
        var own = account?.BaseUrl is { } url ? new Uri(url) : Provider.Dialect.BaseAddress;
        if (ResultHost is null)
            return own ?? throw Problem.Of(503, "no-address", "This account names no server.", TimeSpan.FromMinutes(1));
        if (own is not null && account?.BaseUrl is not null && own.Authority.Equals(ResultHost, StringComparison.OrdinalIgnoreCase))
            return new Uri(own.GetLeftPart(UriPartial.Authority));
        var known = Provider.Dialect.ResultHosts.Any(host => host.StartsWith("*.", StringComparison.Ordinal)
            ? ResultHost.EndsWith(host[1..], StringComparison.OrdinalIgnoreCase) && Uri.CheckHostName(ResultHost) == UriHostNameType.Dns
            : host.Equals(ResultHost, StringComparison.OrdinalIgnoreCase));
        return known ? new Uri($"https://{ResultHost}") : throw Problem.NotFound("host of this provider");
    }

    // No way up, no second reading of an encoded one, nothing that servers disagree on.
    private static bool IsPlain(PathString path) =>
        !path.Value!.Split('/').Skip(1).Any(part => part is "." or "..") && !path.Value.Contains('\\') && !path.Value.Contains("//", StringComparison.Ordinal)
        && !path.Value.Contains('%') && !path.Value.Any(char.IsControl);

    private static bool StartsWith(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || prefix[^1] == '/' || path[prefix.Length] == '/');

    private static (string? Token, int? Seconds) LeaseOf(string header)
    {
        if (header.Length == 0)
            return (null, null);
        var parts = header.Split(';', StringSplitOptions.TrimEntries);
        if (parts[0] != "new")
            return (header, null);
        if (parts.Length == 1)
            return (null, DefaultLeaseSeconds);
        return parts[1].StartsWith("ttl=", StringComparison.Ordinal) && int.TryParse(parts[1][4..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= LongestLeaseSeconds
            ? (null, seconds)
            : throw Problem.Invalid(LeaseHeader, $"'new', 'new; ttl=<1 to {LongestLeaseSeconds} seconds>', or a lease as it was given.");
    }

    private static Replay ReplayOf(string header) => header switch
    {
        "" or "safe" => Replay.Safe,
        "always" => Replay.Always,
        "never" => Replay.Never,
        _ => throw Problem.Invalid(ReplayHeader, "One of never, safe, always."),
    };

    private static double? Number(HttpContext http, string header, double largest)
    {
        if (http.Request.Headers[header].ToString() is not { Length: > 0 } text)
            return null;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= largest
            ? number
            : throw Problem.Invalid(header, $"A number from 0 to {largest.ToString(CultureInfo.InvariantCulture)}.");
    }
}
