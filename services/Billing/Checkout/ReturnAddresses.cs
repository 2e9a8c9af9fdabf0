using Microsoft.Extensions.Options;
using Son1kVers3.Billing.Payments;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Billing.Checkout;

/// <summary>Where Stripe's pages may send the browser: to our own origins and nowhere else, or our name would lend itself to
/// phishing.</summary>
internal sealed class ReturnAddresses(IOptions<StripeOptions> options, IConfiguration configuration)
{
    private const int Longest = 2000;

    /// <summary>By default this machine's gateway.</summary>
    public IReadOnlyList<string> Allowed => options.Value.AllowedReturns is { Length: > 0 } configured
        ? configured
        : [$"http://localhost:{GatewayPort}", $"http://127.0.0.1:{GatewayPort}"];

    private string GatewayPort => configuration["GATEWAY_PORT"] ?? "8080";

    /// <summary>Null when the address is allowed, else what is wrong with it.</summary>
    public string? Refuse(string? address)
    {
        if (string.IsNullOrWhiteSpace(address) || address.Length > Longest || !Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return "An absolute URL.";
        // Compared as parsed: 'http://localhost:8080@elsewhere' begins right and leads elsewhere.
        var origin = uri.GetLeftPart(UriPartial.Authority);
        return uri.UserInfo.Length == 0 && Allowed.Contains(origin.TrimEnd('/'), StringComparer.OrdinalIgnoreCase)
            ? null
            : $"Only these origins are allowed: {string.Join(", ", Allowed)}.";
    }

    /// <summary>Throws a 400 with every address that is not allowed.</summary>
    public void Check(params ReadOnlySpan<(string Field, string? Address)> addresses)
    {
        var errors = new Dictionary<string, string[]>();
        foreach (var (field, address) in addresses)
        {
            if (Refuse(address) is { } reason)
                errors[field] = [reason];
        }

        if (errors.Count > 0)
            throw Problem.Invalid(errors);
    }
}
