using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Son1kVers3.Stealth.Dialects;

/// <summary>When a provider says to come back, in whichever form it says so.</summary>
/// <remarks>
/// In order: <c>retry-after-ms</c>; <c>Retry-After</c> as seconds (also with a fraction), as an HTTP date, or with a unit (<c>1500ms</c>);
/// a member of the body (<c>retry_after</c>, <c>retryAfterMs</c>, …) at its root or one level below; a sentence of the body
/// ("resets in ~30s", "try again in 1.5 minutes").
/// </remarks>
internal static partial class RetryAfter
{
    private static readonly string[] MillisecondHeaders = ["retry-after-ms", "x-retry-after-ms"];
    private static readonly string[] MillisecondMembers = ["retry_after_ms", "retryAfterMs", "retry_after_millis"];
    private static readonly string[] SecondMembers = ["retry_after", "retryAfter", "retry_after_seconds", "retryAfterSeconds"];

    /// <summary>The instant, or null when nothing was said.</summary>
    public static DateTimeOffset? Read(ProviderAnswer answer, DateTimeOffset now) => FromHeaders(answer, now) ?? FromBody(answer, now);

    private static DateTimeOffset? FromHeaders(ProviderAnswer answer, DateTimeOffset now)
    {
        foreach (var name in MillisecondHeaders)
        {
            if (Number(answer.Header(name)) is { } milliseconds)
                return After(now, milliseconds / 1000);
        }

        if (answer.Header("Retry-After") is not { } value)
            return null;
        if (Number(value) is { } seconds)
            return After(now, seconds);
        if (DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var date))
            return date > now ? date : now;
        return Durations.Parse(value) is { } time ? After(now, time.TotalSeconds) : null;
    }

    private static DateTimeOffset? FromBody(ProviderAnswer answer, DateTimeOffset now)
    {
        if (answer.Json is { ValueKind: JsonValueKind.Object } root)
        {
            if (FromMembers(root) is { } seconds)
                return After(now, seconds);
            foreach (var member in root.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.Object))
            {
                if (FromMembers(member.Value) is { } inner)
                    return After(now, inner);
            }
        }

        return answer.Text is { } text && Sentence().Match(text) is { Success: true } match && Durations.Parse(match.Groups["time"].Value) is { } time
            ? After(now, time.TotalSeconds)
            : null;
    }

    private static double? FromMembers(JsonElement json)
    {
        foreach (var name in MillisecondMembers)
        {
            if (json.TryGetProperty(name, out var value) && Number(value) is { } milliseconds)
                return milliseconds / 1000;
        }

        foreach (var name in SecondMembers)
        {
            if (json.TryGetProperty(name, out var value) && Number(value) is { } seconds)
                return seconds;
        }

        return null;
    }

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => Number(value.GetString()),
        _ => null,
    };

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    // Nobody means more than a year; larger numbers would not fit the calendar.
    private static DateTimeOffset After(DateTimeOffset now, double seconds) => now.AddSeconds(Math.Min(seconds, TimeSpan.SecondsPerDay * 366d));

    [GeneratedRegex(@"(?:resets?|retry|try\s+again|wait|available)\s+(?:in|after|for)\s+~?\s*(?<time>\d+(?:\.\d+)?\s*(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Sentence();
}

/// <summary>Durations as providers write them: <c>20ms</c>, <c>1.5 minutes</c>, <c>6m0s</c>.</summary>
internal static partial class Durations
{
    public static TimeSpan? Parse(string text)
    {
        var matches = Part().Matches(text);
        if (matches.Count == 0)
            return null;
        var total = 0d;
        foreach (Match match in matches)
        {
            var number = double.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture);
            total += Math.Min(number, 1e9) * match.Groups["unit"].Value.ToLowerInvariant() switch
            {
                "ms" or "millisecond" or "milliseconds" => 0.001,
                "h" or "hour" or "hours" => 3600,
                "m" or "min" or "mins" or "minute" or "minutes" => 60,
                _ => 1,
            };
        }

        return TimeSpan.FromSeconds(Math.Min(total, TimeSpan.SecondsPerDay * 366d));
    }

    [GeneratedRegex(@"(?<n>\d+(?:\.\d+)?)\s*(?<unit>ms|milliseconds?|s|secs?|seconds?|mins?|minutes?|m|hours?|h)(?![a-z])", RegexOptions.IgnoreCase)]
    private static partial Regex Part();
}
