using Son1kVers3.Studio.Rendering;

namespace Son1kVers3.Studio.Encoding;

/// <summary>Runs ffmpeg: nothing from its standard input but what we send, no protocols but files and pipes.</summary>
internal sealed class Ffmpeg(string program)
{
    /// <summary>Arguments before every input: only local files and pipes, however a playlist or container inside it may ask.</summary>
    public static readonly IReadOnlyList<string> SafeInput = ["-protocol_whitelist", "file,pipe"];

    private static readonly string[] Always = ["-hide_banner", "-nostdin", "-nostats", "-y"];

    /// <summary>Runs to the end; see <see cref="ChildProcess.RunAsync"/>.</summary>
    /// <returns>What ffmpeg said.</returns>
    public Task<string> RunAsync(
        IEnumerable<string> arguments,
        TimeSpan timeout,
        CancellationToken ct,
        Func<Stream, CancellationToken, Task>? input = null,
        Func<Stream, CancellationToken, Task>? output = null) => ChildProcess.RunAsync(program, [.. Always, .. arguments], timeout, input, output, ct);
}
