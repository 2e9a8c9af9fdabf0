using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Son1kVers3.Testing;

/// <summary>One service of ours, run in the test's process on Kestrel against real servers, with a database and a virtual host of its own.</summary>
/// <typeparam name="TProgram">The service's <c>Program</c>.</typeparam>
public sealed class ServiceHost<TProgram> : IAsyncDisposable
    where TProgram : class
{
    private readonly WebApplicationFactory<TProgram> factory;
    private readonly bool ownsTokens;

    private ServiceHost(WebApplicationFactory<TProgram> factory, TokenIssuer tokens, bool ownsTokens, string database, string messaging)
    {
        this.factory = factory;
        this.ownsTokens = ownsTokens;
        Tokens = tokens;
        Database = database;
        Messaging = messaging;
        Address = factory.ClientOptions.BaseAddress;
    }

    /// <summary>Signs the callers' tokens.</summary>
    public TokenIssuer Tokens { get; }

    /// <summary>Connection string of the service's database.</summary>
    public string Database { get; }

    /// <summary>Connection string of the broker.</summary>
    public string Messaging { get; }

    /// <summary>Where it listens, on loopback.</summary>
    public Uri Address { get; }

    /// <summary>The service's own container.</summary>
    public IServiceProvider Services => factory.Services;

    /// <summary>Starts the service.</summary>
    /// <param name="name">Its name: the connection string of its database is <c>{name}db</c>.</param>
    /// <param name="settings">Further configuration.</param>
    /// <param name="clock">A clock that the test sets; tokens are issued by it, too.</param>
    /// <param name="beside">Another replica whose database, broker and tokens this one shares.</param>
    /// <param name="configure">Last changes to the container.</param>
    public static async Task<ServiceHost<TProgram>> StartAsync(
        string name, IReadOnlyDictionary<string, string?>? settings = null, TimeProvider? clock = null, ServiceHost<TProgram>? beside = null, Action<IServiceCollection>? configure = null)
    {
        var servers = await ServerSet.GetAsync();
        var tokens = beside?.Tokens ?? await TokenIssuer.StartAsync(clock);
        var database = beside?.Database ?? await servers.CreateDatabaseAsync(name);
        var messaging = beside?.Messaging ?? await servers.CreateVirtualHostAsync();
        var redis = servers.CreateRedisDatabase();
        var factory = new WebApplicationFactory<TProgram>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Development");
            // Else each service of a test process would want Kestrel's default port.
            host.UseSetting("urls", "http://127.0.0.1:0");
            host.UseSetting($"ConnectionStrings:{name}db", database);
            host.UseSetting("ConnectionStrings:messaging", messaging);
            host.UseSetting("ConnectionStrings:redis", redis);
            host.UseSetting("services:profile:http:0", tokens.Address);
            foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
                host.UseSetting(key, value);
            host.ConfigureServices(services =>
            {
                if (clock is not null)
                    services.Replace(ServiceDescriptor.Singleton(clock));
                configure?.Invoke(services);
            });
        });
        factory.UseKestrel(0);
        factory.StartServer();
        var started = new ServiceHost<TProgram>(factory, tokens, beside is null, database, messaging);
        await Eventually.TrueAsync(async () => (await started.Client().GetAsync("/health")).IsSuccessStatusCode, $"{name} is healthy");
        return started;
    }

    /// <summary>An anonymous client.</summary>
    public HttpClient Client() => new() { BaseAddress = Address };

    /// <summary>A client of a signed-in member.</summary>
    public HttpClient Client(Guid userId, params ReadOnlySpan<string> roles)
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Tokens.Issue(userId, roles));
        return client;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await factory.DisposeAsync();
        if (ownsTokens)
            await Tokens.DisposeAsync();
    }
}
