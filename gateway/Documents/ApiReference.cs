using System.Security.Cryptography;
using Scalar.AspNetCore;
using Son1kVers3.Gateway.Security;

namespace Son1kVers3.Gateway.Documents;

/// <summary>The browsable reference at <c>/docs</c>: Scalar over the merged OpenAPI document, with nothing from any other origin.</summary>
internal static class ApiReference
{
    private const string Address = "/docs";

    public static IEndpointRouteBuilder MapApiReference(this IEndpointRouteBuilder app)
    {
        app.MapScalarApiReference(Address, Configure);
        return app;
    }

    private static void Configure(ScalarOptions options, HttpContext http)
    {
        // The page starts itself by one inline script, which only this nonce lets run.
        var nonce = new ScriptNonce(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        http.Features.Set(nonce);
        http.Response.Headers.CacheControl = "no-store";
        options.WithTitle("Son1kVers3 API").WithOpenApiRoutePattern("/openapi/v1.json").WithFavicon("/favicon.svg").WithNonce(nonce.Value)
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton().HideDeveloperTools();
    }
}
