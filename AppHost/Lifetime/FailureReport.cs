namespace Son1kVers3.AppHost.Lifetime;

/// <summary>Says what failed, with its last lines.</summary>
internal sealed class FailureReport(ResourceLoggerService logs, Terminal terminal)
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
        string[] last = failures > Shown ? [] : [.. (await ReadLastLinesAsync(id, cancellationToken)).Select(line => $"      | {line}")];
        terminal.Say([$"  ! {id} {how}{loop}; started again in {again.TotalSeconds:0.#} s{(last.Length > 0 ? ". Its last lines:" : string.Empty)}", .. last]);
    }

    private async Task<IEnumerable<string>> ReadLastLinesAsync(string id, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await foreach (var batch in logs.GetAllAsync(id).WithCancellation(cancellationToken))
            lines.AddRange(batch.Select(line => line.Content));
        return lines.TakeLast(Lines);
    }
}
