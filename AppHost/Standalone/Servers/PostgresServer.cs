using System.Globalization;
using Npgsql;
using Son1kVers3.Standalone.Processes;

namespace Son1kVers3.Standalone.Servers;

/// <summary>PostgreSQL from the Debian package, with its own cluster.</summary>
/// <remarks>Postgres refuses to run as root; then it runs as the package's user <c>postgres</c>, who must be able to reach <paramref name="folder"/>.</remarks>
/// <param name="folder">Holds the cluster.</param>
/// <param name="port">The port on loopback.</param>
/// <param name="userName">The superuser of the cluster.</param>
/// <param name="password">Fixed when the cluster is made.</param>
/// <param name="durable">False for data that is thrown away: nothing waits for the disk.</param>
public sealed class PostgresServer(string folder, int port, string userName, string password, bool durable = true) : IServer
{
    private const string SystemUser = "postgres";

    private readonly string data = Path.Combine(folder, "data");

    /// <inheritdoc/>
    public int Port => port;

    /// <inheritdoc/>
    public TimeSpan StopGrace => TimeSpan.FromSeconds(2);

    /// <summary>Connects to one database of this server.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = userName,
        Password = password,
        Database = database,
    }.ConnectionString;

    /// <inheritdoc/>
    public async Task PrepareAsync(Action<string> log, CancellationToken cancellationToken)
    {
        ServerFolder.CreatePrivate(folder);
        ServerFolder.GiveTo(folder, SystemUser);
        if (Directory.Exists(data))
        {
            await ClearStaleLockAsync(log, cancellationToken);
            return;
        }

        log("Creating the database cluster");
        var passwordFile = Path.Combine(folder, "password");
        ServerFolder.WritePrivate(passwordFile, password);
        ServerFolder.GiveTo(passwordFile, SystemUser);
        try
        {
            await InitializeAsync(passwordFile);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    /// <inheritdoc/>
    public ProcessSpec CreateSpec()
    {
        string[] durability = durable ? [] : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];
        return new ProcessSpec(
            "postgres",
            FindProgram("postgres"),
            ["-D", data, "-p", port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=400", .. durability])
        {
            CleanEnvironment = true,
            User = SystemUser,
            WorkingDirectory = "/",
            StopSignal = Signal.Interrupt,
            DeathSignal = Signal.Quit,
        };
    }

    /// <inheritdoc/>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Creates a database unless it is there.</summary>
    public async Task EnsureDatabaseAsync(string database, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var query = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = database } } };
        if (await query.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"create database \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString("postgres")) { Pooling = false, Timeout = 5 };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (Exception)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task InitializeAsync(string passwordFile)
    {
        // Made beside and moved into place: initdb that is killed half-way leaves a cluster that looks whole and is not.
        var draft = data + ".new";
        if (Directory.Exists(draft))
        {
            Directory.Delete(draft, recursive: true);
        }

        var (exitCode, output) = await ProcessLauncher.RunAsync(new ProcessSpec(
            "initdb",
            FindProgram("initdb"),
            "-D", draft, "-U", userName, "-A", "scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "--no-sync")
        {
            CleanEnvironment = true,
            User = SystemUser,
            WorkingDirectory = "/",
        });
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"initdb failed with {exitCode}:\n{output}");
        }

        Directory.Move(draft, data);
    }

    /// <summary>Ends a server that still holds this cluster, and removes a lock file whose process is gone or is another program by now.</summary>
    /// <remarks>Postgres itself refuses to start when the recorded process id belongs to anybody alive.</remarks>
    private async Task ClearStaleLockAsync(Action<string> log, CancellationToken cancellationToken)
    {
        var lockFile = Path.Combine(data, "postmaster.pid");
        if (!File.Exists(lockFile))
        {
            return;
        }

        var pid = int.Parse((await File.ReadAllLinesAsync(lockFile, cancellationToken))[0], CultureInfo.InvariantCulture);
        var deadline = Environment.TickCount64 + 5000;
        while (IsOurs(pid) && Environment.TickCount64 < deadline)
        {
            log($"A server that an earlier run left behind (process {pid}) holds the cluster: stopping it");
            Posix.SendSignal(pid, Signal.Quit);
            await Task.Delay(100, cancellationToken);
        }

        File.Delete(lockFile);
    }

    private bool IsOurs(int pid)
    {
        var commandLine = $"/proc/{pid}/cmdline";
        return File.Exists(commandLine) && File.ReadAllText(commandLine).Contains(data, StringComparison.Ordinal);
    }

    private static string FindProgram(string name) =>
        Directory.GetDirectories("/usr/lib/postgresql")
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin", name))
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"There is no {name} under /usr/lib/postgresql.");
}
