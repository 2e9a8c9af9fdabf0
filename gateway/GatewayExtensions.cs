using System.Text;
using Son1kVers3.Gateway.ApiKeys;
using Son1kVers3.Gateway.Bodies;
using Son1kVers3.Gateway.Documents;
using Son1kVers3.Gateway.Health;
using Son1kVers3.Gateway.RateLimits;
using Son1kVers3.Gateway.Redis;
using Son1kVers3.Gateway.Routing;
using Son1kVers3.Gateway.Security;
using Son1kVers3.Gateway.Streams;
using Son1kVers3.Gateway.WebApp;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Health;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Telemetry;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Gateway;

/// <summary>The one public origin, put together: what it consists of, and in which order a request meets it.</summary>
internal static class GatewayExtensions
{
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults("gateway");
        builder.AddRedisClient("redis");
        // What services answer goes through as it came, too.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.TellRefusals();
        });
        builder.BindToOwnPort();
        builder.AddSecurity();
        builder.Services.AddApiKeys();
        builder.Services.AddRateLimits();
        builder.Services.AddWarmUp<RedisWarmUp>();
        builder.Services.AddStreamLimit();
        builder.Services.AddProxy();
        builder.Services.AddDocuments();
        builder.Services.AddWebApp();
        builder.Services.AddServicesHealth();
    }

    public static void UseGateway(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseNoStore();
        app.UseProblems();
        app.UseCors();
        app.UseRequestHeadLimits();
        app.UseRequestHeaderHygiene();
        app.UseWebApp();
        app.UseRouting();
        app.UseSpanNames();
        app.UseApiKeys();
        app.UseAuthentication();
        app.UseRateLimits();
        app.UseTokenCheck();
        app.UseScopes();
        app.UseOperatorCheck();
        app.UseBodyLimits();
        app.MapHealth();
        app.MapWebApp();
        app.MapDocuments();
        app.MapApiReference();
        app.MapProxy();
    }
}
