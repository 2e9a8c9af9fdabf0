using System.Globalization;

namespace Son1kVers3.Studio.Programs;

/// <summary>Runs ffmpeg: nothing from its standard input but what we send, no protocols but files and pipes.</summary>
internal sealed class Ffmpeg(string program)
{
    /// <summary>Arguments before every input: only local files and pipes, however a playlist or container inside it may ask.</summary>
    public static readonly IReadOnlyList<string> SafeInput = ["-protocol_whitelist", "file,pipe"];

    /// <summary>Arguments that make ffmpeg tell on standard output how far it is, four times a second; read it with <see cref="Follow"/>.</summary>
    public static readonly IReadOnlyList<string> TellProgress = ["-progress", "pipe:1", "-stats_period", "0.25"];

    private const string OutTime = "out_time_us=";
    private static readonly string[] Always = ["-hide_banner", "-nostdin", "-nostats", "-y"];

    /// <summary>Runs to the end; see <see cref="ChildProcess.RunAsync"/>.</summary>
    /// <returns>What ffmpeg said.</returns>
    public Task<string> RunAsync(
        IEnumerable<string> arguments,
        TimeSpan timeout,
        CancellationToken ct,
        Func<Stream, CancellationToken, Task>? input = null,
        Func<Stream, CancellationToken, Task>? output = null) => ChildProcess.RunAsync(program, [.. Always, .. arguments], timeout, input, output, ct);

    /// <summary>Reads what <see cref="TellProgress"/> brings and passes on how much of the output is written, by the output's own time.</summary>
    public static Func<Stream, CancellationToken, Task> Follow(Action<TimeSpan> written) => async (output, ct) =>
    {
        using var lines = new StreamReader(output, leaveOpen: true);
        while (await lines.ReadLineAsync(ct) is { } line)
        {
            // Before the first frame it is "N/A", or negative.
            if (line.StartsWith(OutTime, StringComparison.Ordinal) && long.TryParse(line[OutTime.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds))
            {
                written(TimeSpan.FromMicroseconds(microseconds));
            }
        }
    };
}
