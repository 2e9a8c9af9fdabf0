using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Stripe.Sandbox.Http;

/// <summary>The secret key, as bearer token or as user name of basic authentication.</summary>
internal static class Authorization
{
    /// <exception cref="StripeException">401 without the right key.</exception>
    public static void Check(HttpRequest request, SandboxOptions options)
    {
        var header = request.Headers.Authorization.ToString();
        var key = header switch
        {
            _ when header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) => header["Bearer ".Length..].Trim(),
            _ when header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) => UserName(header["Basic ".Length..].Trim()),
            _ => "",
        };
        if (key.Length == 0)
        {
            throw new StripeException(
                401,
                "invalid_request_error",
                "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
        }

        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(options.SecretKey)))
        {
            var shown = key.Length > 12 ? $"{key[..8]}{new string('*', 8)}{key[^4..]}" : new string('*', key.Length);
            throw new StripeException(401, "invalid_request_error", $"Invalid API Key provided: {shown}");
        }
    }

    private static string UserName(string basic)
    {
        var buffer = new byte[basic.Length];
        return Convert.TryFromBase64String(basic, buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length).Split(':')[0] : "";
    }
}
