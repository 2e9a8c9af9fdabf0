using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>What one service could not process, or not publish.</summary>
/// <param name="Queue">The queue that the messages came from, for example <c>pool.generation-completed</c>; <c>pool.outbox</c> for what could not be published.</param>
/// <param name="Messages">How many wait for an operator.</param>
public sealed record ErrorQueue(string Queue, long Messages);

/// <summary>The error queues of this service: how much is in them, and back to where it came from.</summary>
internal sealed class ErrorQueues(string service, IReadOnlyList<string> queues, IConfiguration configuration, OutboxStore outbox)
{
    private static readonly string[] FaultHeaders = ["MT-Fault-", "MT-Reason", "MT-Host-", "x-death", "x-first-death-", "x-last-death-", "x-delivery-count"];

    /// <summary>Whose they are.</summary>
    public string Service { get; } = service;

    private string OutboxName => $"{Service}.outbox";

    /// <summary>All of them, also the empty ones.</summary>
    public async Task<IReadOnlyList<ErrorQueue>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        var found = new List<ErrorQueue> { new(OutboxName, await outbox.CountSetAsideAsync(cancellationToken)) };
        foreach (var queue in queues)
            found.Add(new ErrorQueue(queue, await CountAsync(connection, queue, cancellationToken)));
        return found;
    }

    /// <summary>Moves everything that is in a queue's error queue now back into the queue; returns how much that was.</summary>
    /// <exception cref="ProblemException">404: this service has no such queue.</exception>
    public async Task<long> ReplayAsync(string queue, CancellationToken cancellationToken)
    {
        if (queue == OutboxName)
            return await outbox.ReplayAsync(cancellationToken);
        if (!queues.Contains(queue))
            throw Problem.NotFound("queue");
        await using var connection = await ConnectAsync(cancellationToken);
        var waiting = await CountAsync(connection, queue, cancellationToken);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), cancellationToken);
        for (var moved = 0L; moved < waiting; moved++)
        {
            if (await channel.BasicGetAsync(ErrorQueueOf(queue), autoAck: false, cancellationToken) is not { } message)
                return moved;
            // Taken off only once the broker has confirmed the copy: a message may come twice, which the inbox knows, but is never lost.
            await channel.BasicPublishAsync("", queue, mandatory: true, Cleaned(message.BasicProperties), message.Body, cancellationToken);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
        }

        return waiting;
    }

    private static string ErrorQueueOf(string queue) => $"{queue}_error";

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken) =>
        await new ConnectionFactory { Uri = new Uri(configuration.GetConnectionString("messaging")!) }.CreateConnectionAsync($"{Service} error queues", cancellationToken);

    private static async Task<long> CountAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        // What is missing closes the channel that asked.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return await channel.MessageCountAsync(ErrorQueueOf(queue), cancellationToken);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0;
        }
    }

    /// <summary>Without what the failure has written into the headers.</summary>
    private static BasicProperties Cleaned(IReadOnlyBasicProperties properties) => new(properties)
    {
        Headers = properties.Headers?.Where(header => !FaultHeaders.Any(fault => header.Key.StartsWith(fault, StringComparison.Ordinal)))
            .ToDictionary(header => header.Key, header => header.Value),
    };
}
