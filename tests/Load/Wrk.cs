using System.Globalization;
using System.Text.RegularExpressions;

namespace Son1kVers3.Load;

/// <summary>Debian's <c>wrk</c>: as many requests as an address answers, over 32 connections.</summary>
internal static partial class Wrk
{
    /// <exception cref="InvalidOperationException">Not every answer was a success.</exception>
    public static async Task<double> RequestsPerSecondAsync(string url, int seconds, params string[] headers)
    {
        var output = await Children.OutputAsync("wrk", ["-t1", "-c32", $"-d{seconds}s", .. headers.SelectMany(header => new[] { "-H", header }), url]);
        if (output.Contains("Non-2xx", StringComparison.Ordinal))
            throw new InvalidOperationException(output);
        return double.Parse(Speed().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Speed();
}
