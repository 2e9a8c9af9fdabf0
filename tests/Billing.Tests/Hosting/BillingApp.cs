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

    public TestClock Clock { get; } = new();
    public TestKeys Keys { get; } = new();

    /// <summary>Further configuration, set before the first use.</summary>
    public Dictionary<string, string> Settings { get; } = new() { ["GATEWAY_PORT"] = "8080" };

    /// <summary>Replaces services, set before the first use.</summary>
    public Action<IServiceCollection> Replace { get; set; } = _ => { };

    public NpgsqlDataSource Database => Services.GetRequiredService<NpgsqlDataSource>();

    public async Task InitializeAsync()
    {
        var servers = await ServerSet.GetAsync();
        _database = await servers.CreateDatabaseAsync("billing");
        _broker = await servers.CreateVirtualHostAsync();
        using var client = CreateClient();
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    /// <summary>A second replica beside this one: same database, broker, clock and keys.</summary>
    public BillingApp Replica()
    {
        var replica = new BillingApp(this);
        using var client = replica.CreateClient();
        return replica;
    }

    public BillingApp()
    {
    }

    private BillingApp(BillingApp first)
    {
        (_database, _broker, Clock, Keys, Settings, Replace) = (first._database, first._broker, first.Clock, first.Keys, first.Settings, first.Replace);
    }

    /// <summary>A client signed in as somebody.</summary>
    public HttpClient ClientOf(Guid userId, params string[] roles)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Keys.Token(userId, Clock.GetUtcNow(), ["member", .. roles]));
        return client;
    }

    /// <summary>Publishes as another service would.</summary>
    public Task PublishAsync<T>(T message)
        where T : class => Services.GetRequiredService<IBus>().Publish(message);

    /// <summary>Asks for a unit over the broker, as generation does.</summary>
    public async Task<QuotaDecision> AskAsync(ReserveQuota question)
    {
        var client = Services.GetRequiredService<IBus>().CreateRequestClient<ReserveQuota>(TimeSpan.FromSeconds(20));
        return (await client.GetResponse<QuotaDecision>(question)).Message;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
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
