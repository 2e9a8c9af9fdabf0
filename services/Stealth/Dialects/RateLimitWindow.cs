using System.Globalization;

namespace Son1kVers3.Stealth.Dialects;

/// <summary>The provider's own count, from its rate limit headers: what is left, and when the window starts anew.</summary>
internal sealed record RateLimitWindow(long Remaining, DateTimeOffset ResetAt)
{
    private static readonly string[] Prefixes = ["x-ratelimit-", "ratelimit-", "x-rate-limit-"];
    private static readonly string[] Suffixes = ["", "-requests"];

    // Reset as a number is seconds from now below this, and a Unix time above it (in milliseconds when it is too large for seconds).
    private const double LongestDelta = 1e8;
    private const double LargestUnixSeconds = 1e11;

    /// <summary>Null when the provider does not tell both.</summary>
    public static RateLimitWindow? Read(ProviderAnswer answer, DateTimeOffset now)
    {
        foreach (var prefix in Prefixes)
        {
            foreach (var suffix in Suffixes)
            {
                if (long.TryParse(answer.Header($"{prefix}remaining{suffix}"), CultureInfo.InvariantCulture, out var remaining)
                    && answer.Header($"{prefix}reset{suffix}") is { } reset && ResetOf(reset, now) is { } at && at > now)
                    return new RateLimitWindow(Math.Max(0, remaining), at);
            }
        }

        return null;
    }

    private static DateTimeOffset? ResetOf(string text, DateTimeOffset now)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return number switch
            {
                < LongestDelta => now.AddSeconds(number),
                < LargestUnixSeconds => DateTimeOffset.FromUnixTimeMilliseconds((long)(number * 1000)),
                < LargestUnixSeconds * 1000 => DateTimeOffset.FromUnixTimeMilliseconds((long)number),
                _ => null,
            };
        }

        if (Durations.Parse(text) is { } time && char.IsAsciiDigit(text[0]) && !text.Contains(':'))
            return now + time;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
    }
}
