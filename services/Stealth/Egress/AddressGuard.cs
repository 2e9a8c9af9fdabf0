using System.Net;
using System.Net.Sockets;

namespace Son1kVers3.Stealth.Egress;

/// <summary>An address that may not be connected to.</summary>
internal sealed class AddressRefusedException(string message) : IOException(message);

/// <summary>Keeps egress out of the platform's own network: what is connected to is checked, not what a name promises.</summary>
internal static class AddressGuard
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "fc00::/7", "fec0::/10",
        }.Select(IPNetwork.Parse),
    ];

    // Nobody's server; and link-local, where clouds hand out the machine's own credentials.
    private static readonly IPNetwork[] Never =
    [
        .. new[] { "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/128", "fe80::/10", "fd00:ec2::254/128", "ff00::/8" }.Select(IPNetwork.Parse),
    ];

    /// <summary>Whether an address may be connected to.</summary>
    /// <param name="allowPrivate">The operator's own servers may be meant.</param>
    public static bool IsAllowed(IPAddress address, bool allowPrivate)
    {
        var plain = Unwrap(address);
        return !Never.Any(n => n.Contains(plain)) && (allowPrivate || !NotPublic.Any(n => n.Contains(plain)));
    }

    /// <summary>Connects to the first allowed address of a name.</summary>
    /// <exception cref="AddressRefusedException">There is none.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, bool allowPrivate, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(target.Host.Trim('[', ']'), out var literal) ? [literal] : await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        var allowed = addresses.Where(a => IsAllowed(a, allowPrivate)).ToArray();
        if (allowed.Length == 0)
            throw new AddressRefusedException($"{target.Host} is in a private or link-local network, which this provider's settings don't allow.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // IPv4 in IPv6's clothes: mapped, NAT64, 6to4.
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (bytes.AsSpan(0, 12).SequenceEqual((ReadOnlySpan<byte>)[0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]))
            return new IPAddress(bytes.AsSpan(12, 4));
        return bytes[0] == 0x20 && bytes[1] == 0x02 ? new IPAddress(bytes.AsSpan(2, 4)) : address;
    }
}
