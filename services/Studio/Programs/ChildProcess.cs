using System.Diagnostics;

namespace Son1kVers3.Studio.Programs;

/// <summary>Runs a program as a child: no shell, killed with its own children when cancelled or late.</summary>
internal static class ChildProcess
{
    private const int KeptMessageBytes = 64 * 1024;

    /// <summary>Runs to the end.</summary>
    /// <param name="input">Writes what the child reads from its standard input; without it, that is empty.</param>
    /// <param name="output">Reads the child's standard output; may stop early, the child is then ended by a closed pipe.</param>
    /// <returns>What the child said on standard error: its last 32–64 KB.</returns>
    /// <exception cref="ToolException">It ended with an error.</exception>
    /// <exception cref="TimeoutException">It took longer than <paramref name="timeout"/>.</exception>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        TimeSpan timeout,
        Func<Stream, CancellationToken, Task>? input,
        Func<Stream, CancellationToken, Task>? output,
        CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(timeout);
        using var process = Start(program, arguments, input is not null);
        try
        {
            var messages = ReadMessagesAsync(process.StandardError.BaseStream, deadline.Token);
            var send = input is null ? Task.CompletedTask : SendAsync(process, input, deadline.Token);
            await (output ?? DrainAsync)(process.StandardOutput.BaseStream, deadline.Token);
            // A reader that has enough closes the pipe; the child would otherwise wait for it for ever.
            process.StandardOutput.Close();
            await send;
            await process.WaitForExitAsync(deadline.Token);
            var text = await messages;
            return process.ExitCode == 0 ? text : throw new ToolException(Path.GetFileName(program), process.ExitCode, text);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"{Path.GetFileName(program)} was stopped after {timeout.TotalSeconds:0} s.");
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
            // The child ended before it read everything; its exit code says whether that was an error.
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
            if (kept.Length + count > KeptMessageBytes)
            {
                var tail = kept.ToArray()[^(KeptMessageBytes / 2)..];
                kept.SetLength(0);
                kept.Write(tail);
            }

            kept.Write(buffer, 0, count);
        }

        return System.Text.Encoding.UTF8.GetString(kept.ToArray());
    }

    private static Process Start(string program, IEnumerable<string> arguments, bool input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        if (!input)
        {
            process.StandardInput.Close();
        }

        return process;
    }
}

/// <summary>A program that the studio works with ended with an error.</summary>
public sealed class ToolException(string tool, int exitCode, string messages)
    : Exception($"{tool} ended with {exitCode}: {messages[Math.Max(0, messages.Length - 500)..].Trim()}")
{
    public string Tool { get; } = tool;

    public int ExitCode { get; } = exitCode;
}
