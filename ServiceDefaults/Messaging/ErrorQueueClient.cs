using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Discovery;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>The error queues of other services. Register it by <see cref="ErrorQueueClientExtensions.AddErrorQueueClient"/>.</summary>
public sealed class ErrorQueueClient(IHttpClientFactory clients, IConfiguration configuration)
{
    internal const string ClientName = "error-queues";

    /// <summary>The queues of a service.</summary>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    public async Task<IReadOnlyList<ErrorQueue>> ListAsync(string service, CancellationToken cancellationToken)
    {
        using var client = Client(service);
        return await client.GetFromJsonAsync<List<ErrorQueue>>("/internal/commands/error-queues", cancellationToken) ?? [];
    }

    /// <summary>Tries everything again that is in the error queue of <paramref name="queue"/>; its service is named before the first dot.</summary>
    /// <exception cref="ProblemException">404: there is no such queue.</exception>
    /// <exception cref="HttpRequestException">The service does not answer.</exception>
    public async Task<long> ReplayAsync(string queue, CancellationToken cancellationToken)
    {
        using var client = Client(queue.Split('.')[0]);
        using var answer = await client.PostAsJsonAsync("/internal/commands/replay-errors", new ReplayErrors(queue), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            throw Problem.NotFound("queue");
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<ReplayedErrors>(cancellationToken))!.Messages;
    }

    private HttpClient Client(string service)
    {
        var client = clients.CreateClient(ClientName);
        client.BaseAddress = new Uri($"http://{service}");
        client.DefaultRequestHeaders.Add(ServiceCredential.Header, configuration[ServiceCredential.Setting]);
        return client;
    }
}

/// <summary>Registers <see cref="ErrorQueueClient"/>.</summary>
public static class ErrorQueueClientExtensions
{
    /// <summary>Needs <c>Internal:Credential</c>, the same in every service.</summary>
    public static IServiceCollection AddErrorQueueClient(this IServiceCollection services)
    {
        services.AddServiceReads(ErrorQueueClient.ClientName);
        return services.AddSingleton<ErrorQueueClient>();
    }
}
