using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.Stealth.Tests.Egress;

[Collection(StealthCollection.Name)]
[Trait("Category", "Integration")]
public sealed class ProxyTests(StealthFixture fixture)
{
    private readonly string secret = $"r8_{Guid.NewGuid():N}";

    [Theory]
    [InlineData("http")]
    [InlineData("socks5")]
    public async Task Egress_OfAnAccountWithAProxy_GoesThroughIt(string protocol)
    {
        await fixture.ResetAsync("replicate");
        await using var server = new TinyProxy();
        await fixture.AddAsync("replicate", secret, proxy: await AddAsync(protocol, server.Port));

        Assert.Equal(HttpStatusCode.OK, (await fixture.Egress().GetAsync("/egress/replicate/v1/predictions")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await fixture.Egress().GetAsync("/egress/replicate/v1/predictions")).StatusCode);

        Assert.Equal(1, server.Connections);
        Assert.Equal(2, fixture.Api.Seen.Count(s => s.Key == secret));
    }

    [Fact]
    public async Task Egress_WhenTheProxyIsDown_BlamesTheProxy_AndTakesAnotherAccount()
    {
        await fixture.ResetAsync("replicate");
        var proxy = await AddAsync("http", port: 1);
        var behind = await fixture.AddAsync("replicate", secret, proxy: proxy);
        await fixture.AddAsync("replicate", secret + "x");

        for (var i = 0; i < 8; i++)
            Assert.Equal(HttpStatusCode.OK, (await fixture.Egress().PostAsync("/egress/replicate/v1/predictions", null)).StatusCode);

        await Eventually.PassesAsync(async () => Assert.NotEqual("healthy", (string)(await fixture.Operator().GetFromJsonAsync<JsonNode>($"/api/stealth/proxies/{proxy}"))!["status"]!));
        Assert.Equal("healthy", (string)(await fixture.AccountAsync(behind))["status"]!);
        Assert.Equal(HttpStatusCode.Conflict, (await fixture.Operator().DeleteAsync($"/api/stealth/proxies/{proxy}")).StatusCode);
    }

    private async Task<Guid> AddAsync(string protocol, int port)
    {
        var answer = await fixture.Operator().PostAsJsonAsync("/api/stealth/proxies", new { name = $"proxy-{Guid.NewGuid():N}", protocol, host = "127.0.0.1", port });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (Guid)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
    }

    /// <summary>Speaks as much SOCKS5 and HTTP as a proxy must.</summary>
    private sealed class TinyProxy : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource stop = new();
        private int connections;

        public TinyProxy()
        {
            listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public int Connections => connections;

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            listener.Stop();
        }

        private async Task AcceptAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                Interlocked.Increment(ref connections);
                _ = ServeAsync(client);
            }
        }

        private async Task ServeAsync(TcpClient client)
        {
            using (client)
            {
                var from = client.GetStream();
                var first = new byte[1];
                await from.ReadExactlyAsync(first);
                using var target = new TcpClient();
                var head = first[0] == 5 ? await Socks5Async(from, target) : await HttpAsync(from, first[0], target);
                var to = target.GetStream();
                await to.WriteAsync(head);
                await Task.WhenAny(from.CopyToAsync(to, stop.Token), to.CopyToAsync(from, stop.Token));
            }
        }

        private static async Task<byte[]> Socks5Async(NetworkStream from, TcpClient target)
        {
            var count = new byte[1];
            await from.ReadExactlyAsync(count);
            await from.ReadExactlyAsync(new byte[count[0]]);
            await from.WriteAsync(new byte[] { 5, 0 });
            var head = new byte[4];
            await from.ReadExactlyAsync(head);
            var length = head[3] == 1 ? 4 : -1;
            if (length < 0)
            {
                await from.ReadExactlyAsync(count);
                length = count[0];
            }

            var address = new byte[length + 2];
            await from.ReadExactlyAsync(address);
            var host = head[3] == 1 ? new IPAddress(address.AsSpan(0, 4)).ToString() : Encoding.ASCII.GetString(address, 0, length);
            await target.ConnectAsync(host, (address[length] << 8) + address[length + 1]);
            await from.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 });
            return [];
        }

        /// <summary>A request in absolute form, as plain http goes through a proxy; all on this connection are for one server.</summary>
        private static async Task<byte[]> HttpAsync(NetworkStream from, byte first, TcpClient target)
        {
            var head = new MemoryStream();
            head.WriteByte(first);
            while (!Encoding.ASCII.GetString(head.ToArray()).EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                var next = new byte[1];
                await from.ReadExactlyAsync(next);
                head.Write(next);
            }

            var uri = new Uri(Encoding.ASCII.GetString(head.ToArray()).Split(' ')[1]);
            await target.ConnectAsync(uri.Host, uri.Port);
            return head.ToArray();
        }
    }
}
