using System.Diagnostics;

namespace Son1kVers3.Studio.Encoding;

/// <summary>Runs ffmpeg as a child: no shell, nothing from its standard input but what we send, killed when cancelled or late.</summary>
internal sealed class Ffmpeg(string program)
{
    private const int ErrorBytes = 64 * 1024;

    /// <summary>Arguments before every input from outside: only local files and pipes, however a playlist or container inside it may ask.</summary>
    public static readonly IReadOnlyList<string> SafeInput = ["-protocol_whitelist", "file,pipe"];

    /// <summary>Runs to the end.</summary>
    /// <param name="input">Writes what ffmpeg reads from <c>pipe:0</c>.</param>
    /// <param name="output">Reads what ffmpeg writes to <c>pipe:1</c>; may stop early, ffmpeg is then ended.</param>
    /// <returns>What ffmpeg said.</returns>
    /// <exception cref="FfmpegException">It ended with an error.</exception>
    /// <exception cref="TimeoutException">It took longer than <paramref name="timeout"/>.</exception>
    public async Task<string> RunAsync(
        IEnumerable<string> arguments,
        TimeSpan timeout,
        CancellationToken ct,
        Func<Stream, CancellationToken, Task>? input = null,
        Func<Stream, CancellationToken, Task>? output = null)
    {
        ct.ThrowIfCancellationRequested();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(timeout);
        using var process = Start(arguments, input is not null);
        try
        {
            var messages = ReadMessagesAsync(process.StandardError.BaseStream, deadline.Token);
            var send = input is null ? Task.CompletedTask : SendAsync(process, input, deadline.Token);
            await (output ?? DrainAsync)(process.StandardOutput.BaseStream, deadline.Token);
            // A reader that has enough closes the pipe; ffmpeg would otherwise wait for it for ever.
            process.StandardOutput.Close();
            await send;
            await process.WaitForExitAsync(deadline.Token);
            var text = await messages;
            return process.ExitCode == 0 ? text : throw new FfmpegException(process.ExitCode, text);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"ffmpeg was stopped after {timeout.TotalSeconds:0} s.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static async Task DrainAsync(Stream stream, CancellationToken ct) => await stream.CopyToAsync(Stream.Null, ct);

    private static async Task SendAsync(Process process, Func<Stream, CancellationToken, Task> input, CancellationToken ct)
    {
        try
        {
            await input(process.StandardInput.BaseStream, ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // ffmpeg ended before it read everything; its exit code says whether that was an error.
            await process.WaitForExitAsync(ct);
        }
    }

    private static async Task<string> ReadMessagesAsync(Stream stream, CancellationToken ct)
    {
        var kept = new MemoryStream();
        var buffer = new byte[4096];
        int count;
        while ((count = await stream.ReadAsync(buffer, ct)) > 0)
        {
            // The end matters (measures, the error), so the oldest goes first.
            if (kept.Length + count > ErrorBytes)
            {
                var tail = kept.ToArray()[^(ErrorBytes / 2)..];
                kept.SetLength(0);
                kept.Write(tail);
            }

            kept.Write(buffer, 0, count);
        }

        return System.Text.Encoding.UTF8.GetString(kept.ToArray());
    }

    private Process Start(IEnumerable<string> arguments, bool input)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])["-hide_banner", "-nostdin", "-nostats", "-y", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start.");
        if (!input)
        {
            process.StandardInput.Close();
        }

        return process;
    }
}

/// <summary>ffmpeg ended with an error.</summary>
public sealed class FfmpegException(int exitCode, string messages) : Exception($"ffmpeg ended with {exitCode}: {messages[Math.Max(0, messages.Length - 500)..].Trim()}")
{
    public int ExitCode { get; } = exitCode;
}
