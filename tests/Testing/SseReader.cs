using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Son1kVers3.Testing;

/// <summary>One event of a live stream.</summary>
/// <param name="Kind">Its <c>event:</c>.</param>
/// <param name="Data">Its <c>data:</c>, JSON.</param>
/// <param name="Id">Its <c>id:</c>, for what is stored.</param>
public sealed record SseEvent(string Kind, string Data, string? Id);

/// <summary>Reads Server-Sent Events.</summary>
public static class SseReader
{
    /// <summary>The events of a stream, as they come, until the server ends it.</summary>
    /// <param name="client">Carries the bearer token.</param>
    /// <param name="path">The stream.</param>
    /// <param name="lastEventId">Resumes after this event.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="HttpRequestException">The answer is not a success.</exception>
    public static async IAsyncEnumerable<SseEvent> ReadEventsAsync(
        this HttpClient client, string path, string? lastEventId = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            yield return new SseEvent(item.EventType, item.Data, item.EventId);
        }
    }
}
