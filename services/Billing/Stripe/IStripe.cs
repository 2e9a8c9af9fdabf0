using System.Text.Json;

namespace Son1kVers3.Billing.Stripe;

/// <summary>The one way to Stripe: a method, a path, a form, and JSON back.</summary>
public interface IStripe
{
    /// <summary>Sends a call, retrying what Stripe's own client retries, always under the same key.</summary>
    /// <param name="method">GET, POST or DELETE.</param>
    /// <param name="path">From <c>/v1</c> on.</param>
    /// <param name="form">Body of a POST, query of the others.</param>
    /// <param name="idempotencyKey">Required for a POST; from <see cref="StripeCalls"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the call may have had its effect.</param>
    /// <exception cref="StripeRefusal">Stripe answered with an error.</exception>
    /// <exception cref="StripeUnreachable">No answer came: the effect is unknown.</exception>
    Task<JsonElement> SendAsync(HttpMethod method, string path, StripeForm form, string? idempotencyKey, CancellationToken cancellationToken);
}

/// <summary>Stripe said no.</summary>
public sealed class StripeRefusal(int status, string? code, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>For programs, for example <c>resource_missing</c>.</summary>
    public string? Code { get; } = code;

    /// <summary>A fault on Stripe's side: the same call may work later, under a new key.</summary>
    public bool IsFault => Status is 429 or >= 500;

    /// <summary>Reads Stripe's error body.</summary>
    public static StripeRefusal From(int status, string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error", out var error))
                return new StripeRefusal(status, error.Text("code"), error.Text("message") ?? $"Stripe answered {status}.");
        }
        catch (JsonException)
        {
            return new StripeRefusal(status, null, $"Stripe answered {status} without a reason.");
        }

        return new StripeRefusal(status, null, $"Stripe answered {status}.");
    }
}

/// <summary>Stripe did not answer.</summary>
public sealed class StripeUnreachable(string message, Exception inner) : Exception(message, inner);
