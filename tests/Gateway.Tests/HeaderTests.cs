using System.Net.Sockets;
using System.Text;
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

    private static async Task<string> AskAsync(RunningGateway gateway, byte[] request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(request);
        return await new StreamReader(stream, Encoding.Latin1).ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }
}
