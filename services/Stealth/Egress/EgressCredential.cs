using System.Security.Cryptography;
using System.Text;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Stealth.Egress;

/// <summary>What services of ours show to be let through: <c>Egress:Credential</c>, in the header <c>X-Service-Credential</c>.</summary>
internal sealed class EgressCredential(IConfiguration configuration) : IEndpointFilter
{
    private const string Header = ServiceCredential.Header;
    private readonly byte[] _expected = SHA256.HashData(Encoding.UTF8.GetBytes(configuration["Egress:Credential"] is { Length: > 0 } credential
        ? credential
        : throw new InvalidOperationException("Egress:Credential must be set: only services that know it may send requests through this one.")));

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // Hashes have one length: the comparison tells nothing of where the two differ, nor how long the right one is.
        var shown = SHA256.HashData(Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers[Header].ToString()));
        return CryptographicOperations.FixedTimeEquals(shown, _expected)
            ? next(context)
            : throw Problem.Of(401, "service-credential", $"Only services of the platform may call this, with {Header}.");
    }
}
