using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Son1kVers3.Gateway.Tests;

[Collection(WorldCollection.Name)]
[Trait("Category", "Integration")]
public sealed class BodyTests(World world)
{
    private const int Mebi = 1024 * 1024;

    [Theory]
    [InlineData("/api/generations", 2_000_000, true)]
    [InlineData("/api/generations", 2_000_000, false)]
    [InlineData("/api/generations", 1_000_001, true)]
    [InlineData("/api/generations", 1_000_001, false)]
    [InlineData("/api/profiles/me/avatar", (5 * Mebi) + 1, true)]
    [InlineData("/api/profiles/me/avatar", (5 * Mebi) + 1, false)]
    [InlineData("/api/voice-memos", (20 * Mebi) + 1, true)]
    [InlineData("/api/voice-memos", (20 * Mebi) + 1, false)]
    [InlineData("/api/nothing", 2_000_000, true)]
    public async Task Body_WhenTooLarge_Is413ThatTheClientReads(string path, int bytes, bool withLength)
    {
        using var client = world.Gateway.Client();

        using var answer = await client.SendAsync(Post(path, bytes, withLength));

        await answer.ProblemAsync(413, "body-too-large");
    }

    [Theory]
    [InlineData("/api/generations", 1_000_000, true)]
    [InlineData("/api/generations", 1_000_000, false)]
    [InlineData("/api/profiles/me/avatar", 5 * Mebi, true)]
    [InlineData("/api/voice-memos", 20 * Mebi, false)]
    public async Task Body_WhenWithinTheLimit_ArrivesWhole(string path, int bytes, bool withLength)
    {
        using var client = world.Gateway.Client();

        using var answer = await client.SendAsync(Post(path, bytes, withLength));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(bytes, (await answer.JsonAsync()).GetProperty("bytes").GetInt64());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_WhenTooLargeAndDrained_LeavesTheConnectionUsable(bool withLength)
    {
        using var socket = await ConnectAsync();
        var stream = socket.GetStream();
        var body = new byte[2_000_000];
        var framing = withLength ? $"Content-Length: {body.Length}\r\n\r\n" : $"Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/generations HTTP/1.1\r\nHost: localhost\r\n{framing}"));
        await stream.WriteAsync(body);
        if (!withLength)
            await stream.WriteAsync("\r\n0\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 413", await ReadHeadAsync(stream));

        if (withLength)
        {
            await stream.WriteAsync("GET /api/genres HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray());
            Assert.Contains("HTTP/1.1 200", await new StreamReader(stream).ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Body_BeyondWhatIsDrained_IsAnsweredAndTheConnectionClosed()
    {
        using var socket = await ConnectAsync();
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/generations HTTP/1.1\r\nHost: localhost\r\nContent-Length: {64 * Mebi}\r\n\r\n"));
        await stream.WriteAsync(new byte[8 * Mebi]);

        var head = await ReadHeadAsync(stream);

        Assert.StartsWith("HTTP/1.1 413", head);
        Assert.Contains("Connection: close", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Body_WhenTheClientWaitsToBeAsked_Is413WithoutReadingIt()
    {
        using var socket = await ConnectAsync();
        var stream = socket.GetStream();
        await stream.WriteAsync("POST /api/generations HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n"u8.ToArray());

        Assert.StartsWith("HTTP/1.1 413", await ReadHeadAsync(stream));
    }

    [Theory]
    [InlineData("not-a-size\r\n")]
    [InlineData("-1\r\nx")]
    [InlineData("FFFFFFFFFFFFFFFF\r\nx")]
    [InlineData("7FFFFFFFFFFFFFFFF\r\nx")]
    [InlineData("80000000\r\nx")]
    [InlineData("1 2\r\nx")]
    [InlineData("0x3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3\r\nabcdefgh\r\n")]
    [InlineData("3\r\nabc\r\nzz\r\n")]
    [InlineData(";\r\n")]
    public async Task Body_WithBrokenChunks_Is400(string chunks)
    {
        using var socket = await ConnectAsync();
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/generations HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"));

        Assert.StartsWith("HTTP/1.1 400", await ReadHeadAsync(stream));
    }

    private static HttpRequestMessage Post(string path, int bytes, bool withLength)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[bytes]) };
        if (!withLength)
            request.Headers.TransferEncodingChunked = true;
        return request;
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(world.Gateway.Address.Host, world.Gateway.Address.Port);
        return socket;
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var buffer = new byte[16 * 1024];
        var text = new StringBuilder();
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.NotEqual(0, read);
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
