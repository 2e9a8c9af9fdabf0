using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.ServiceDefaults.Validation;

/// <summary>How long addresses and headers may be.</summary>
/// <remarks>What the server refuses by itself has no body, and nothing can give it one: so its own limits are wide, and ours inside of them are told as problems.</remarks>
public static class RequestHeadLimits
{
    private const int LongestAddress = 8 * 1024;
    private const int LargestHeaders = 32 * 1024;
    private const int MostHeaders = 100;

    /// <summary>Several times ours.</summary>
    internal static void Widen(KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = 8 * LongestAddress;
        limits.MaxRequestHeadersTotalSize = 8 * LargestHeaders;
        limits.MaxRequestHeaderCount = 8 * MostHeaders;
    }

    /// <summary>414 and 431.</summary>
    public static IApplicationBuilder UseRequestHeadLimits(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Features.Get<IHttpRequestFeature>()?.RawTarget.Length > LongestAddress)
            throw Problem.Of(414, "uri-too-long", "The address is longer than 8 kB.");
        var headers = http.Request.Headers;
        var size = 0;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
                size += name.Length + (value?.Length ?? 0);
        }

        if (size > LargestHeaders || headers.Count > MostHeaders)
            throw Problem.Of(431, "headers-too-large", "The headers are larger than 32 kB, or more than 100.");
        return next(http);
    });
}
