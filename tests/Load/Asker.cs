using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Son1kVers3.Contracts;

namespace Son1kVers3.Load;

/// <summary>Asks billing in MassTransit's envelope over a bare channel, so that the service is measured and not its asker.</summary>
internal sealed class Asker : IAsyncDisposable
{
    private const string Exchange = "son1k.reserve-quota.v1";
    private static readonly BasicProperties Properties = new() { ContentType = "application/vnd.masstransit+json" };
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> waiting = [];
    private readonly Uri broker;
    private readonly string replies = $"load-{Guid.NewGuid():N}";
    private IConnection connection = null!;
    private IChannel channel = null!;

    private Asker(Uri broker) => this.broker = broker;

    public static async Task<Asker> StartAsync(string messaging)
    {
        var asker = new Asker(new Uri(messaging));
        asker.connection = await new ConnectionFactory { Uri = asker.broker }.CreateConnectionAsync();
        asker.channel = await asker.connection.CreateChannelAsync();
        await asker.channel.ExchangeDeclareAsync(asker.replies, ExchangeType.Fanout, durable: false, autoDelete: true);
        await asker.channel.QueueDeclareAsync(asker.replies, durable: false, exclusive: false, autoDelete: true);
        await asker.channel.QueueBindAsync(asker.replies, asker.replies, "");
        var consumer = new AsyncEventingBasicConsumer(asker.channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            using var envelope = JsonDocument.Parse(delivery.Body);
            if (asker.waiting.TryRemove(envelope.RootElement.GetProperty("requestId").GetGuid(), out var answered))
                answered.TrySetResult();
            return Task.CompletedTask;
        };
        await asker.channel.BasicConsumeAsync(asker.replies, autoAck: true, consumer);
        return asker;
    }

    /// <summary>Returns when the answer is there, and how long it took.</summary>
    public async Task<TimeSpan> AskAsync(ReserveQuota question)
    {
        var id = Guid.CreateVersion7();
        var answered = waiting[id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var envelope = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                messageId = id,
                requestId = id,
                responseAddress = $"rabbitmq://{broker.Host}:{broker.Port}{broker.AbsolutePath}/{replies}?temporary=true",
                messageType = new[] { $"urn:message:{typeof(ReserveQuota).Namespace}:{nameof(ReserveQuota)}" },
                message = question,
            },
            JsonSerializerOptions.Web);
        var begun = Stopwatch.GetTimestamp();
        await channel.BasicPublishAsync(Exchange, "", mandatory: false, Properties, envelope);
        await answered.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return Stopwatch.GetElapsedTime(begun);
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
