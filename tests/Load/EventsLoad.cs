extern alias pool;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Load;

/// <summary>How long an event takes from its making within a request to a subscriber at the broker: commit, relay and broker together.</summary>
internal static class EventsLoad
{
    private const int Tracks = 1000;

    public static async Task RunAsync(string[] args)
    {
        await using var service = await ServiceHost<pool::Program>.StartAsync("pool");
        await using var database = NpgsqlDataSource.Create(service.Database);
        await new PoolScaleSeed(Tracks, Tracks * 3, 10, 100).FillAsync(database);
        await using var subscriber = await Subscriber.StartAsync(service.Messaging);
        await LikeAsync(service, 500, callers: 4, TimeSpan.Zero);
        await subscriber.CaughtUpAsync(500);
        await MeasureAsync("one at a time", 500, callers: 1, TimeSpan.FromMilliseconds(10));
        await MeasureAsync("sixteen at a time", 4000, callers: 16, TimeSpan.Zero);

        async Task MeasureAsync(string how, int requests, int callers, TimeSpan pause)
        {
            subscriber.Latencies.Clear();
            var begun = Stopwatch.GetTimestamp();
            await LikeAsync(service, requests, callers, pause);
            var perSecond = requests / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            await subscriber.CaughtUpAsync(requests);
            var times = new Percentiles(subscriber.Latencies);
            Console.WriteLine(
                $"{how,-17} {perSecond,6:F0} likes/s   event at its subscriber: p50 {times.At(50):F1} ms, p99 {times.At(99):F1} ms, max {times.At(100):F1} ms   load {LoadAverage.Now}");
        }
    }

    /// <summary>Each like is of another member.</summary>
    private static async Task LikeAsync(ServiceHost<pool::Program> service, int requests, int callers, TimeSpan pause)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (int n; (n = Interlocked.Increment(ref next)) < requests;)
            {
                using var answer = await service.Client(Guid.CreateVersion7()).PutAsync($"/api/community/pool/{PoolScaleLoad.Track(1 + (n % Tracks))}/like", null);
                answer.EnsureSuccessStatusCode();
                await Task.Delay(pause);
            }
        })));
    }

    /// <summary>A bare queue at the broker: no consumer's work is measured.</summary>
    private sealed class Subscriber : IAsyncDisposable
    {
        private IConnection _connection = null!;
        private IChannel _channel = null!;

        public ConcurrentBag<TimeSpan> Latencies { get; } = [];

        public static async Task<Subscriber> StartAsync(string messaging)
        {
            var subscriber = new Subscriber();
            subscriber._connection = await new ConnectionFactory { Uri = new Uri(messaging) }.CreateConnectionAsync();
            var channel = subscriber._channel = await subscriber._connection.CreateChannelAsync();
            var exchange = Son1kVers3.ServiceDefaults.Messaging.MessageNames.ExchangeOf(typeof(TrackLiked));
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
            var queue = await channel.QueueDeclareAsync();
            await channel.QueueBindAsync(queue.QueueName, exchange, "");
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, delivery) =>
            {
                var now = DateTimeOffset.UtcNow;
                using var envelope = JsonDocument.Parse(delivery.Body);
                subscriber.Latencies.Add(now - envelope.RootElement.GetProperty("message").GetProperty("occurredAt").GetDateTimeOffset());
                return Task.CompletedTask;
            };
            await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
            return subscriber;
        }

        public async Task CaughtUpAsync(int events)
        {
            while (Latencies.Count < events)
                await Task.Delay(10);
        }

        public async ValueTask DisposeAsync()
        {
            await _channel.DisposeAsync();
            await _connection.DisposeAsync();
        }
    }
}
