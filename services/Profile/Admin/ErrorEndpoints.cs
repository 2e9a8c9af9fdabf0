using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Admin;

/// <summary>What the services could not apply or publish.</summary>
/// <param name="Items">Each queue of each service that answered, the fullest first.</param>
/// <param name="Away">Services that did not answer: of these nothing is known at the moment.</param>
internal sealed record ErrorsView(IReadOnlyList<ErrorQueueView> Items, IReadOnlyList<string> Away);

/// <summary>One queue.</summary>
/// <param name="Service">Whose it is.</param>
/// <param name="Queue">For example <c>pool.generation-completed</c>; <c>pool.outbox</c> for what could not be published.</param>
/// <param name="Messages">How many wait for an operator.</param>
internal sealed record ErrorQueueView(string Service, string Queue, long Messages);

/// <summary>The error queues of all services, for operators.</summary>
internal static class ErrorEndpoints
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    /// <summary>All that take part in the conversation.</summary>
    private static readonly string[] Services = ["profile", "billing", "pool", "stealth", "generation"];

    public static void AddErrorQueues(this WebApplicationBuilder builder) => builder.Services.AddErrorQueueClient();

    public static void MapErrors(this WebApplication app)
    {
        var errors = app.MapGroup("/api/admin/errors").WithTags("Operators").RequireAuthorization(Roles.Operator);
        errors.MapGet("", ListAsync);
        errors.MapPost("/{queue}/replay", ReplayAsync).Refuses(503);
    }

    [EndpointName("ListErrors"), EndpointSummary("What services could not process (operators)")]
    [EndpointDescription("How many messages wait in the error queues, queue by queue, the empty ones too. A service that does not answer stands under `away`, and the others are told all the same.")]
    private static async Task<Ok<ErrorsView>> ListAsync([FromServices] ErrorQueueClient client, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(Services.Select(async service => (Service: service, Queues: await client.ListAsync(service, cancellationToken))));
        return TypedResults.Ok(new ErrorsView(
            [.. answers.SelectMany(a => a.Queues ?? [], (a, q) => new ErrorQueueView(a.Service, q.Queue, q.Messages)).OrderByDescending(q => q.Messages).ThenBy(q => q.Queue, StringComparer.Ordinal)],
            [.. answers.Where(a => a.Queues is null).Select(a => a.Service)]));
    }

    [EndpointName("ReplayErrors"), EndpointSummary("Try the messages of an error queue again (operators)")]
    [EndpointDescription("All that wait in it now; what was applied already is ignored. Answers how many that were. 404 for a queue that no service has; 503 when its service does not answer.")]
    private static async Task<Ok<ReplayedErrors>> ReplayAsync(string queue, [FromServices] ErrorQueueClient client, CancellationToken cancellationToken)
    {
        // Only services of ours are asked: the name comes from outside, and whoever is asked sees the credential.
        var service = Array.Find(Services, s => queue.StartsWith($"{s}.", StringComparison.Ordinal)) ?? throw Problem.NotFound("queue");
        var messages = await client.ReplayAsync(service, queue, cancellationToken) ?? throw Problem.Unavailable($"The service {service} does not answer. Try again later.", Retry);
        return TypedResults.Ok(new ReplayedErrors(messages));
    }
}
