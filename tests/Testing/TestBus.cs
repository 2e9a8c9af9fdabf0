using System.Collections.Concurrent;
using MassTransit;
using Son1kVers3.ServiceDefaults.Messaging;
using Event = Son1kVers3.Contracts.Event;

namespace Son1kVers3.Testing;

/// <summary>The rest of the platform, for a service under test: publishes its events, hears those of the service, and answers its questions.</summary>
public sealed class TestBus : IAsyncDisposable
{
    private readonly ConcurrentQueue<object> heard = [];
    private IBusControl bus = null!;

    private TestBus()
    {
    }

    /// <summary>Connects to a virtual host.</summary>
    /// <param name="messaging">The broker's connection string.</param>
    /// <param name="configure">What it hears and answers: <c>endpoint =&gt; endpoint.Handler&lt;ReserveQuota&gt;(…)</c>, <see cref="Hear{T}"/>.</param>
    public static async Task<TestBus> StartAsync(string messaging, Action<TestBus, IReceiveEndpointConfigurator>? configure = null)
    {
        var test = new TestBus();
        test.bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(messaging));
            rabbit.UseContractTopology();
            rabbit.ReceiveEndpoint(endpoint =>
            {
                endpoint.PrefetchCount = 64;
                configure?.Invoke(test, endpoint);
            });
        });
        await test.bus.StartAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
        return test;
    }

    /// <summary>Keeps every <typeparamref name="T"/> for <see cref="Heard{T}"/>.</summary>
    public void Hear<T>(IReceiveEndpointConfigurator endpoint)
        where T : class => endpoint.Handler<T>(context =>
        {
            heard.Enqueue(context.Message);
            return Task.CompletedTask;
        });

    /// <summary>What was heard so far, redeliveries included.</summary>
    public IReadOnlyList<T> Heard<T>() => [.. heard.OfType<T>()];

    /// <summary>Publishes as another service would: an event's id is the message id, a command gets one.</summary>
    public Task PublishAsync<T>(T message)
        where T : class => bus.Publish(message, context => context.MessageId = (message as Event)?.EventId ?? Guid.CreateVersion7());

    /// <summary>Publishes events of different kinds, in their order.</summary>
    public async Task PublishAllAsync(IEnumerable<Event> events)
    {
        foreach (var e in events)
            await bus.Publish(e, e.GetType(), context => context.MessageId = e.EventId);
    }

    /// <summary>Asks a question of the service under test.</summary>
    public async Task<TAnswer> AskAsync<TQuestion, TAnswer>(TQuestion question, TimeSpan? timeout = null)
        where TQuestion : class
        where TAnswer : class =>
        (await bus.CreateRequestClient<TQuestion>(timeout ?? TimeSpan.FromMinutes(1)).GetResponse<TAnswer>(question)).Message;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await bus.StopAsync();
}
