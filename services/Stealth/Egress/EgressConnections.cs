using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Secrets;

namespace Son1kVers3.Stealth.Egress;

/// <summary>The connections of each account: pools of its own, through its proxy if it has one.</summary>
internal sealed class EgressConnections : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<PoolKey, Lazy<HttpMessageInvoker>> _pools = new();
    private readonly SecretBox _box;

    public EgressConnections(SecretBox box, FleetCache fleet)
    {
        _box = box;
        fleet.Changed += (_, now, _) => DropUnusedAsync(now);
    }

    /// <summary>The pool of an account, or of nobody for results that need no account.</summary>
    public HttpMessageInvoker For(Account? account, Proxy? proxy, bool allowPrivate) =>
        _pools.GetOrAdd(new PoolKey(account?.Id, proxy?.Id, proxy?.Version, allowPrivate), _ => new Lazy<HttpMessageInvoker>(() => Open(proxy, allowPrivate))).Value;

    public void Dispose()
    {
        foreach (var pool in _pools.Values.Where(p => p.IsValueCreated))
            pool.Value.Dispose();
    }

    private HttpMessageInvoker Open(Proxy? proxy, bool allowPrivate) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = proxy is not null,
        Proxy = proxy is null ? null : WebProxyOf(proxy),
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLife,
        EnableMultipleHttp2Connections = true,
        // No trace context for third parties, and no span of the library's that would hold the whole address.
        ActivityHeadersPropagator = null,
        // Through a proxy this connects to the proxy, which the operator runs; the target is then resolved and reached by that.
        ConnectCallback = (context, cancellationToken) => proxy is null
            ? AddressGuard.ConnectAsync(context.DnsEndPoint, allowPrivate, cancellationToken)
            : ConnectToProxyAsync(context.DnsEndPoint, cancellationToken),
    });

    private WebProxy WebProxyOf(Proxy proxy) => new(new UriBuilder(proxy.Protocol == ProxyProtocol.Socks5 ? "socks5" : "http", proxy.Host, proxy.Port).Uri)
    {
        Credentials = proxy.Username is null ? null : new NetworkCredential(proxy.Username, proxy.Secret is { } sealedPassword ? _box.Open(sealedPassword, proxy.Id) : ""),
    };

    private static async ValueTask<Stream> ConnectToProxyAsync(DnsEndPoint proxy, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(proxy, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new ProxyFailedException($"The proxy does not answer: {e.SocketErrorCode}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Pools of accounts and proxies that are gone or have changed; requests that run in them go on.</summary>
    private Task DropUnusedAsync(FleetSnapshot now)
    {
        foreach (var key in _pools.Keys)
        {
            var gone = (key.Account is { } account && !now.Accounts.ContainsKey(account))
                || (key.Proxy is { } proxy && now.Proxies.GetValueOrDefault(proxy)?.Version != key.ProxyVersion);
            if (gone)
                _pools.TryRemove(key, out _);
        }

        return Task.CompletedTask;
    }

    private sealed record PoolKey(Guid? Account, Guid? Proxy, long? ProxyVersion, bool AllowPrivate);
}

/// <summary>The proxy is at fault, not the provider's account.</summary>
internal sealed class ProxyFailedException(string message, Exception inner) : IOException(message, inner);
