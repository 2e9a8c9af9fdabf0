using CliWrap;

namespace Son1kVers3.Studio.Programs;

/// <summary>Runs other programs as what they are: things that may crash, hang, or be attacked through what they read.</summary>
/// <remarks>
/// CliWrap starts, feeds, reads and kills (the whole tree); <see cref="Confinement"/> puts the limits around the program, which it can't
/// leave.
/// </remarks>
internal static class ProgramRunner
{
    private const int FirstSignal = 128;
    private const int CpuTimeSignal = FirstSignal + 24;
    private const int KillSignal = FirstSignal + 9;

    /// <summary>Runs to the end.</summary>
    /// <returns>What the program said on standard error: its last 32–64 KB.</returns>
    /// <exception cref="ToolException">It failed, crashed or was stopped at a limit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: nothing of it runs any more.</exception>
    public static async Task<string> RunAsync(ProgramCall call, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(call.Limits.Time);
        using var confined = Confinement.Current.Around(call);
        var messages = new MessageTail();
        var name = Path.GetFileName(call.Program);
        var command = Cli.Wrap(confined.Program)
            .WithArguments(confined.Arguments)
            .WithEnvironmentVariables(Confinement.Variables)
            .WithStandardInputPipe(
                call.StandardInput is { } input ? PipeSource.Create((stream, token) => SendAsync(input, stream, token)) : PipeSource.Null)
            .WithStandardOutputPipe(call.StandardOutput is { } output ? PipeTarget.Create(output) : PipeTarget.Null)
            .WithStandardErrorPipe(PipeTarget.Create(messages.ReadAsync))
            .WithValidation(CommandResultValidation.None);
        try
        {
            var result = await command.ExecuteAsync(deadline.Token);
            return result.ExitCode == 0 ? messages.ToString()
                : throw new ToolException(name, FailureOf(result), result.ExitCode, messages.ToString());
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ToolException(name, ToolFailure.OutOfTime, KillSignal, messages.ToString());
        }
    }

    // Who reaches the end of its processor time gets one signal, and the other where it does not heed it.
    private static ToolFailure FailureOf(CommandResult result) => result.ExitCode switch
    {
        CpuTimeSignal or KillSignal => ToolFailure.OutOfTime,
        > FirstSignal => ToolFailure.Crashed,
        _ => ToolFailure.Refused,
    };

    private static async Task SendAsync(Func<Stream, CancellationToken, Task> input, Stream stream, CancellationToken ct)
    {
        try
        {
            await input(stream, ct);
        }
        catch (IOException)
        {
            // It ended before it read everything; its exit code says whether that was an error.
        }
    }
}

/// <summary>The end of what a program says: measures and errors stand there.</summary>
internal sealed class MessageTail
{
    private const int KeptBytes = 64 * 1024;
    private readonly MemoryStream kept = new();

    public async Task ReadAsync(Stream stream, CancellationToken ct)
    {
        var buffer = new byte[4096];
        int count;
        while ((count = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (kept.Length + count > KeptBytes)
            {
                var tail = kept.ToArray()[^(KeptBytes / 2)..];
                kept.SetLength(0);
                kept.Write(tail);
            }

            kept.Write(buffer, 0, count);
        }
    }

    public override string ToString() => System.Text.Encoding.UTF8.GetString(kept.ToArray());
}
