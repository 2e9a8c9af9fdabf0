using Son1kVers3.Stealth.Dialects;
using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Tests.Dialects;

[Trait("Category", "Unit")]
public sealed class DialectTests
{
    [Theory]
    [InlineData("elevenlabs", 200, "", null)]
    [InlineData("elevenlabs", 401, """{"detail":{"status":"invalid_api_key","message":"Invalid API key"}}""", "unauthorized")]
    [InlineData("elevenlabs", 401, """{"detail":{"status":"quota_exceeded","message":"…"}}""", "quota-exhausted")]
    [InlineData("elevenlabs", 429, """{"detail":{"status":"too_many_concurrent_requests","message":"…"}}""", "concurrency-limited")]
    [InlineData("elevenlabs", 429, """{"detail":{"status":"system_busy","message":"…"}}""", "transient")]
    [InlineData("elevenlabs", 429, "", "rate-limited")]
    [InlineData("elevenlabs", 422, """{"detail":[{"loc":["body","prompt"],"msg":"too long","type":"value_error"}]}""", "invalid-request")]
    [InlineData("elevenlabs", 400, """{"detail":{"status":"max_character_limit_exceeded"}}""", "invalid-request")]
    [InlineData("elevenlabs", 400, """{"detail":{"status":"bad_prompt"}}""", "content-rejected")]
    [InlineData("elevenlabs", 500, "oops", "transient")]
    [InlineData("stability", 200, """{"audio":"…"}""", null)]
    [InlineData("stability", 202, """{"id":"ab"}""", null)]
    [InlineData("stability", 403, """{"id":"x","name":"content_moderation","errors":["flagged"]}""", "content-rejected")]
    [InlineData("stability", 401, """{"id":"x","name":"unauthorized","errors":["missing"]}""", "unauthorized")]
    [InlineData("stability", 402, """{"id":"x","name":"payment_required","errors":[]}""", "quota-exhausted")]
    [InlineData("stability", 422, """{"id":"x","name":"rejected","errors":["…"]}""", "invalid-request")]
    [InlineData("stability", 429, """{"id":"x","name":"rate_limit_exceeded","errors":["150 requests in 10 seconds"]}""", "rate-limited")]
    [InlineData("replicate", 201, """{"id":"p","status":"starting"}""", null)]
    [InlineData("replicate", 401, """{"detail":"Unauthenticated"}""", "unauthorized")]
    [InlineData("replicate", 402, """{"detail":"Insufficient credit"}""", "quota-exhausted")]
    [InlineData("replicate", 429, """{"detail":"Request was throttled. Your rate limit resets in ~30s."}""", "rate-limited")]
    [InlineData("replicate", 503, "", "transient")]
    [InlineData("fal", 200, """{"request_id":"r","status":"IN_QUEUE"}""", null)]
    [InlineData("fal", 403, """{"detail":"User is locked. Reason: Exhausted balance. Top up your balance."}""", "quota-exhausted")]
    [InlineData("fal", 401, """{"detail":"Invalid API key"}""", "unauthorized")]
    [InlineData("fal", 422, """{"detail":[{"loc":["body"],"msg":"…","type":"content_policy_violation"}]}""", "content-rejected")]
    [InlineData("fal", 422, """{"detail":[{"loc":["body","prompt"],"msg":"field required","type":"value_error.missing"}]}""", "invalid-request")]
    [InlineData("fal", 504, "", "transient")]
    [InlineData("minimax", 200, """{"data":{"audio":"00","status":2},"base_resp":{"status_code":0,"status_msg":"success"}}""", null)]
    [InlineData("minimax", 200, """{"base_resp":{"status_code":1000,"status_msg":"unknown"}}""", "transient")]
    [InlineData("minimax", 200, """{"base_resp":{"status_code":1002,"status_msg":"rate limit"}}""", "rate-limited")]
    [InlineData("minimax", 200, """{"base_resp":{"status_code":1039,"status_msg":"token limit"}}""", "rate-limited")]
    [InlineData("minimax", 200, """{"base_resp":{"status_code":1041,"status_msg":"conn limit"}}""", "concurrency-limited")]
    [InlineData("minimax", 200, """{"base_resp":{"status_code":1004,"status_msg":"auth"}}""", "unauthorized")]
    [InlineData("minimax", 200, """{"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}""", "quota-exhausted")]
    [InlineData("minimax", 200, """{"base_resp":{"status_code":1026,"status_msg":"sensitive"}}""", "content-rejected")]
    [InlineData("minimax", 200, """{"base_resp":{"status_code":2013,"status_msg":"invalid params"}}""", "invalid-request")]
    [InlineData("minimax", 502, "<html>", "transient")]
    [InlineData("ace-step", 200, """{"data":{"task_id":"t"},"code":200,"error":null}""", null)]
    [InlineData("ace-step", 200, """{"data":null,"code":429,"error":"queue is full"}""", "concurrency-limited")]
    [InlineData("ace-step", 200, """{"data":null,"code":500,"error":"CUDA out of memory"}""", "transient")]
    [InlineData("ace-step", 200, """{"data":null,"code":401,"error":"bad key"}""", "unauthorized")]
    [InlineData("ace-step", 200, """{"data":null,"code":400,"error":"bad request"}""", "invalid-request")]
    [InlineData("ace-step", 200, """{"data":null,"code":200,"error":"worker died"}""", "transient")]
    public void Classify_ReadsEachProvidersDialect(string provider, int status, string body, string? expected) =>
        Assert.Equal(expected, DialectCatalog.Find(provider)!.Classify(Answer(status, body))?.Name());

    [Theory]
    [InlineData("Retry-After: 30", "", 30.0)]
    [InlineData("Retry-After: 2.5", "", 2.5)]
    [InlineData("Retry-After: 1500ms", "", 1.5)]
    [InlineData("Retry-After: Thu, 26 Nov 2026 12:01:00 GMT", "", 60.0)]
    [InlineData("Retry-After: Thu, 26 Nov 2026 11:00:00 GMT", "", 0.0)]
    [InlineData("retry-after-ms: 250", "", 0.25)]
    [InlineData("", """{"retry_after":12}""", 12.0)]
    [InlineData("", """{"error":{"retryAfterMs":700}}""", 0.7)]
    [InlineData("", """{"retry_after":"3"}""", 3.0)]
    [InlineData("", """{"detail":"Request was throttled. Your rate limit resets in ~30s."}""", 30.0)]
    [InlineData("", "Rate limit reached, please try again in 1.5 minutes.", 90.0)]
    [InlineData("Retry-After: 7", """{"retry_after":12}""", 7.0)]
    [InlineData("", "Just too many.", null)]
    [InlineData("Retry-After: soon", "", null)]
    [InlineData("Retry-After: 99999999999999999999", "", 31622400.0)]
    public void RetryAfter_IsReadInEachForm(string header, string body, double? seconds) =>
        Assert.Equal(seconds, RetryAfter.Read(Answer(429, body, header), Now) is { } at ? (at - Now).TotalSeconds : null);

    [Theory]
    [InlineData("x-ratelimit-remaining: 3|x-ratelimit-reset: 20", 3, 20)]
    [InlineData("x-ratelimit-remaining: 0|x-ratelimit-reset: 1795694430", 0, 30)]
    [InlineData("ratelimit-remaining: 0|ratelimit-reset: 1795694430000", 0, 30)]
    [InlineData("x-ratelimit-remaining-requests: 5|x-ratelimit-reset-requests: 6m0s", 5, 360)]
    [InlineData("x-ratelimit-remaining: 5", null, null)]
    [InlineData("x-ratelimit-remaining: 5|x-ratelimit-reset: whenever", null, null)]
    public void RateLimitWindow_IsTheProvidersOwnCount(string headers, int? remaining, int? seconds)
    {
        var window = RateLimitWindow.Read(Answer(200, "", headers.Split('|')), Now);

        Assert.Equal(remaining, window is null ? null : (int)window.Remaining);
        Assert.Equal(seconds, window is null ? null : (int)(window.ResetAt - Now).TotalSeconds);
    }

    private static DateTimeOffset Now { get; } = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static ProviderAnswer Answer(int status, string body, params string[] headers)
    {
        var known = headers.Where(h => h.Length > 0).Select(h => h.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
        return new ProviderAnswer(status, name => known.GetValueOrDefault(name), body.Length == 0 ? null : body);
    }
}
