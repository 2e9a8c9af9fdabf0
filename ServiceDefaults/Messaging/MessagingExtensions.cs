using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Health;
using Event = Son1kVers3.Contracts.Event;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>A service's part in the conversation: what it handles, answers and asks.</summary>
public sealed class MessagingBuilder
{
    internal MessagingBuilder(string service) => Service = service;

    internal List<Action<IBusRegistrationConfigurator>> Consumers { get; } = [];
    internal List<Action<IRabbitMqBusFactoryConfigurator, IBusRegistrationContext>> Endpoints { get; } = [];
    internal List<Action<IServiceCollection>> Services { get; } = [];
    internal List<Action<IServiceCollection>> Bounds { get; } = [];
    internal List<string> Queues { get; } = [];
    internal string Service { get; }

    /// <summary>
    /// Handles an event from the queue <c>{service}.{event}</c>; one handler an event.
    /// With <paramref name="latestOnly"/> an event whose sequence is not above the last one applied for its aggregate is ignored;
    /// with <paramref name="latestOf"/> (a name) that goes for all events with this name together, whose queues may overtake each other.
    /// </summary>
    public MessagingBuilder On<TMessage, THandler>(bool latestOnly = false, string? latestOf = null)
        where TMessage : class
        where THandler : class, IHandle<TMessage>
    {
        var queue = $"{Service}.{MessageNames.Kebab(typeof(TMessage))}";
        Queues.Add(queue);
        Services.Add(services => services.AddScoped<THandler>().AddSingleton(new Subscription<TMessage, THandler>(queue, latestOf is not null ? $"{Service}.{latestOf}" : latestOnly ? queue : null)));
        Consumers.Add(bus => bus.AddConsumer<InboxConsumer<TMessage, THandler>>());
        Endpoints.Add((rabbit, context) => rabbit.ReceiveEndpoint(queue, endpoint => QueuePolicy.Durable(endpoint, context, queue)
            .ConfigureConsumer<InboxConsumer<TMessage, THandler>>(context)));
        return this;
    }

    /// <summary>Answers questions of one type from the queue <c>{service}.{question}</c>. Questions are short-lived: they are not stored.</summary>
    public MessagingBuilder Answer<TQuestion, TAnswer, THandler>()
        where TQuestion : class
        where TAnswer : class
        where THandler : class, IAnswer<TQuestion, TAnswer>
    {
        var queue = $"{Service}.{MessageNames.Kebab(typeof(TQuestion))}";
        Services.Add(services => services.AddScoped<THandler>());
        Consumers.Add(bus => bus.AddConsumer<AnsweringConsumer<TQuestion, TAnswer, THandler>>());
        Endpoints.Add((rabbit, context) => rabbit.ReceiveEndpoint(queue, endpoint => QueuePolicy.ShortLived(endpoint)
            .ConfigureConsumer<AnsweringConsumer<TQuestion, TAnswer, THandler>>(context)));
        return this;
    }

    /// <summary>Registers an <c>IRequestClient&lt;TQuestion&gt;</c>; no answer within <paramref name="timeout"/> throws <see cref="RequestTimeoutException"/>.</summary>
    public MessagingBuilder Ask<TQuestion>(TimeSpan timeout)
        where TQuestion : class
    {
        Consumers.Add(bus => bus.AddRequestClient<TQuestion>(timeout));
        Bounds.Add(services =>
        {
            var client = services.Last(service => service.ServiceType == typeof(IRequestClient<TQuestion>));
            services.Replace(ServiceDescriptor.Describe(
                client.ServiceType, provider => new BoundedRequestClient<TQuestion>((IRequestClient<TQuestion>)client.ImplementationFactory!(provider), timeout), client.Lifetime));
        });
        return this;
    }
}

/// <summary>RabbitMQ through MassTransit, with outbox and inbox in the service's own database.</summary>
public static class MessagingExtensions
{
    /// <summary>Connects to connection string <c>messaging</c> and starts relay and consumers. Call it after <c>AddServiceDatabase</c>.</summary>
    public static IHostApplicationBuilder AddMessaging(this IHostApplicationBuilder builder, string service, Action<MessagingBuilder> configure)
    {
        var messaging = new MessagingBuilder(service);
        configure(messaging);
        messaging.Services.ForEach(register => register(builder.Services));
        builder.Services.AddSingleton(new ServiceName(service)).AddScoped<ExportParts>();
        builder.Services.AddSingleton<OutboxSignal>().AddScoped<OutboxCommits>().AddScoped<IInterceptor>(provider => provider.GetRequiredService<OutboxCommits>());
        builder.Services.AddScoped(provider => new Outbox(
            provider.GetRequiredService<DbContext>(), provider.GetRequiredService<OutboxCommits>(), provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddMassTransit(bus =>
        {
            // Nothing about an installation leaves it unasked.
            bus.DisableUsageTelemetry();
            messaging.Consumers.ForEach(add => add(bus));
            bus.UsingRabbitMq((context, rabbit) =>
            {
                var address = context.GetRequiredService<IConfiguration>().GetConnectionString("messaging")
                    ?? throw new InvalidOperationException("ConnectionStrings:messaging is missing.");
                rabbit.Host(new Uri(address), host => host.PublisherConfirmation = true);
                rabbit.UseContractTopology();
                messaging.Endpoints.ForEach(add => add(rabbit, context));
                context.GetRequiredService<DeletedMembers>().Listen(rabbit);
            });
        });
        BoundedStop.Replace(builder.Services);
        messaging.Bounds.ForEach(bound => bound(builder.Services));
        builder.Services.AddSingleton(OutboxStore.Schema).AddSingleton<OutboxStore>().AddSingleton<OutboxPublisher>();
        builder.Services.AddHealthChecks().AddCheck<OutboxHealth>("outbox");
        builder.Services.AddWarmUp<BrokerWarmUp>();
        builder.Services.AddSingleton(provider => new ErrorQueues(service, messaging.Queues, provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<OutboxStore>()));
        builder.Services.AddHostedService<OutboxRelay>();
        builder.Services.AddHostedService<InboxCleanup>();
        return builder;
    }
}

/// <summary>How the messages of Contracts lie on the broker.</summary>
public static class ContractTopology
{
    /// <summary>A fanout exchange per event, named <c>son1k.{kebab-name}.v1</c>; none for the base type.</summary>
    public static void UseContractTopology(this IRabbitMqBusFactoryConfigurator rabbit)
    {
        rabbit.MessageTopology.SetEntityNameFormatter(new MessageNames());
        rabbit.Publish<Event>(topology => topology.Exclude = true);
    }
}

/// <summary>Exchange names: <c>son1k.generation-completed.v1</c>.</summary>
public sealed class MessageNames : IEntityNameFormatter
{
    private static readonly MassTransit.Transports.DefaultMessageNameFormatter Others = new("::", "--", ":", "-");

    /// <inheritdoc />
    public string FormatEntityName<T>() => typeof(T).Assembly == typeof(Event).Assembly ? ExchangeOf(typeof(T)) : Others.GetMessageName(typeof(T));

    /// <summary>The exchange of a message of the contracts.</summary>
    public static string ExchangeOf(Type contract) => $"son1k.{Kebab(contract)}.v1";

    internal static string Kebab(Type type) => JsonNamingPolicy.KebabCaseLower.ConvertName(type.Name);
}

internal static class QueuePolicy
{
    private const int DeliveryLimit = 20;

    /// <summary>
    /// Quorum queue. What fails is tried again with back-off, for long while the database is away, and ends in <c>{queue}_error</c>;
    /// what kills the consumer <see cref="DeliveryLimit"/> times is dead-lettered there by the broker, which else drops it silently.
    /// </summary>
    public static IRabbitMqReceiveEndpointConfigurator Durable(IRabbitMqReceiveEndpointConfigurator endpoint, IRegistrationContext context, string queue)
    {
        endpoint.SetQuorumQueue();
        endpoint.SetQueueArgument("x-delivery-limit", DeliveryLimit);
        // MassTransit declares the error queue with the arguments of the queue itself; the dead-letter binding must say the same.
        endpoint.BindDeadLetterQueue($"{queue}_dead", $"{queue}_error", dead =>
        {
            dead.SetQueueArgument("x-queue-type", "quorum");
            dead.SetQueueArgument("x-delivery-limit", DeliveryLimit);
            dead.SetQueueArgument("x-dead-letter-exchange", $"{queue}_dead");
        });
        endpoint.PrefetchCount = 32;
        endpoint.UseMessageRetry(retry => retry.Exponential(100, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200))
            .Handle<NpgsqlException>(e => e.IsTransient));
        endpoint.UseMessageRetry(retry => retry.Exponential(5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200))
            .Ignore<NpgsqlException>(e => e.IsTransient));
        return endpoint;
    }

    /// <summary>A question outlives neither its asker's patience nor the broker's restart.</summary>
    public static IRabbitMqReceiveEndpointConfigurator ShortLived(IRabbitMqReceiveEndpointConfigurator endpoint)
    {
        endpoint.Durable = false;
        endpoint.PrefetchCount = 64;
        return endpoint;
    }
}
