using System.Security.Cryptography;
using Npgsql;
using Son1kVers3.LocalServers;
using Son1kVers3.Machine;

namespace Son1kVers3.Testing;

/// <summary>Real Postgres, Redis and RabbitMQ for tests, started once per test process on free ports, with their data in a temporary folder.</summary>
/// <remarks>
/// <para>Take it with <see cref="GetAsync"/>; what is missing on the machine is installed first. The servers end with the test process, however it ends.</para>
/// <para>Every fixture takes its own database, virtual host and Redis database, so that fixtures don't see each other.</para>
/// <para>Test projects that use it run one after another, also under one <c>dotnet test</c> for all of them. With <c>TEST_SERVERS</c> set, a running set is used instead.</para>
/// </remarks>
public sealed class ServerSet
{
    private static readonly Lazy<Task<ServerSet>> Shared = new(StartSharedAsync);

    private readonly SharedServers _place;
    private readonly ServerApplication? _application;
    private int _redisDatabases;

    private ServerSet(SharedServers place, ServerApplication? application) => (_place, _application) = (place, application);

    /// <summary>Whether this process started the servers, so that it may stop them.</summary>
    public bool IsOwned => _application is not null;

    /// <summary>The servers' data.</summary>
    public string Folder => _place.Folder;

    /// <summary>What <c>TEST_SERVERS</c> must be for other test processes to use this set. Holds its password.</summary>
    public string SharedAs => _place.ToString();

    private ServerApplication Application =>
        _application ?? throw new InvalidOperationException($"The servers of {SharedServers.Variable} belong to others: use ServerSet.StartAsync for a set of your own.");

    /// <summary>The servers of this test process; the first call starts them (about ten seconds, RabbitMQ's).</summary>
    public static Task<ServerSet> GetAsync() => Shared.Value;

    /// <summary>A set of its own in a folder, for a test that needs to break servers whatever <c>TEST_SERVERS</c> says.</summary>
    public static async Task<ServerSet> StartAsync(string folder, ServerKinds kinds = ServerKinds.All)
    {
        await DebianPackages.EnsureAsync([.. Tools.Services, .. Tools.Servers, .. Tools.Studio], Console.WriteLine, consent: true);
        var application = await ServerApplication.StartAsync(folder, kinds);
        return new ServerSet(application.Place, application);
    }

    /// <summary>Makes an empty database and returns its connection string.</summary>
    /// <param name="purpose">Part of its name, to find it by.</param>
    public async Task<string> CreateDatabaseAsync(string purpose = "test")
    {
        var database = $"{purpose}_{Guid.CreateVersion7():N}";
        var server = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = _place.PostgresPort, Username = "postgres", Password = _place.Password, Database = "postgres", Pooling = false };
        await using (var connection = new NpgsqlConnection(server.ConnectionString))
        {
            await connection.OpenAsync();
            await using var create = new NpgsqlCommand($"create database \"{database}\"", connection);
            await create.ExecuteNonQueryAsync();
        }

        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database, Pooling = true, MaxPoolSize = 20 }.ConnectionString;
    }

    /// <summary>Makes an empty virtual host and returns the broker's connection string for it (<c>amqp://user:password@host:port/name</c>).</summary>
    public async Task<string> CreateVirtualHostAsync()
    {
        var name = $"test-{Guid.CreateVersion7():N}";
        var broker = new LocalData(Folder).Of(ServerApplication.Broker);
        await ErlangCall.RunAsync(
            RabbitMqProgram.HomeOf(broker),
            _place.EpmdPort,
            $"""
            N='{RabbitMqProgram.NodeName(broker)}', U= <<"guest">>, V= <<"{name}">>, A= <<".*">>,
            ok=rpc:call(N,rabbit_vhost,add,[V,U]), ok=rpc:call(N,rabbit_auth_backend_internal,set_permissions,[U,V,A,A,A,U])
            """.ReplaceLineEndings(" "));
        return $"amqp://guest:{_place.Password}@127.0.0.1:{_place.RabbitPort}/{name}";
    }

    /// <summary>The connection string of a Redis database that no other fixture of this process uses.</summary>
    /// <remarks>On a shared set the number is drawn, and may meet another process: prefer keys with fresh ids there.</remarks>
    public string CreateRedisDatabase()
    {
        var number = IsOwned ? Interlocked.Increment(ref _redisDatabases) : RandomNumberGenerator.GetInt32(1, 512);
        return $"127.0.0.1:{_place.RedisPort},password={_place.Password},defaultDatabase={number}";
    }

    /// <summary>Stops the broker in order.</summary>
    public Task StopRabbitAsync() => Application.Resources.StopAsync(ServerApplication.Broker);

    /// <summary>Starts the broker again on the same port, with what was durable.</summary>
    public Task StartRabbitAsync() => Application.Resources.StartAsync(ServerApplication.Broker);

    /// <summary>Kills Redis at once; its data is lost.</summary>
    public Task KillRedisAsync() => Application.Resources.KillAsync(ServerApplication.Redis);

    /// <summary>Starts Redis again on the same port, empty.</summary>
    public Task StartRedisAsync() => Application.Resources.StartAsync(ServerApplication.Redis);

    /// <summary>Stops Postgres; open connections are cut.</summary>
    public Task StopPostgresAsync() => Application.Resources.StopAsync(ServerApplication.Postgres);

    /// <summary>Starts Postgres again on the same port, with its data.</summary>
    public Task StartPostgresAsync() => Application.Resources.StartAsync(ServerApplication.Postgres);

    /// <summary>Kills all servers of this set and removes their data.</summary>
    public async Task DiscardAsync()
    {
        await Application.DisposeAsync();
        await TestRun.DeleteFolderAsync(Folder);
    }

    private static async Task<ServerSet> StartSharedAsync()
    {
        if (SharedServers.FromEnvironment() is { } place)
            return new ServerSet(place, application: null);
        await TestRun.TakeTurnAsync();
        var set = await StartAsync(TestRun.CreateFolder("servers"));

        // The process ends: what is left of the orchestrator ends by itself.
        TestRun.AtExit(() =>
        {
            set.Application.Kill();
            return TestRun.DeleteFolderAsync(set.Folder);
        });
        return set;
    }
}
