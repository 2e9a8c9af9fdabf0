using System.Net.Http.Headers;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Hosting;

/// <summary>The real service in this process, on a database and broker of its own, with a clock that can be set.</summary>
public sealed class BillingApp : WebApplicationFactory<Program>, IAsyncLifetime
{
    private string? _database;
    private string? _broker;

    public TestClock Clock { get; }
    public TestKeys Keys { get; } = new();

    /// <summary>Further configuration, set before the first use.</summary>
    public Dictionary<string, string> Settings { get; } = new() { ["GATEWAY_PORT"] = "8080" };

    /// <summary>Replaces services, set before the first use.</summary>
    public Action<IServiceCollection> Replace { get; set; } = _ => { };

    /// <summary>Connection string of the broker.</summary>
    public string Broker => _broker!;

    public NpgsqlDataSource Database => Services.GetRequiredService<NpgsqlDataSource>();

    public async Task InitializeAsync()
    {
        var servers = await ServerSet.GetAsync();
        _database = await servers.CreateDatabaseAsync("billing");
        _broker = await servers.CreateVirtualHostAsync();
        Start();
    }

    /// <summary>Where it listens, on loopback.</summary>
    public Uri Address => ClientOptions.BaseAddress;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    /// <summary>A second replica beside this one: same database, broker, clock and keys.</summary>
    public BillingApp Replica()
    {
        var replica = new BillingApp(this);
        replica.Start();
        return replica;
    }

    public BillingApp()
        : this(new TestClock())
    {
    }

    internal BillingApp(TestClock clock) => Clock = clock;

    private BillingApp(BillingApp first)
    {
        (_database, _broker, Clock, Keys, Settings, Replace) = (first._database, first._broker, first.Clock, first.Keys, first.Settings, first.Replace);
    }

    /// <summary>An anonymous client.</summary>
    public HttpClient Client() => new() { BaseAddress = Address };

    /// <summary>A client signed in as somebody.</summary>
    public HttpClient ClientOf(Guid userId, params string[] roles)
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Keys.Token(userId, Clock.GetUtcNow(), ["member", .. roles]));
        return client;
    }

    /// <summary>Publishes as another service would.</summary>
    public Task PublishAsync<T>(T message)
        where T : class => Services.GetRequiredService<IBus>().Publish(message);

    /// <summary>Asks for a unit over the broker, as generation does.</summary>
    public async Task<QuotaDecision> AskAsync(ReserveQuota question)
    {
        var client = Services.GetRequiredService<IBus>().CreateRequestClient<ReserveQuota>(TimeSpan.FromSeconds(60));
        return (await client.GetResponse<QuotaDecision>(question)).Message;
    }

    private void Start()
    {
        UseKestrel(0);
        StartServer();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        builder.UseSetting("ConnectionStrings:billingdb", _database);
        builder.UseSetting("ConnectionStrings:messaging", _broker);
        foreach (var (name, value) in Settings)
            builder.UseSetting(name, value);
        builder.ConfigureTestServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            services.Replace(ServiceDescriptor.Singleton<ISigningKeys>(Keys));
            Replace(services);
        });
    }
}
