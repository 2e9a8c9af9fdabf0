using System.Globalization;
using System.Text.RegularExpressions;

namespace Son1kVers3.AppHost.Lifetime;

/// <summary>Says what failed, with its last lines.</summary>
internal sealed partial class FailureReport(ResourceLoggerService logs, Terminal terminal)
{
    private const int Lines = 8;

    /// <summary>Whose lines are shown that often has been read.</summary>
    private const int Shown = 3;

    /// <summary>A process has ended by itself.</summary>
    /// <param name="id">The process.</param>
    /// <param name="snapshot">How it ended.</param>
    /// <param name="failures">How often in a row.</param>
    /// <param name="again">When it is started again.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task SayAsync(string id, CustomResourceSnapshot snapshot, int failures, TimeSpan again, CancellationToken cancellationToken)
    {
        var how = snapshot.IsIn(KnownResourceStates.FailedToStart) ? "can't be started" : snapshot.ExitCode is > 0 and var code ? $"ended with code {code}" : "ended";
        var loop = failures > 1 ? $", {failures} times in a row" : string.Empty;
        string[] last = failures > Shown ? [] : [.. (await ReadLastLinesAsync(id, snapshot.StartTimeStamp, cancellationToken)).Select(line => $"      | {line}")];
        terminal.Say([$"  ! {id} {how}{loop}; started again in {again.TotalSeconds:0.#} s{(last.Length > 0 ? ". Its last lines:" : string.Empty)}", .. last]);
    }

    // A line is "2026-11-26T04:44:57.3800000Z oh no". Those of output and error come apart, and before and between them those of earlier starts and of Aspire.
    private async Task<IEnumerable<string>> ReadLastLinesAsync(string id, DateTime? started, CancellationToken cancellationToken)
    {
        var lines = new List<(DateTime At, string Text)>();
        await foreach (var batch in logs.GetAllAsync(id).WithCancellation(cancellationToken))
        {
            foreach (var parts in batch.Select(line => line.Content.Split(' ', 2)))
            {
                if (parts.Length == 2
                    && DateTime.TryParse(parts[0], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var at)
                    && !(at < started)
                    && !parts[1].StartsWith("[sys]", StringComparison.Ordinal))
                {
                    lines.Add((at, Colour().Replace(parts[1], string.Empty)));
                }
            }
        }

        return lines.OrderBy(line => line.At).Select(line => line.Text).TakeLast(Lines);
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colour();
}
