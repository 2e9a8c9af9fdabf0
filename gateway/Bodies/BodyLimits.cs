using Microsoft.AspNetCore.Http.Features;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Gateway.Bodies;

/// <summary>How large a request body may be, and what happens with one that is larger.</summary>
/// <remarks>
/// A server that answers 413 and closes while the caller still writes resets the connection, and the caller never reads the answer.
/// So what is too much is read and thrown away first, up to <see cref="DrainLimit"/>; beyond that the connection is closed.
/// </remarks>
internal sealed class BodyLimits(RequestDelegate next, TimeProvider clock)
{
    /// <summary>How much of a refused body is read and thrown away.</summary>
    internal const long DrainLimit = 8 * Mebi;

    private const long Mebi = 1024 * 1024;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(15);

    private static readonly (PathString Path, long Limit)[] Larger =
    [
        ("/api/voice-memos", 20 * Mebi),
        ("/api/profiles/me/avatar", 5 * Mebi),
    ];

    /// <summary>The largest body that a path takes, in bytes.</summary>
    internal static long LimitOf(PathString path)
    {
        foreach (var (prefix, limit) in Larger)
        {
            if (path.StartsWithSegments(prefix))
                return limit;
        }

        return ServiceDefaultsExtensions.BodyLimit;
    }

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false)
        {
            await next(http);
            return;
        }

        // The server's own limit would reset the connection; ours stands in its place.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = null;
        var limit = LimitOf(http.Request.Path);
        if (http.Request.ContentLength > limit)
        {
            await DrainAsync(http, http.Request.Body);
            throw TooLarge(limit);
        }

        var raw = http.Request.Body;
        var counted = new CountedBody(raw, limit);
        http.Request.Body = counted;
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException) when (counted.Exceeded && !http.Response.HasStarted)
        {
            await DrainAsync(http, raw);
            throw TooLarge(limit);
        }
    }

    private static ProblemException TooLarge(long limit) =>
        Problem.Of(413, "body-too-large", "The body is larger than this endpoint takes.", members: ("limitBytes", limit));

    private async Task DrainAsync(HttpContext http, Stream body)
    {
        // Whoever waits for "100 Continue" has sent nothing yet, and reads the answer instead.
        var waits = http.Request.Headers.Expect.ToString().Contains("100-continue", StringComparison.OrdinalIgnoreCase) && http.Request.ContentLength is not null;
        if (waits || !await ReadToEndAsync(http, body))
            http.Response.OnStarting(() =>
            {
                http.Response.Headers.Connection = "close";
                return Task.CompletedTask;
            });
    }

    private async Task<bool> ReadToEndAsync(HttpContext http, Stream body)
    {
        using var timeout = new CancellationTokenSource(DrainTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, http.RequestAborted);
        var buffer = new byte[64 * 1024];
        var left = DrainLimit;
        try
        {
            while (left > 0)
            {
                var read = await body.ReadAsync(buffer, either.Token);
                if (read == 0)
                    return true;
                left -= read;
            }

            return false;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>Registers <see cref="BodyLimits"/>.</summary>
internal static class BodyLimitExtensions
{
    public static IApplicationBuilder UseBodyLimits(this IApplicationBuilder app) => app.UseMiddleware<BodyLimits>();
}
