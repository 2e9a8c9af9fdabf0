using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Hosting;

/// <summary>The real service in this process, on a database and broker of its own, with a clock that can be set.</summary>
public sealed class BillingApp : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>Far from the end of a day, and in a month that has a 30th and a 31st: when the tests are run makes no difference.</summary>
    internal static readonly DateTimeOffset Begin = new(2026, 5, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly BillingApp? _first;
    private ServiceHost<Program>? _host;

    public BillingApp()
        : this(new MovableClock(Begin))
    {
    }

    internal BillingApp(MovableClock clock) => Clock = clock;

    private BillingApp(BillingApp first)
    {
        (_first, Clock, Settings, Replace) = (first, first.Clock, first.Settings, first.Replace);
    }

    public MovableClock Clock { get; }

    /// <summary>Further configuration, set before it starts.</summary>
    public Dictionary<string, string?> Settings { get; } = new() { ["GATEWAY_PORT"] = "8080", ["Logging:LogLevel:Default"] = "Warning" };

    /// <summary>Replaces services, set before it starts.</summary>
    public Action<IServiceCollection> Replace { get; set; } = _ => { };

    /// <summary>Connection string of the broker.</summary>
    public string Broker => Host.Messaging;

    /// <summary>Where it listens, on loopback.</summary>
    public Uri Address => Host.Address;

    public IServiceProvider Services => Host.Services;

    public NpgsqlDataSource Database => Services.GetRequiredService<NpgsqlDataSource>();

    private ServiceHost<Program> Host => _host ?? throw new InvalidOperationException("It has not been started.");

    public async Task InitializeAsync() =>
        _host = await ServiceHost<Program>.StartAsync("billing", Settings, Clock, _first?._host, Replace);

    /// <summary>A second replica beside this one: same database, broker, clock and tokens.</summary>
    public async Task<BillingApp> ReplicaAsync()
    {
        var replica = new BillingApp(this);
        await replica.InitializeAsync();
        return replica;
    }

    /// <summary>An anonymous client.</summary>
    public HttpClient Client() => Host.Client();

    /// <summary>A client signed in as somebody.</summary>
    public HttpClient ClientOf(Guid userId, params string[] roles) => Host.Client(userId, roles);

    /// <summary>Publishes as another service would.</summary>
    public Task PublishAsync<T>(T message)
        where T : class => Services.GetRequiredService<IBus>().Publish(message);

    /// <summary>Asks for a unit over the broker, as generation does.</summary>
    public async Task<QuotaDecision> AskAsync(ReserveQuota question)
    {
        var client = Services.GetRequiredService<IBus>().CreateRequestClient<ReserveQuota>(TimeSpan.FromSeconds(60));
        return (await client.GetResponse<QuotaDecision>(question)).Message;
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? ValueTask.CompletedTask;
}
