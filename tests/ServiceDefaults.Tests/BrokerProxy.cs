using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Son1kVers3.ServiceDefaults.Tests;

/// <summary>Stands between a service and its broker, and can fall silent: connections stay open and nothing goes through, as when a machine dies.</summary>
internal sealed class BrokerProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentBag<Socket> _open = [];
    private readonly Uri _broker;
    private volatile TaskCompletionSource _speaks = new();

    public BrokerProxy(string messaging)
    {
        _broker = new Uri(messaging);
        _listener.Start();
        _speaks.SetResult();
        _ = AcceptAsync();
    }

    /// <summary>The connection string that leads through here.</summary>
    public string Messaging => new UriBuilder(_broker) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri.AbsoluteUri;

    public void FallSilent() => _speaks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Old connections are cut, new ones go through.</summary>
    public void ComeBack()
    {
        while (_open.TryTake(out var socket))
            socket.Dispose();
        _speaks.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        ComeBack();
    }

    private async Task AcceptAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            Socket inner;
            try
            {
                inner = await _listener.AcceptSocketAsync(_over.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var outer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _open.Add(inner);
            _open.Add(outer);
            _ = ForwardAsync(inner, outer);
        }
    }

    private async Task ForwardAsync(Socket inner, Socket outer)
    {
        try
        {
            await outer.ConnectAsync(_broker.Host, _broker.Port);
            await Task.WhenAny(PumpAsync(inner, outer), PumpAsync(outer, inner));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection was cut, here or there.
        }
        finally
        {
            inner.Dispose();
            outer.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer, SocketFlags.None) is > 0 and var read)
        {
            await _speaks.Task;
            await to.SendAsync(buffer.AsMemory(0, read), SocketFlags.None);
        }
    }
}
