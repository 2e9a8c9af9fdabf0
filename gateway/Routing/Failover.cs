using Microsoft.AspNetCore.Http.Features;
using Son1kVers3.ServiceDefaults.Problems;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Son1kVers3.Gateway.Routing;

/// <summary>Tries another replica where that is safe, and says in our words what could not be reached.</summary>
/// <remarks>
/// A request that never got a connection was not sent, so any method may go to the next replica. One that broke later may have had
/// its effect: only reads are repeated. The answer of a service that is away is 503 with <c>Retry-After</c>, never 502 or 504.
/// </remarks>
internal sealed class Failover(RequestDelegate next)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext http)
    {
        var proxy = http.GetReverseProxyFeature();
        // Load balancing narrows the feature's list down to its choice, so the others are kept here. Those that count as sick come last:
        // they may have recovered since, and are better than none.
        var available = proxy.AvailableDestinations;
        List<List<DestinationState>>? untried = null;
        while (true)
        {
            await next(http);
            if (http.Response.HasStarted)
                return;

            if (http.Features.Get<IForwarderErrorFeature>() is not { } error)
            {
                if (proxy.ProxiedDestination is null && http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
                    throw Away(proxy);
                return;
            }

            untried ??= [[.. available], [.. proxy.AllDestinations.Except(available)]];
            untried.ForEach(group => group.RemoveAll(destination => destination == proxy.ProxiedDestination));
            untried.RemoveAll(group => group.Count == 0);
            if (untried.Count == 0 || !MayRepeat(http, error))
                throw ProblemOf(http, proxy, error);

            proxy.AvailableDestinations = [.. untried[0]];
            proxy.ProxiedDestination = null;
            http.Features.Set<IForwarderErrorFeature>(null);
            http.Response.StatusCode = StatusCodes.Status200OK;
        }
    }

    /// <summary>Whether the service can't have seen anything of the request.</summary>
    internal static bool NeverConnected(IForwarderErrorFeature error) =>
        error.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    private static bool MayRepeat(HttpContext http, IForwarderErrorFeature error)
    {
        if (http.RequestAborted.IsCancellationRequested)
            return false;
        if (NeverConnected(error))
            return true;
        var hasBody = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        return !hasBody && error.Error == ForwarderError.Request && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method));
    }

    private static Exception ProblemOf(HttpContext http, IReverseProxyFeature proxy, IForwarderErrorFeature error)
    {
        if (http.RequestAborted.IsCancellationRequested)
            return new OperationCanceledException(http.RequestAborted);

        // Reading the caller's body failed: too long, or malformed chunks. It is the caller's error, not the service's.
        return Find<BadHttpRequestException>(error.Exception) ?? (Exception)Away(proxy);
    }

    private static ProblemException Away(IReverseProxyFeature proxy) =>
        Problem.Unavailable($"The part '{proxy.Cluster.Config.ClusterId}' cannot be reached just now; try again in a moment.", RetryAfter);

    private static T? Find<T>(Exception? exception)
        where T : Exception => exception switch
        {
            null => null,
            T found => found,
            AggregateException many => many.InnerExceptions.Select(Find<T>).FirstOrDefault(e => e is not null),
            _ => Find<T>(exception.InnerException),
        };
}
