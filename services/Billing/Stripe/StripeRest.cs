using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Son1kVers3.Billing.Stripe;

/// <summary>Stripe over HttpClient, with the retry rules of Stripe's own client.</summary>
/// <remarks>
/// Retried are broken connections and timeouts, what <c>Stripe-Should-Retry</c> says, 409 and 5xx: at most three times, after 0.5 s doubled up to 5 s with 75–100 % jitter.
/// Source: <c>SystemNetHttpClient</c> of stripe-dotnet 52.
/// </remarks>
internal sealed class StripeRest(HttpClient http, IOptions<StripeOptions> options, TimeProvider clock) : IStripe
{
    private const int Retries = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(30);

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, StripeForm form, string? idempotencyKey, CancellationToken cancellationToken)
    {
        if (method == HttpMethod.Post && string.IsNullOrEmpty(idempotencyKey))
            throw new ArgumentException("A POST to Stripe needs a key that survives this process.", nameof(idempotencyKey));
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                timeout.CancelAfter(AttemptTimeout);
                using var request = Request(method, path, form, idempotencyKey);
                using var response = await http.SendAsync(request, timeout.Token);
                var body = await response.Content.ReadAsStringAsync(timeout.Token);
                if (response.IsSuccessStatusCode)
                    return Parse(body);
                if (attempt == Retries || !ShouldRetry(response))
                    throw StripeRefusal.From((int)response.StatusCode, body);
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                if (attempt == Retries)
                    throw new StripeUnreachable($"Stripe did not answer {method} {path}: {e.Message}", e);
            }

            await Task.Delay(Pause(attempt), clock, cancellationToken);
        }
    }

    /// <summary>The pause before the next attempt, counted from 0.</summary>
    internal static TimeSpan Pause(int attempt)
    {
        var full = TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << attempt, LongestPause.Ticks));
        var jittered = full * ((300 + RandomNumberGenerator.GetInt32(101)) / 400.0);
        return jittered < FirstPause ? FirstPause : jittered;
    }

    /// <summary>Stripe's header wins; else conflicts with a running call and faults are worth another try.</summary>
    internal static bool ShouldRetry(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("Stripe-Should-Retry", out var values))
        {
            switch (values.First())
            {
                case "true":
                    return true;
                case "false":
                    return false;
            }
        }

        return (int)response.StatusCode is 409 or >= 500;
    }

    private static JsonElement Parse(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.Clone();
    }

    private HttpRequestMessage Request(HttpMethod method, string path, StripeForm form, string? idempotencyKey)
    {
        var query = method != HttpMethod.Post && form.Count > 0 ? $"?{form.Encode()}" : "";
        var request = new HttpRequestMessage(method, new Uri(new Uri(options.Value.ApiBase), path + query));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Value.SecretKey);
        request.Headers.Add("Stripe-Version", StripeOptions.ApiVersion);
        request.Headers.UserAgent.ParseAdd("Son1kVers3");
        if (method == HttpMethod.Post)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
            request.Content = new StringContent(form.Encode(), Encoding.UTF8, "application/x-www-form-urlencoded");
        }

        return request;
    }
}
