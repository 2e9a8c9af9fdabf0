using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Son1kVers3.AppHost;

/// <summary>What operators do from the dashboard: buttons on the services, which call <c>/internal/commands/…</c> with the credential that all services share.</summary>
internal static class Commands
{
    private const string Header = "X-Service-Credential";
    private const string Queue = "queue";
    private const string Provider = "provider";
    private const string ClientName = "commands";

    /// <summary>Compares every balance with the ledger's entries.</summary>
    public static IResourceBuilder<ProjectResource> WithLedgerCheck(this IResourceBuilder<ProjectResource> billing, IResourceBuilder<ParameterResource> credential) =>
        billing.WithCommand("ledger-check", "Check the ledger", credential, new HttpCommandOptions
        {
            Description = "Lists every difference between the ledger's entries and its balances; the healthy answer is none.",
            IconName = "ClipboardCheckmark",
            IsHighlighted = true,
        });

    /// <summary>Lists what a service could not apply, and applies it again.</summary>
    public static IResourceBuilder<ProjectResource> WithErrorQueues(this IResourceBuilder<ProjectResource> service, IResourceBuilder<ParameterResource> credential) =>
        service
            .WithCommand("error-queues", "List the error queues", credential, new HttpCommandOptions
            {
                Method = HttpMethod.Get,
                Description = "How many messages this service could not apply, queue by queue.",
                IconName = "MailAlert",
            })
            .WithCommand("replay-errors", "Replay an error queue", credential, new HttpCommandOptions
            {
                Description = "Hands the messages that this service could not apply to it again; what it has applied already it ignores.",
                IconName = "ArrowReplyAll",
                Arguments = [new InteractionInput { Name = Queue, Label = "Queue", InputType = InputType.Text, Required = true, Placeholder = $"{service.Resource.Name}.generation-completed" }],
            });

    /// <summary>Moves a provider's rotation on to the account whose turn it is.</summary>
    public static IResourceBuilder<ProjectResource> WithRotation(this IResourceBuilder<ProjectResource> stealth, IResourceBuilder<ParameterResource> credential) =>
        stealth.WithCommand("rotate", "Rotate a provider", credential, new HttpCommandOptions
        {
            Description = "Answers the account whose turn it is, with every limit checked, and moves on; no request is spent.",
            IconName = "ArrowRotateClockwise",
            Arguments = [new InteractionInput { Name = Provider, Label = "Provider", InputType = InputType.Text, Required = true, Placeholder = "ace-step" }],
        });

    private static IResourceBuilder<ProjectResource> WithCommand(
        this IResourceBuilder<ProjectResource> service, string name, string displayName, IResourceBuilder<ParameterResource> credential, HttpCommandOptions options)
    {
        var builder = service.ApplicationBuilder;
        if (!builder.ExecutionContext.IsRunMode)
            return service;
        builder.Services.AddHttpClient(ClientName, client => client.Timeout = TimeSpan.FromMinutes(2));
        options.HttpClientName = ClientName;
        options.ResultMode = HttpCommandResultMode.Json;
        options.PrepareRequest = async context =>
        {
            context.Request.Headers.Add(Header, await credential.Resource.GetValueAsync(context.CancellationToken));
            if (options.Arguments.Count > 0)
                context.Request.Content = JsonContent.Create(options.Arguments.ToDictionary(argument => argument.Name, argument => context.Arguments[argument.Name].Value));
        };
        return service.WithHttpCommand($"/internal/commands/{name}", displayName, endpointName: "http", commandName: name, options);
    }
}
