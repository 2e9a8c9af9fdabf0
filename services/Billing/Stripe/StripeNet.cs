using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Son1kVers3.Billing.Stripe;

/// <summary>Stripe through Stripe.net, which retries, signs and versions by itself.</summary>
internal sealed class StripeNet(HttpClient http, IOptions<StripeOptions> options) : IStripe
{
    private const int Retries = 3;

    private readonly global::Stripe.StripeClient _client = new(new global::Stripe.StripeClientOptions
    {
        ApiKey = options.Value.SecretKey ?? "none",
        ApiBase = options.Value.ApiBase,
        HttpClient = new global::Stripe.SystemNetHttpClient(http, maxNetworkRetries: Retries, enableTelemetry: false),
    });

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, StripeForm form, string? idempotencyKey, CancellationToken cancellationToken)
    {
        if (method == HttpMethod.Post && string.IsNullOrEmpty(idempotencyKey))
            throw new ArgumentException("A POST to Stripe needs a key that survives this process.", nameof(idempotencyKey));
        var isPost = method == HttpMethod.Post;
        var query = !isPost && form.Count > 0 ? $"?{form.Encode()}" : "";
        try
        {
            var response = await _client.RawRequestAsync(
                method,
                path + query,
                isPost ? form.Encode() : null,
                new global::Stripe.RawRequestOptions { IdempotencyKey = idempotencyKey },
                cancellationToken);
            using var json = JsonDocument.Parse(response.Content);
            return json.RootElement.Clone();
        }
        catch (global::Stripe.StripeException e) when (e.HttpStatusCode != default(HttpStatusCode))
        {
            throw new StripeRefusal((int)e.HttpStatusCode, e.StripeError?.Code, e.StripeError?.Message ?? e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new StripeUnreachable($"Stripe did not answer {method} {path}: {e.Message}", e);
        }
    }
}
