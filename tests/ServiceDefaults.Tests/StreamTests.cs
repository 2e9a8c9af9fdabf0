using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Streams;
using Son1kVers3.Testing;

namespace Son1kVers3.ServiceDefaults.Tests;

[Trait("Category", "Integration")]
public sealed class StreamTests : IAsyncLifetime
{
    private readonly Channel<ServerSentEvent> channel = Channel.CreateUnbounded<ServerSentEvent>();
    private SampleService service = null!;

    // A quarter of a minute of silence takes a quarter of a second.
    public async Task InitializeAsync() => service = await SampleService.StartAsync(new MovableClock(60));

    public async Task DisposeAsync() => await service.DisposeAsync();

    [Fact]
    public async Task Stream_TellsKindDataAndId_AndEndsWithItsSource()
    {
        service.Events = _ => channel.Reader.ReadAllAsync();
        channel.Writer.TryWrite(new("snapshot", new { Status = "queued" }));
        channel.Writer.TryWrite(new("completed", new { Text = "dos\nlíneas" }, "7"));
        channel.Writer.Complete();

        var answer = await OpenAsync();

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal(
            "event: snapshot\ndata: {\"status\":\"queued\"}\n\nid: 7\nevent: completed\ndata: {\"text\":\"dos\\nlíneas\"}\n\n",
            await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Stream_WhileItIsQuiet_CommentsAndGoesOn()
    {
        service.Events = _ => channel.Reader.ReadAllAsync();
        channel.Writer.TryWrite(new("snapshot", new { }));
        using var reader = new StreamReader(await (await OpenAsync()).Content.ReadAsStreamAsync());

        for (var comments = 0; comments < 2;)
            comments += (await reader.ReadLineAsync())!.StartsWith(": ", StringComparison.Ordinal) ? 1 : 0;
        channel.Writer.TryWrite(new("completed", new { }));
        channel.Writer.Complete();

        Assert.Contains("event: completed", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Viewer_WhoComesBack_SaysAfterWhichEvent()
    {
        long? after = null;
        service.Events = id =>
        {
            after = id;
            return AsyncEnumerable.Empty<ServerSentEvent>();
        };

        await OpenAsync("41");

        Assert.Equal(41, after);
        Assert.Equal(HttpStatusCode.BadRequest, (await OpenAsync("forty-one")).StatusCode);
    }

    [Fact]
    public async Task Source_ThatRefusesBeforeItsFirstEvent_IsAnsweredAsAProblem()
    {
        service.Events = _ => RefuseAsync();

        var answer = await OpenAsync();

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);

        static async IAsyncEnumerable<ServerSentEvent> RefuseAsync()
        {
            await Task.Yield();
            if (DateTime.UnixEpoch.Year == 1970)
                throw Problem.Of(410, "gone", "No more.");
            yield break;
        }
    }

    [Fact]
    public async Task Source_WhenTheViewerLeaves_IsToldToStop()
    {
        var stopped = new TaskCompletionSource();
        service.Events = _ => EndlessAsync(stopped);
        var answer = await OpenAsync();
        await (await answer.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[5]);

        answer.Dispose();

        await stopped.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Service_WhenItStops_EndsItsStreams()
    {
        var stopped = new TaskCompletionSource();
        service.Events = _ => EndlessAsync(stopped);
        var answer = await OpenAsync();

        await service.StopAsync();

        Assert.StartsWith("event: snapshot", await answer.Content.ReadAsStringAsync());
        Assert.True(stopped.Task.IsCompleted);
    }

    private static async IAsyncEnumerable<ServerSentEvent> EndlessAsync(TaskCompletionSource stopped, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            yield return new("snapshot", new { });
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            stopped.SetResult();
        }
    }

    private Task<HttpResponseMessage> OpenAsync(string? after = null)
    {
        var client = service.Client(Guid.CreateVersion7());
        var request = new HttpRequestMessage(HttpMethod.Get, "/notes/events");
        if (after is not null)
            request.Headers.Add("Last-Event-ID", after);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
