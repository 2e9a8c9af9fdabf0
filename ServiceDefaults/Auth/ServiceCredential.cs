using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.ServiceDefaults.Auth;

/// <summary>The secret that services and operators' tools show each other at <c>/internal</c>; the gateway takes it off every request from outside.</summary>
public static class ServiceCredential
{
    /// <summary>The header that carries it.</summary>
    public const string Header = "X-Service-Credential";

    /// <summary>Where it is configured. Without it nobody gets in.</summary>
    public const string Setting = "Internal:Credential";

    /// <summary>401 without the credential.</summary>
    public static TBuilder RequireServiceCredential<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        var wanted = http.RequestServices.GetRequiredService<IConfiguration>()[Setting];
        return !string.IsNullOrEmpty(wanted) && IsSame(http.Request.Headers[Header].ToString(), wanted)
            ? await next(context)
            : throw Problem.Of(401, "unauthorized", $"Send the service credential as {Header}.");
    });

    private static bool IsSame(string given, string wanted) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(wanted)));
}
