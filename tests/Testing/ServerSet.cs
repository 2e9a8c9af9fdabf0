using System.Security.Cryptography;
using Son1kVers3.Machine;
using Son1kVers3.Standalone.Processes;
using Son1kVers3.Standalone.Servers;

namespace Son1kVers3.Testing;

/// <summary>Real Postgres, Redis and RabbitMQ for tests, started once per test process on free ports, with their data in a temporary folder.</summary>
/// <remarks>
/// <para>Take it with <see cref="GetAsync"/>; what is missing on the machine is installed first. The servers end with the test process, however it ends.</para>
/// <para>Every fixture takes its own database, virtual host and Redis database, so that fixtures don't see each other.</para>
/// <para>Test projects that use it run one after another, also under one <c>dotnet test</c> for all of them. With <c>TEST_SERVERS</c> set, a running set is used instead.</para>
/// </remarks>
public sealed class ServerSet
{
    private const string UserName = "app";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(1);
    private static readonly Lazy<Task<ServerSet>> Shared = new(StartSharedAsync);

    private readonly PostgresServer postgres;
    private readonly RedisServer redis;
    private readonly EpmdServer epmd;
    private readonly RabbitServer rabbit;
    private readonly List<RunningServer> running = [];
    private int redisDatabases;

    private ServerSet(SharedServers place, bool owned)
    {
        Place = place;
        IsOwned = owned;
        postgres = new PostgresServer(Path.Combine(place.Folder, "postgres"), place.PostgresPort, UserName, place.Password, durable: false);
        redis = new RedisServer(Path.Combine(place.Folder, "redis"), place.RedisPort, place.Password, durable: false);
        epmd = new EpmdServer(place.EpmdPort);
        rabbit = new RabbitServer(Path.Combine(place.Folder, "rabbitmq"), place.RabbitPort, FreePort.Next(), place.EpmdPort, UserName, place.Password);
    }

    /// <summary>Whether this process started the servers, so that it may stop them.</summary>
    public bool IsOwned { get; }

    /// <summary>The servers' data.</summary>
    public string Folder => Place.Folder;

    /// <summary>What <c>TEST_SERVERS</c> must be for other test processes to use this set. Holds its password.</summary>
    public string SharedAs => Place.ToString();

    private SharedServers Place { get; }

    /// <summary>The servers of this test process; the first call starts them (about ten seconds, RabbitMQ's).</summary>
    public static Task<ServerSet> GetAsync() => Shared.Value;

    /// <summary>A set of its own in a folder, for a test that needs to break servers whatever <c>TEST_SERVERS</c> says.</summary>
    public static async Task<ServerSet> StartAsync(string folder)
    {
        await DebianPackages.EnsureAsync([.. Tools.Servers, .. Tools.Studio], Console.WriteLine, consent: true);
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var set = new ServerSet(new SharedServers(FreePort.Next(), FreePort.Next(), FreePort.Next(), FreePort.Next(), password, folder), owned: true);
        await Task.WhenAll(set.StartServerAsync(set.postgres), set.StartServerAsync(set.redis), set.StartServerAsync(set.epmd));
        await set.StartServerAsync(set.rabbit);
        return set;
    }

    /// <summary>Makes an empty database and returns its connection string.</summary>
    /// <param name="purpose">Part of its name, to find it by.</param>
    public async Task<string> CreateDatabaseAsync(string purpose = "test")
    {
        var database = $"{purpose}_{Guid.CreateVersion7():N}";
        await postgres.EnsureDatabaseAsync(database, CancellationToken.None);
        return postgres.ConnectionString(database) + ";Maximum Pool Size=20";
    }

    /// <summary>Makes an empty virtual host and returns the broker's connection string for it (<c>amqp://user:password@host:port/name</c>).</summary>
    public async Task<string> CreateVirtualHostAsync()
    {
        var virtualHost = $"test-{Guid.CreateVersion7():N}";
        await rabbit.AddVirtualHostAsync(virtualHost);
        return rabbit.ConnectionString(virtualHost);
    }

    /// <summary>The connection string of a Redis database that no other fixture of this process uses.</summary>
    /// <remarks>On a shared set the number is drawn, and may meet another process: prefer keys with fresh ids there.</remarks>
    public string CreateRedisDatabase()
    {
        var number = IsOwned ? Interlocked.Increment(ref redisDatabases) : RandomNumberGenerator.GetInt32(1, 512);
        return $"{redis.ConnectionString},defaultDatabase={number}";
    }

    /// <summary>Stops the broker in order.</summary>
    public Task StopRabbitAsync() => StopServerAsync(rabbit);

    /// <summary>Starts the broker again on the same port, with what was durable.</summary>
    public Task StartRabbitAsync() => StartServerAsync(rabbit);

    /// <summary>Kills Redis at once; its data is lost.</summary>
    public async Task KillRedisAsync()
    {
        Find(redis).Process.Kill();
        await StopServerAsync(redis);
    }

    /// <summary>Starts Redis again on the same port, empty.</summary>
    public Task StartRedisAsync() => StartServerAsync(redis);

    /// <summary>Stops Postgres; open connections are cut.</summary>
    public Task StopPostgresAsync() => StopServerAsync(postgres);

    /// <summary>Starts Postgres again on the same port, with its data.</summary>
    public Task StartPostgresAsync() => StartServerAsync(postgres);

    /// <summary>Kills all servers of this set and removes their data.</summary>
    public async Task DiscardAsync()
    {
        RunningServer[] servers;
        lock (running)
        {
            servers = [.. running];
            running.Clear();
        }

        foreach (var server in servers)
        {
            server.Process.Kill();
        }

        await Task.WhenAll(servers.Select(server => server.Process.Exited));
        await TestRun.DeleteFolderAsync(Folder);
    }

    private static async Task<ServerSet> StartSharedAsync()
    {
        if (SharedServers.FromEnvironment() is { } place)
        {
            return new ServerSet(place, owned: false);
        }

        await TestRun.TakeTurnAsync();
        var set = await StartAsync(TestRun.CreateFolder("servers"));
        TestRun.AtExit(set.DiscardAsync);
        return set;
    }

    private async Task StartServerAsync(IServer server)
    {
        RequireOwned();
        var started = await RunningServer.StartAsync(server, _ => { }, StartTimeout, CancellationToken.None);
        lock (running)
        {
            running.Add(started);
        }
    }

    private async Task StopServerAsync(IServer server)
    {
        RequireOwned();
        var stopping = Find(server);

        // Not the grace of production: what is killed half-way may not start again at once.
        await stopping.Process.StopAsync(StopTimeout);
        lock (running)
        {
            running.Remove(stopping);
        }
    }

    private RunningServer Find(IServer server)
    {
        lock (running)
        {
            return running.Find(candidate => candidate.Server == server) ?? throw new InvalidOperationException("That server does not run.");
        }
    }

    private void RequireOwned()
    {
        if (!IsOwned)
        {
            throw new InvalidOperationException($"The servers of {SharedServers.Variable} belong to others: use ServerSet.StartAsync for a set of your own.");
        }
    }
}
