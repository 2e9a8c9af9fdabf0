using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>For operators' tools and for profile, which shows all services' error queues; never routed from outside.</summary>
internal static class ErrorQueueEndpoints
{
    public static void MapErrorQueues(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<ErrorQueues>() is null)
            return;
        var commands = app.MapGroup("/internal/commands").RequireServiceCredential().ExcludeFromDescription();
        commands.MapGet("/error-queues", ListAsync);
        commands.MapPost("/replay-errors", ReplayAsync);
    }

    private static async Task<Ok<IReadOnlyList<ErrorQueue>>> ListAsync(ErrorQueues queues, CancellationToken cancellationToken) =>
        TypedResults.Ok(await queues.ListAsync(cancellationToken));

    private static async Task<Ok<ReplayedErrors>> ReplayAsync(Body<ReplayErrors> body, ErrorQueues queues, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        return TypedResults.Ok(new ReplayedErrors(await queues.ReplayAsync(request.Queue ?? "", cancellationToken)));
    }
}

/// <summary>Asks for everything in the error queue of <paramref name="Queue"/> to be tried again.</summary>
public sealed record ReplayErrors(string? Queue);

/// <summary>How many messages went back.</summary>
public sealed record ReplayedErrors(long Messages);
