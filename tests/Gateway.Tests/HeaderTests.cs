using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Son1kVers3.Gateway.Tests;

[Collection(WorldCollection.Name)]
[Trait("Category", "Integration")]
public sealed class HeaderTests(World world)
{
    [Theory]
    [InlineData("utf-8")]
    [InlineData("latin1")]
    public async Task HeaderBytes_OutsideAscii_GoThroughAsTheyCame(string charset)
    {
        var bytes = Encoding.GetEncoding(charset).GetBytes("nombre=José; x=ñ");
        byte[] request = [.. "GET /api/genres?bytes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: "u8, .. bytes, .. "\r\n\r\n"u8];

        var answer = await AskAsync(world.Gateway, request);

        Assert.StartsWith("HTTP/1.1 200", answer);
        Assert.Equal(bytes, Encoding.Latin1.GetBytes(world.Backends["generation"].Requests.Last(r => r.Path == "/api/genres?bytes").Headers["Cookie"]));
    }

    [Fact]
    public async Task HeaderBytes_OfAnswers_GoThroughAsTheyCame()
    {
        await using var service = await Backend.StartAsync("pool", app => app.MapGet("/api/community/title", (HttpResponse response) => response.Headers["X-Title"] = "Canción"));
        await using var gateway = await world.StartGatewayAsync(("services:pool:http:0", service.Address));

        var answer = await AskAsync(gateway, "GET /api/community/title HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray());

        Assert.Contains("X-Title: Canción", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(answer)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/auth/me", "no-store")]
    [InlineData("/api/media?ids=1", "no-store")]
    [InlineData("/api/genres", null)]
    public async Task Answer_ThatMayHoldTokens_IsNotStored(string path, string? policy)
    {
        using var answer = await world.Gateway.Client().GetAsync(path);

        Assert.Equal(policy, answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task AddressesAndHeaders_ThatAreTooLong_AreRefusedWithAProblem()
    {
        using var client = world.Gateway.Client();
        await (await client.GetAsync($"/api/search?q={new string('a', 9_000)}")).ProblemAsync(414, "uri-too-long");

        var large = new HttpRequestMessage(HttpMethod.Get, "/api/genres");
        large.Headers.Add("X-Large", new string('a', 40_000));
        await (await client.SendAsync(large)).ProblemAsync(431, "headers-too-large");

        var many = new HttpRequestMessage(HttpMethod.Get, "/api/genres");
        for (var n = 0; n < 120; n++)
            many.Headers.Add($"X-Many-{n}", "a");
        await (await client.SendAsync(many)).ProblemAsync(431, "headers-too-large");
    }

    [Theory]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400)]
    [InlineData("POST /api/genres HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400)]
    [InlineData("POST /api/genres HTTP/1.0\r\nHost: a\r\n\r\n", 400)]
    public async Task Request_ThatTheServerRefusesByItself_IsToldAsAProblem(string request, int status)
    {
        var answer = await AskAsync(world.Gateway, Encoding.ASCII.GetBytes(request));

        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        var (head, body) = (answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)], answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        Assert.Contains("Content-Type: application/problem+json", head);
        Assert.Contains($"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n", head + "\r\n");
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.StartsWith("https://son1kvers3.dev/problems/", problem.GetProperty("type").GetString());
    }

    private static async Task<string> AskAsync(RunningGateway gateway, byte[] request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(request);
        return await new StreamReader(stream, Encoding.Latin1).ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }
}
