using System.Collections.Concurrent;
using Son1kVers3.Standalone.Processes;

namespace Son1kVers3.Standalone.Servers;

/// <summary>A server program that runs and answers.</summary>
public sealed class RunningServer
{
    private RunningServer(IServer server, ChildProcess process) => (Server, Process) = (server, process);

    /// <summary>What runs.</summary>
    public IServer Server { get; }

    /// <summary>Its process.</summary>
    public ChildProcess Process { get; }

    /// <summary>Prepares and starts a server and returns when it answers.</summary>
    /// <exception cref="InvalidOperationException">It ended or did not answer in time; the message holds its last lines.</exception>
    public static async Task<RunningServer> StartAsync(IServer server, Action<string> log, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await server.PrepareAsync(log, cancellationToken);
        var recent = new ConcurrentQueue<string>();
        var process = await ProcessLauncher.StartAsync(server.CreateSpec(), line =>
        {
            log(line);
            recent.Enqueue(line);
            while (recent.Count > 20)
            {
                recent.TryDequeue(out _);
            }
        });
        var deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (!await server.IsReadyAsync(cancellationToken))
        {
            if (!process.IsRunning || Environment.TickCount64 > deadline)
            {
                var reason = process.IsRunning ? $"did not answer within {timeout.TotalSeconds} s" : $"ended with code {await process.Exited}";
                process.Kill();
                throw new InvalidOperationException($"{server.CreateSpec().Name} {reason}. Its last lines:\n{string.Join('\n', recent)}");
            }

            await Task.Delay(50, cancellationToken);
        }

        return new RunningServer(server, process);
    }

    /// <summary>Stops it in order, and kills it after its grace.</summary>
    public Task StopAsync() => Process.StopAsync(Server.StopGrace);
}
