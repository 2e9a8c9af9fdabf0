using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Son1kVers3.Testing;

namespace Son1kVers3.Gateway.Tests;

[Collection(WorldCollection.Name)]
[Trait("Category", "Integration")]
public sealed class StreamLimitTests(World world)
{
    [Fact]
    public async Task NinthStreamOfAMember_Is429_OverTwoGateways_UntilOneIsClosed()
    {
        await using var service = await StreamingAsync();
        await using var first = await world.StartGatewayAsync(("services:generation:http:0", service.Address), ("RATE_LIMIT_SCALE", "1000"));
        await using var second = await world.StartGatewayAsync(("services:generation:http:0", service.Address), ("RATE_LIMIT_SCALE", "1000"));
        var token = world.Tokens.Issue(Guid.CreateVersion7());
        HttpClient[] clients = [first.Client(token), second.Client(token)];
        var open = new List<HttpResponseMessage>();
        for (var n = 0; n < 8; n++)
            open.Add(await OpenAsync(clients[n % 2]));
        Assert.All(open, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));

        foreach (var client in clients)
        {
            using var refused = await OpenAsync(client);
            await refused.ProblemAsync(429, "too-many-streams");
            Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        }

        // Another member, and what is no stream, are not concerned.
        using var other = await OpenAsync(first.Client(world.Tokens.Issue(Guid.CreateVersion7())));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await clients[0].GetAsync("/api/genres")).StatusCode);

        open[0].Dispose();
        using var again = await Eventually.GetAsync(
            async () => await OpenAsync(clients[1]) is { StatusCode: HttpStatusCode.OK } answer ? answer : null, "the closed stream's slot is free");
        open.ForEach(answer => answer.Dispose());
    }

    private static Task<HttpResponseMessage> OpenAsync(HttpClient client) => client.GetAsync("/api/generations/events", HttpCompletionOption.ResponseHeadersRead);

    private static Task<Backend> StreamingAsync() => Backend.StartAsync("generation", app => app.MapGet("/api/generations/events", async (HttpContext http) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(": hello\n\n");
        await http.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }));
}
