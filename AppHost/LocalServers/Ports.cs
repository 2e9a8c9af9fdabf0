using System.Net;
using System.Net.Sockets;

namespace Son1kVers3.LocalServers;

/// <summary>Ports of this machine, for runs that live beside each other.</summary>
/// <remarks>
/// Between choosing a port and binding it seconds may pass. No connection takes it meanwhile: all lie below the range that the kernel uses for outgoing ones.
/// Nor does another run: a block is claimed by a socket of that name in the kernel's abstract namespace, which ends with the process.
/// </remarks>
public static class Ports
{
    /// <summary>How many ports a block has.</summary>
    public const int BlockSize = 100;

    private const int First = 10000;
    private const int Blocks = 220;

    private static readonly List<Socket> Claims = [];

    /// <summary>The first port of a block from which no other process draws, as long as this one lives.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public static int ClaimBlock()
    {
        foreach (var block in Enumerable.Range(0, Blocks).OrderBy(_ => Random.Shared.Next()))
        {
            var first = First + (block * BlockSize);
            if (TryClaim(first))
                return first;
        }

        throw new InvalidOperationException("Too many runs beside each other: no block of ports is left.");
    }

    /// <summary>Whether a listener could bind the port.</summary>
    public static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool TryClaim(int port)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0son1kvers3-ports-{port}"));
        }
        catch (SocketException)
        {
            socket.Dispose();
            return false;
        }

        lock (Claims)
            Claims.Add(socket);
        return true;
    }
}
