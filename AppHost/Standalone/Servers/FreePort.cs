using System.Net;
using System.Net.Sockets;

namespace Son1kVers3.Standalone.Servers;

/// <summary>Hands out loopback ports that nobody listens on.</summary>
/// <remarks>Below the range that the kernel uses for outgoing connections, so that no connection takes a port between choosing and binding.</remarks>
public static class FreePort
{
    private const int First = 15000;
    private const int Last = 31999;

    private static readonly HashSet<int> Taken = [];

    /// <summary>A port that is free now and was not handed out before by this process.</summary>
    /// <exception cref="InvalidOperationException">A thousand tries found none.</exception>
    public static int Next()
    {
        lock (Taken)
        {
            for (var tries = 0; tries < 1000; tries++)
            {
                var port = Random.Shared.Next(First, Last + 1);
                if (!Taken.Contains(port) && IsFree(port))
                {
                    Taken.Add(port);
                    return port;
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
}
