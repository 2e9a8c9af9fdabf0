using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Son1kVers3.AppHost.Tests.Hosts;
using Son1kVers3.LocalServers;
using Son1kVers3.Testing;

namespace Son1kVers3.AppHost.Tests;

/// <summary>Runs with real Postgres, Redis and RabbitMQ.</summary>
[Trait("Category", "Integration")]
public sealed class ServersTests : IAsyncLifetime
{
    private static readonly string[] Servers = ["postgres", "redis", "messaging"];

    public Task InitializeAsync() => TestRun.TakeTurnAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Run_HoweverItEnds_LeavesNothingAndLosesNothing()
    {
        await using var first = HostRun.Start("servers");
        await first.WaitForHealthAsync(Servers);
        await SecretsAreNowhereAsync(first);
        await WriteAsync(first, "create table kept (line text); insert into kept values ('first')");
        await EndAsync(first, Signals.Kill, first.Pid);
        Assert.Equal("shut down", ClusterState(first));

        // At once on the same data: what the orchestrator has not stopped yet is waited for.
        var second = HostRun.Start("servers", first.Folder);
        await second.WaitForHealthAsync(Servers);
        await WriteAsync(second, "insert into kept values ('second')");
        await EndAsync(second, Signals.Kill, [second.Pid, .. second.Orchestrator]);

        var third = HostRun.Start("servers", first.Folder);
        await third.WaitForHealthAsync(Servers);
        Assert.Equal(2L, await ReadAsync(third, "select count(*) from kept"));
        await EndAsync(third, Signals.Terminate, third.Pid);
        Assert.Equal(0, await third.ExitAsync());
        Assert.Equal("shut down", ClusterState(first));
    }

    [Fact]
    public async Task Server_WhenKilled_ComesBack_WhileAnotherRunLivesBeside()
    {
        await using var beside = HostRun.Start("servers");
        await using var host = HostRun.Start("servers");
        await host.WaitForHealthAsync(Servers);
        await beside.WaitForHealthAsync(Servers);
        var (redis, postgres) = (host.PidOf("redis-server"), host.PidOf("postgres-server"));

        ProcessTree.Signal(redis, Signals.Kill);
        ProcessTree.Signal(postgres, Signals.Kill);

        await Eventually.TrueAsync(() => Task.FromResult(!ProcessTree.IsAlive(redis) && !ProcessTree.IsAlive(postgres)), "they are dead");
        await Eventually.TrueAsync(() => Task.FromResult(host.PidOf("redis-server") != redis && host.PidOf("postgres-server") != postgres), "others took their place");
        var databases = await Eventually.GetAsync(() => ReadAsync(host, "select count(*) from pg_database where datname = 'maindb'"), "Postgres answers");
        Assert.Equal(1L, databases);
        await host.WaitForHealthAsync(Servers);
        await beside.WaitForHealthAsync(Servers);
    }

    [Fact]
    public async Task Start_WhenThePasswordsDoNotOpenTheData_SaysSoAndEnds()
    {
        await using var host = HostRun.Start("servers");
        await host.WaitForHealthAsync(Servers);
        await EndAsync(host, Signals.Terminate, host.Pid);
        File.Delete(Path.Combine(host.Folder, "secrets.json"));

        var again = HostRun.Start("servers", host.Folder);

        Assert.Equal(1, await again.ExitAsync());
        Assert.Contains("do not open the data", again.Output);
    }

    private static async Task EndAsync(HostRun host, Signals signal, params int[] pids)
    {
        var processes = host.Processes();
        foreach (var pid in pids)
            ProcessTree.Signal(pid, signal);
        await HostRun.NoneIsLeftAsync(processes);
    }

    /// <summary>What the cluster's own control file says of its last end.</summary>
    private static string ClusterState(HostRun host)
    {
        var start = new ProcessStartInfo(PostgresProgram.FindProgram("pg_controldata"), [Path.Combine(host.Folder, "postgres", "data")]) { RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        return process.StandardOutput.ReadToEnd().Split('\n').Single(line => line.StartsWith("Database cluster state:", StringComparison.Ordinal)).Split(':')[1].Trim();
    }

    private static async Task WriteAsync(HostRun host, string sql)
    {
        await using var connection = await OpenAsync(host);
        await new NpgsqlCommand(sql, connection).ExecuteNonQueryAsync();
    }

    private static async Task<object?> ReadAsync(HostRun host, string sql)
    {
        await using var connection = await OpenAsync(host);
        return await new NpgsqlCommand(sql, connection).ExecuteScalarAsync();
    }

    private static async Task<NpgsqlConnection> OpenAsync(HostRun host)
    {
        var password = (await ReadSecretsAsync(host))["postgres-password"];
        var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={host.DatabasePort};Username=postgres;Password={password};Database=postgres;Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<Dictionary<string, string>> ReadSecretsAsync(HostRun host) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(Path.Combine(host.Folder, "secrets.json")))!;

    private static async Task SecretsAreNowhereAsync(HostRun host)
    {
        var secrets = await ReadSecretsAsync(host);
        string[] seen = [host.Output, .. host.Processes().Select(ProcessTree.CommandLine)];
        Assert.True(secrets.Count >= 3);
        Assert.All(secrets.Values, secret => Assert.DoesNotContain(seen, text => text.Contains(secret, StringComparison.Ordinal)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(host.Folder, "secrets.json")));
    }
}
