using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Son1kVers3.Standalone.Processes;

namespace Son1kVers3.Standalone.Servers;

/// <summary>Erlang's port mapper, which RabbitMQ needs.</summary>
/// <remarks>Left alone, RabbitMQ starts one as a daemon that listens everywhere and outlives it. Ours is a child like the others, started before RabbitMQ and stopped after it.</remarks>
/// <param name="port">The port on loopback.</param>
public sealed class EpmdServer(int port) : IServer
{
    /// <inheritdoc/>
    public int Port => port;

    /// <inheritdoc/>
    public TimeSpan StopGrace => TimeSpan.Zero;

    /// <inheritdoc/>
    public Task PrepareAsync(Action<string> log, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ProcessSpec CreateSpec() => new("epmd", "epmd", "-port", port.ToString(CultureInfo.InvariantCulture), "-address", "127.0.0.1")
    {
        CleanEnvironment = true,
        WorkingDirectory = "/",
    };

    /// <inheritdoc/>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
