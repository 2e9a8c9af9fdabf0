using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Son1kVers3.ServiceDefaults.Health;

/// <summary><c>/health</c>: ready to serve (degraded counts as ready). <c>/alive</c>: the process answers.</summary>
public static class HealthExtensions
{
    /// <summary>Maps both, in every environment: a load balancer needs them most in production.</summary>
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteAsync }).DisableHttpMetrics();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }).DisableHttpMetrics();
        return app;
    }

    private static Task WriteAsync(HttpContext http, HealthReport report) => http.Response.WriteAsJsonAsync(
        new
        {
            status = JsonNamingPolicy.CamelCase.ConvertName(report.Status.ToString()),
            checks = report.Entries.ToDictionary(
                e => e.Key,
                e => new { status = JsonNamingPolicy.CamelCase.ConvertName(e.Value.Status.ToString()), detail = e.Value.Description }),
        });
}
