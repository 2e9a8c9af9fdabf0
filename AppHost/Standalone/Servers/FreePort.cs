using System.Net;
using System.Net.Sockets;

namespace Son1kVers3.Standalone.Servers;

/// <summary>Hands out loopback ports that nobody listens on.</summary>
/// <remarks>
/// Between choosing a port and binding it seconds may pass. No connection takes it meanwhile: they are below the range that the kernel uses for outgoing ones.
/// Nor does another process that chooses here (a second instance, a test): each port is claimed by a socket of that name in the kernel's abstract
/// namespace, which ends with the process.
/// </remarks>
public static class FreePort
{
    private const int First = 15000;
    private const int Last = 31999;

    private static readonly List<Socket> Claims = [];

    /// <summary>A port that is free now and was not handed out before by this process, nor by another that still lives.</summary>
    /// <exception cref="InvalidOperationException">A thousand tries found none.</exception>
    public static int Next()
    {
        lock (Claims)
        {
            for (var tries = 0; tries < 1000; tries++)
            {
                var port = Random.Shared.Next(First, Last + 1);
                if (Claim(port) is { } claim)
                {
                    if (IsFree(port))
                    {
                        Claims.Add(claim);
                        return port;
                    }

                    claim.Dispose();
                }
            }
        }

        throw new InvalidOperationException($"No free port between {First} and {Last} on loopback.");
    }

    /// <summary>Whether a listener could bind the port on loopback.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Socket? Claim(int port)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0son1kvers3-port-{port}"));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
