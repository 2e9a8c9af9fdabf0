using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Son1kVers3.EndToEnd;

/// <summary>A span as a collector receives it.</summary>
/// <param name="Texts">The attributes that are text, as <c>name=value</c>.</param>
internal sealed record Span(string Service, string Scope, string TraceId, string Name, IReadOnlyList<string> Texts);

/// <summary>Receives traces over OTLP (http/protobuf) on loopback.</summary>
/// <remarks>Reads only what the tests look at of opentelemetry-proto's <c>trace.proto</c>; field numbers stand beside their names.</remarks>
internal sealed class TraceCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<Span> spans = [];
    private readonly WebApplication app;

    private TraceCollector(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single();

    public IReadOnlyList<Span> Of(string traceId) => [.. spans.Where(s => s.TraceId == traceId)];

    public static async Task<TraceCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var collector = new TraceCollector(builder.Build());
        collector.app.MapPost("/v1/traces", collector.ReceiveAsync);
        collector.app.MapPost("/v1/{signal}", () => Results.Ok());
        await collector.app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ReceiveAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        foreach (var resourceSpans in Fields(body.ToArray(), 1))
        {
            var service = Fields(resourceSpans, 1).SelectMany(resource => Fields(resource, 1)).Where(a => Text(a, 1) == "service.name")
                .Select(a => Text(Fields(a, 2).Single(), 1)).FirstOrDefault("");
            foreach (var scopeSpans in Fields(resourceSpans, 2))
            {
                var scope = Fields(scopeSpans, 1).Select(s => Text(s, 1)).FirstOrDefault("");
                foreach (var span in Fields(scopeSpans, 2))
                {
                    var texts = Fields(span, 9).Select(a => $"{Text(a, 1)}={Text(Fields(a, 2).Single(), 1)}");
                    spans.Enqueue(new Span(service, scope, Convert.ToHexStringLower(Fields(span, 1).Single()), Text(span, 5), [.. texts]));
                }
            }
        }
    }

    private static string Text(byte[] message, int field) => Fields(message, field).Select(Encoding.UTF8.GetString).FirstOrDefault("");

    /// <summary>The length-delimited fields of one number in a protobuf message.</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, int field)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == field)
                        yield return message[at..(at + length)];
                    at += length;
                    break;
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
