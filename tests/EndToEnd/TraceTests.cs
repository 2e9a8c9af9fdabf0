using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class TraceTests(Platform platform)
{
    [Fact]
    public async Task OneTrace_RunsFromTheGateway_ThroughServiceOutboxAndBroker_ToTheConsumersSql()
    {
        var member = await platform.SignUpAsync();
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/generations") { Content = JsonContent.Create(Journey.Prompt()) };
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");

        var answer = await member.Client.SendAsync(request);

        var generation = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        await member.EndedAsync(generation);
        foreach (var (station, isPassed) in Stations)
        {
            await Eventually.TrueAsync(
                () => Task.FromResult(platform.Traces.Of(trace).Any(isPassed)),
                $"the trace passes {station}; so far it holds: {string.Join("; ", platform.Traces.Of(trace))}");
        }
    }

    [Fact]
    public async Task Trace_OfASignedAddress_DoesNotTellItsSignature()
    {
        var member = await platform.SignUpAsync();
        var track = await member.EndedAsync(await member.GenerateAsync(Journey.Prompt()).AcceptedAsync());
        var address = track["files"]!.AsArray().Select(f => (string)f!["url"]!).First(url => url.Contains("&sig=", StringComparison.Ordinal));
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(platform.GatewayUrl, address));
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");

        using var anybody = platform.CreateClient();
        (await anybody.SendAsync(request)).EnsureSuccessStatusCode();

        foreach (var service in (string[])["gateway", "generation"])
        {
            await Eventually.TrueAsync(
                () => Task.FromResult(platform.Traces.Of(trace).Any(s => s.Service == service && s.Texts.Any(t => t.StartsWith("url.", StringComparison.Ordinal)))),
                $"a span of {service} names its address");
        }

        var signature = address.Split("&sig=")[1].Split('&')[0];
        Assert.DoesNotContain(platform.Traces.Of(trace).SelectMany(s => s.Texts), text => text.Contains(signature, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Station, Func<Span, bool> IsPassed)> Stations =>
    [
        ("the gateway", span => span.Service == "gateway"),
        ("generation's endpoint", span => span.Service == "generation" && span.Name.TrimEnd('/') == "POST /api/generations"),
        // Every process of generation relays, those that answer and those that render.
        ("generation's outbox", span => span.Service is "generation" or "generation-workers" && span.Name == "relay GenerationRequested"),
        ("billing's consumer", span => span.Service == "billing" && span.Scope == "MassTransit"),
        ("billing's SQL", span => span.Service == "billing" && span.Scope == "Npgsql"),
    ];
}
