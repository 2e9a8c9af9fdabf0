using System.Net;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HttpOverrides;

namespace Son1kVers3.Gateway.Security;

/// <summary>Who may call from where: proxies in front of us, and origins of web pages.</summary>
internal static class SecurityExtensions
{
    private static readonly string[] ViteOrigins = ["http://localhost:5173", "http://127.0.0.1:5173"];
    private static readonly string[] ReadableHeaders = ["Retry-After", "RateLimit", "RateLimit-Policy", "Location", "ETag"];

    /// <summary><c>Gateway:KnownProxies</c> (addresses or networks) and <c>Gateway:AllowedOrigins</c>; either a list or one text with commas.</summary>
    public static void AddSecurity(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        builder.Services.Configure<ForwardedHeadersOptions>(options => TrustOnly(options, Values(configuration, "Gateway:KnownProxies")));
        var origins = Values(configuration, "Gateway:AllowedOrigins");
        if (origins.Count == 0 && builder.Environment.IsDevelopment())
            origins = ViteOrigins;
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => Allow(policy, origins)));
    }

    private static void TrustOnly(ForwardedHeadersOptions options, IReadOnlyList<string> proxies)
    {
        options.ForwardedHeaders = proxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        // Every hop from the right that is a proxy of ours is taken off; the first that is not is the caller.
        options.ForwardLimit = null;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (proxy.Contains('/'))
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            else
                options.KnownProxies.Add(IPAddress.Parse(proxy));
        }
    }

    private static void Allow(CorsPolicyBuilder policy, IReadOnlyList<string> origins) => policy
        .WithOrigins([.. origins])
        .AllowAnyMethod()
        .AllowAnyHeader()
        .AllowCredentials()
        .WithExposedHeaders(ReadableHeaders)
        .SetPreflightMaxAge(TimeSpan.FromHours(1));

    private static IReadOnlyList<string> Values(IConfiguration configuration, string key)
    {
        const StringSplitOptions Clean = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        var section = configuration.GetSection(key);
        return [.. section.GetChildren().Select(c => c.Value).Append(section.Value).OfType<string>().SelectMany(v => v.Split(',', Clean))];
    }
}
