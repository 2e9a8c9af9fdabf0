using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using RabbitMQ.Client.Exceptions;
using Event = Son1kVers3.Contracts.Event;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>What became of publishing one row.</summary>
internal abstract record PublishOutcome
{
    /// <summary>The broker confirmed it.</summary>
    internal sealed record Confirmed : PublishOutcome;

    /// <summary>The broker does not answer: nothing is known of the row.</summary>
    internal sealed record Away(string Reason) : PublishOutcome;

    /// <summary>This row cannot be published, though others may.</summary>
    /// <param name="ForEver">No later attempt can end otherwise.</param>
    internal sealed record Refused(string Error, bool ForEver) : PublishOutcome;
}

/// <summary>Publishes rows of the outbox, and never waits longer than <see cref="ConfirmTimeout"/>.</summary>
/// <remarks>
/// While the broker is dead, MassTransit's publish waits for its return whatever its token says. Whoever waited long enough leaves it to itself; a row whose
/// publish is still on its way is not published a second time, but waited for.
/// </remarks>
internal sealed class OutboxPublisher(IBus bus)
{
    internal static readonly ActivitySource Source = new("Son1kVers3.Outbox");
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(5);
    // A publish that a lost connection has swallowed never ends: after this long it counts as lost.
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<Guid, Sending> _underWay = [];

    public async Task<PublishOutcome> PublishAsync(OutboxMessage row, CancellationToken cancellationToken)
    {
        object message;
        Type type;
        try
        {
            type = typeof(Event).Assembly.GetType(row.Type, throwOnError: true)!;
            message = JsonSerializer.Deserialize(row.Payload, type, JsonSerializerOptions.Web) ?? throw new JsonException("The payload is null.");
        }
        catch (Exception e)
        {
            return new PublishOutcome.Refused(e.Message, ForEver: true);
        }

        try
        {
            await Begin(row, message, type).WaitAsync(ConfirmTimeout, cancellationToken);
            return new PublishOutcome.Confirmed();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return IsAway(e) ? new PublishOutcome.Away(e.Message) : new PublishOutcome.Refused(e.Message, ForEver: false);
        }
    }

    private Task Begin(OutboxMessage row, object message, Type type)
    {
        if (_underWay.TryGetValue(row.Id, out var before) && TimeProvider.System.GetElapsedTime(before.Begun) < LostAfter)
            return before.Task;
        // Apart from the relay: sending to a dead broker may not even return.
        var task = Task.Run(() => SendAsync(row, message, type));
        var sending = _underWay[row.Id] = new Sending(task, TimeProvider.System.GetTimestamp());
        _ = task.ContinueWith(
            sent => _ = (sent.Exception, _underWay.TryRemove(KeyValuePair.Create(row.Id, sending))), TaskContinuationOptions.ExecuteSynchronously);
        return task;
    }

    private async Task SendAsync(OutboxMessage row, object message, Type type)
    {
        ActivityContext.TryParse(row.TraceParent, null, isRemote: true, out var parent);
        using var activity = Source.StartActivity($"relay {type.Name}", ActivityKind.Internal, parent);
        await bus.Publish(message, type, context => context.MessageId = row.Id, CancellationToken.None);
    }

    private sealed record Sending(Task Task, long Begun);

    /// <summary>Whether an exception tells of the connection, not of the message.</summary>
    internal static bool IsAway(Exception? exception) => exception switch
    {
        null => false,
        TimeoutException or OperationCanceledException or IOException or System.Net.Sockets.SocketException => true,
        ConnectionException or BrokerUnreachableException or AlreadyClosedException => true,
        // 404, 405 and 406 close a channel for what was asked on it; 3xx and 5xx a connection for reasons of the broker's.
        OperationInterruptedException interrupted => interrupted.ShutdownReason?.ReplyCode is not (>= 400 and < 500),
        _ => IsAway(exception.InnerException),
    };
}
