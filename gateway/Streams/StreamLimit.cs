using System.Net.Http.Headers;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Workers;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Son1kVers3.Gateway.Streams;

/// <summary>A member has at most <see cref="OpenStreams.Most"/> answers of <c>text/event-stream</c> open; one more is 429.</summary>
internal static class StreamLimit
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddStreamLimit(this IServiceCollection services) => services.AddWorker<OpenStreams>();

    /// <summary>Counts an answer as soon as its head shows that it is a stream: nothing of it has reached the caller yet.</summary>
    public static void AddStreamLimit(this TransformBuilderContext transforms) => transforms.AddResponseTransform(async response =>
    {
        if (!IsStream(response.ProxyResponse?.Content.Headers.ContentType) || response.HttpContext.User.IdOrNull() is not { } member)
            return;
        var slot = await response.HttpContext.RequestServices.GetRequiredService<OpenStreams>().OpenAsync(member.ToString());
        response.HttpContext.Features.Set(new Counted(slot));
        response.SuppressResponseBody = slot is null;
    });

    /// <summary>Around the forwarding.</summary>
    public static void UseStreamLimit(this IApplicationBuilder proxy) => proxy.Use(async (http, next) =>
    {
        try
        {
            await next(http);
            if (http.Features.Get<Counted>() is { Slot: null })
                throw Problem.Of(429, "too-many-streams", $"You have {OpenStreams.Most} live streams open; close one first.", RetryAfter, ("limit", OpenStreams.Most));
        }
        finally
        {
            if (http.Features.Get<Counted>()?.Slot is { } slot)
                await slot.DisposeAsync();
        }
    });

    private static bool IsStream(MediaTypeHeaderValue? type) => string.Equals(type?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);

    private sealed record Counted(IAsyncDisposable? Slot);
}
