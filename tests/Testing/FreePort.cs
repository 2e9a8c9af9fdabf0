using System.Net;
using Son1kVers3.LocalServers;

namespace Son1kVers3.Testing;

/// <summary>Hands out loopback ports that nobody listens on, and that no other test process or run on this machine was given.</summary>
public static class FreePort
{
    private static readonly Lock Gate = new();
    private static int next;
    private static int end;

    /// <summary>A port that is free now and was not handed out before by this process.</summary>
    public static int Next()
    {
        lock (Gate)
        {
            while (true)
            {
                if (next == end)
                {
                    next = Ports.ClaimBlock();
                    end = next + Ports.BlockSize;
                }

                var port = next++;
                if (Ports.IsFree(IPAddress.Loopback, port))
                    return port;
            }
        }
    }
}
