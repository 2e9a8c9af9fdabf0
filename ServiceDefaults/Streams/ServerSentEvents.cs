using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Son1kVers3.ServiceDefaults.Streams;

/// <summary>One event of a live stream.</summary>
/// <param name="Kind">The field <c>event</c>.</param>
/// <param name="Data">Becomes one line of JSON.</param>
/// <param name="Id">Of what is stored and can be replayed after <c>Last-Event-ID</c>; null for what is only true now.</param>
public sealed record ServerSentEvent(string Kind, object Data, string? Id = null);

/// <summary>A live stream as an endpoint's result: <c>text/event-stream</c> with ids, kinds, JSON, and a comment after 15 s of silence.</summary>
/// <remarks>
/// <para>The source begins with a <c>snapshot</c>, goes on with what follows, and ends after the terminal event; the answer ends with it. It must observe its token, which fires when
/// the viewer leaves or the service stops. What it throws before its first event becomes an ordinary problem answer.</para>
/// <para>The framework's own result for event streams cannot write comments, without which proxies close quiet streams.</para>
/// </remarks>
/// <param name="events">The events.</param>
public sealed class ServerSentEvents(IAsyncEnumerable<ServerSentEvent> events) : IResult, IEndpointMetadataProvider
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>Called by the framework.</summary>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(
            httpContext.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            await using var source = events.GetAsyncEnumerator(over.Token);
            await WriteAsync(httpContext, source, services.GetRequiredService<TimeProvider>(), over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The viewer left, or comes back to another replica with Last-Event-ID.
        }
    }

    /// <summary>Called by the framework: describes the answer to OpenAPI.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(string), ["text/event-stream"]));

    private static async Task WriteAsync(HttpContext http, IAsyncEnumerator<ServerSentEvent> source, TimeProvider clock, CancellationToken cancellationToken)
    {
        var next = source.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (!await ComesAsync(next, clock, cancellationToken))
                {
                    await WriteAsync(http, ": still here\n\n", cancellationToken);
                    continue;
                }

                if (!await next)
                    return;
                await WriteAsync(http, Format(http, source.Current), cancellationToken);
                next = source.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An enumerator may not be disposed while it is moving.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>False: it was quiet for long.</summary>
    private static async Task<bool> ComesAsync(Task next, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(next, Task.Delay(Silence, clock, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == next;
    }

    private static string Format(HttpContext http, ServerSentEvent e)
    {
        var json = JsonSerializer.Serialize(e.Data, http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
        return e.Id is null ? $"event: {e.Kind}\ndata: {json}\n\n" : $"id: {e.Id}\nevent: {e.Kind}\ndata: {json}\n\n";
    }

    private static async Task WriteAsync(HttpContext http, string text, CancellationToken cancellationToken)
    {
        if (!http.Response.HasStarted)
        {
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers["X-Accel-Buffering"] = "no";
        }

        await http.Response.WriteAsync(text, cancellationToken);
        await http.Response.Body.FlushAsync(cancellationToken);
    }
}
