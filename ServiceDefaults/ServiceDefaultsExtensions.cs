using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Health;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Telemetry;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.ServiceDefaults;

/// <summary>What every service has in common, so that its <c>Program.cs</c> only says what is its own.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The largest body of an ordinary request; an endpoint that takes more says so by itself.</summary>
    public const long BodyLimit = 1_000_000;

    /// <summary>Telemetry, health, authentication, problem details, validation, OpenAPI and JSON, for the service of this name.</summary>
    /// <remarks>Validators (<see cref="IValidator{T}"/>) of the service's own assembly are found by themselves.</remarks>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string service)
    {
        builder.AddServiceTelemetry(service);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit;
            RequestHeadLimits.Widen(kestrel.Limits);
            // Browsers send cookies in any charset: every byte is a character here, and none a reason to refuse the request.
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new NulCharacters.Converter());
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services.AddSingleton(services => new CursorSeal(services.GetRequiredService<IConfiguration>()[ServiceCredential.Setting]));
        builder.Services.AddProblems();
        builder.Services.AddServiceAuth();
        builder.Services.AddWarmUps();
        builder.Services.AddApiDescription();
        var validators = AssemblyScanner.FindValidatorsInAssembly(Assembly.Load(builder.Environment.ApplicationName), includeInternalTypes: true);
        foreach (var validator in validators)
            builder.Services.AddSingleton(validator.InterfaceType, validator.ValidatorType);
        return builder;
    }

    /// <summary>The pipeline, in its order, and the endpoints that every service has. Endpoints of the service follow.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseProblems();
        app.UseRequestHeadLimits();
        app.UseNulGuard();
        app.UseRouting();
        app.UseSpanNames();
        app.UseAuthentication();
        app.UseScopes();
        app.UseAuthorization();
        app.UseIdempotency();
        app.MapHealth();
        app.MapErrorQueues();
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }
}
