using System.Text.Json;
using Son1kVers3.ServiceDefaults.Discovery;

namespace Son1kVers3.Gateway.Documents;

/// <summary>What describes the API: merged OpenAPI, and AsyncAPI.</summary>
internal static class DocumentExtensions
{
    public static IServiceCollection AddDocuments(this IServiceCollection services)
    {
        // A description is made when it is first asked for, which takes a busy machine seconds.
        services.AddServiceReads(OpenApiDocument.ClientName, attempt: TimeSpan.FromSeconds(10));
        return services.AddSingleton<OpenApiDocument>();
    }

    public static IEndpointRouteBuilder MapDocuments(this IEndpointRouteBuilder app)
    {
        var events = JsonSerializer.SerializeToUtf8Bytes(AsyncApiDocument.Build());
        app.MapGet("/openapi/v1.json", async (OpenApiDocument document, CancellationToken cancellationToken) =>
            Results.Bytes(await document.GetAsync(cancellationToken), "application/json"));
        app.MapGet("/asyncapi/v1.json", () => Results.Bytes(events, "application/json"));
        return app;
    }
}
