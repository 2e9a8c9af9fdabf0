using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Discovery;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>The error queues of this service and of others. Register it by <see cref="ErrorQueueClientExtensions.AddErrorQueueClient"/>.</summary>
public sealed class ErrorQueueClient
{
    internal const string ReadsName = "error-queues";
    internal const string ReplaysName = "replay-errors";

    private readonly IHttpClientFactory _clients;
    private readonly IConfiguration _configuration;
    private readonly ErrorQueues _own;

    internal ErrorQueueClient(IHttpClientFactory clients, IConfiguration configuration, ErrorQueues own) =>
        (_clients, _configuration, _own) = (clients, configuration, own);

    /// <summary>The queues of a service, or null when it does not answer.</summary>
    public async Task<IReadOnlyList<ErrorQueue>?> ListAsync(string service, CancellationToken cancellationToken)
    {
        if (service == _own.Service)
            return await _own.ListAsync(cancellationToken);
        using var client = Client(ReadsName, service);
        return await AskAsync(() => client.GetFromJsonAsync<List<ErrorQueue>>("/internal/commands/error-queues", cancellationToken), cancellationToken);
    }

    /// <summary>Tries everything again that is in the error queue of <paramref name="queue"/>; returns how much that was, or null when its service does not answer.</summary>
    /// <param name="service">One that is known: it is shown the service credential.</param>
    /// <param name="queue">As <see cref="ListAsync"/> names it.</param>
    /// <param name="cancellationToken">Ends the wait; what was moved until then stays moved.</param>
    /// <exception cref="ProblemException">404: there is no such queue.</exception>
    public async Task<long?> ReplayAsync(string service, string queue, CancellationToken cancellationToken)
    {
        if (service == _own.Service)
            return await _own.ReplayAsync(queue, cancellationToken);
        using var client = Client(ReplaysName, service);
        using var answer = await AskAsync(() => client.PostAsJsonAsync("/internal/commands/replay-errors", new ReplayErrors(queue), cancellationToken)!, cancellationToken);
        if (answer?.StatusCode == HttpStatusCode.NotFound)
            throw Problem.NotFound("queue");
        return answer?.IsSuccessStatusCode == true ? (await answer.Content.ReadFromJsonAsync<ReplayedErrors>(cancellationToken))!.Messages : null;
    }

    /// <summary>Null for each way of not answering: refused, too late, failing again and again.</summary>
    private static async Task<T?> AskAsync<T>(Func<Task<T?>> ask, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private HttpClient Client(string name, string service)
    {
        var client = _clients.CreateClient(name);
        client.BaseAddress = new Uri($"http://{service}");
        client.DefaultRequestHeaders.Add(ServiceCredential.Header, _configuration[ServiceCredential.Setting]);
        return client;
    }
}

/// <summary>Registers <see cref="ErrorQueueClient"/>.</summary>
public static class ErrorQueueClientExtensions
{
    /// <summary>Needs <c>Internal:Credential</c>, the same in every service. Call it after <c>AddMessaging</c>.</summary>
    public static IServiceCollection AddErrorQueueClient(this IServiceCollection services)
    {
        services.AddServiceReads(ErrorQueueClient.ReadsName);
        // A long queue takes its time, and half of a replay that is asked for again is done twice.
        services.AddHttpClient(ErrorQueueClient.ReplaysName, client => client.Timeout = TimeSpan.FromSeconds(60)).AddServiceDiscovery();
        return services.AddSingleton(provider => new ErrorQueueClient(
            provider.GetRequiredService<IHttpClientFactory>(), provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<ErrorQueues>()));
    }
}
