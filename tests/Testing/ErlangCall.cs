using System.Diagnostics;

namespace Son1kVers3.Testing;

/// <summary>Asks something of a broker's node through a bare Erlang node: a quarter of what <c>rabbitmqctl</c> takes to start.</summary>
internal static class ErlangCall
{
    /// <summary>Evaluates an expression of Erlang, which must end well.</summary>
    /// <param name="home">Holds the node's cookie.</param>
    /// <param name="epmdPort">Where the node is known.</param>
    /// <param name="expression">Without the last full stop.</param>
    public static async Task RunAsync(string home, int epmdPort, string expression)
    {
        var start = new ProcessStartInfo("erl", ["-noinput", "-hidden", "-sname", $"ctl{Guid.NewGuid():N}@localhost", "-eval", $"{expression}, halt(0)."])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = home;
        start.Environment["ERL_CRASH_DUMP"] = "/dev/null";
        start.Environment["ERL_EPMD_PORT"] = $"{epmdPort}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{expression}: {await output}{await error}");
    }
}
