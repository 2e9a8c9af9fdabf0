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
    // A length of one byte, and NAMES_REQ; the answer begins with the mapper's own port.
    private static readonly byte[] NamesRequest = [0, 1, (byte)'n'];

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
            await using var stream = client.GetStream();
            await stream.WriteAsync(NamesRequest, cancellationToken);
            return await stream.ReadAsync(new byte[4], cancellationToken) == 4;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
