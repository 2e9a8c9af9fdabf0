using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Son1kVers3.LocalServers;

/// <summary>PostgreSQL from the Debian package, with a cluster of its own.</summary>
/// <remarks>Postgres refuses to run as root; then it runs as the package's user <c>postgres</c>, who must be able to reach the data folder.</remarks>
public static class PostgresProgram
{
    private const string SystemUser = "postgres";

    // Aspire stops programs with SIGTERM, for which Postgres waits until its last client has left, and is killed meanwhile. SIGINT is its orderly stop,
    // which the shell in between makes of it, and the kernel when the shell itself is killed.
    private const string StopFast = """trap 'kill -INT $server' TERM INT; setpriv --pdeathsig INT "$@" & server=$!; wait $server; trap - TERM INT; wait $server""";

    /// <summary>Runs it as a program where there is no container runtime.</summary>
    public static IResourceBuilder<PostgresServerResource> WithLocalProgram(this IResourceBuilder<PostgresServerResource> postgres, LocalData data)
    {
        postgres.WithoutHttpsCertificate();
        var builder = postgres.ApplicationBuilder;
        if (!ProgramOfServer.IsNeeded(builder, data))
            return postgres;
        var folder = data.Of(postgres.Resource.Name);
        var cluster = Path.Combine(folder, "data");
        string[] command = [.. AsSystemUser, "sh", "-c", StopFast, "sh", FindProgram("postgres"), "-D", cluster];
        string[] settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=400", .. Memory, .. data.Durable ? [] : Throwaway];
        var program = builder.AddExecutable(postgres.Resource.Name + "-server", command[0], "/");
        program.WithArgs(context =>
        {
            foreach (var argument in (object[])[.. command[1..], "-p", program.GetEndpoint("tcp").Property(EndpointProperty.TargetPort), .. settings.SelectMany(setting => (string[])["-c", setting])])
                context.Args.Add(argument);
        });
        program.OnBeforeResourceStarted(async (_, _, cancellationToken) =>
        {
            PrivateFiles.CreateFolder(folder);
            PrivateFiles.GiveTo(folder, SystemUser);
            if (Directory.Exists(cluster))
                RemoveStaleLock(cluster);
            else
                await InitializeAsync(cluster, await postgres.Resource.PasswordParameter.GetValueAsync(cancellationToken), cancellationToken);
        });
        return postgres.RunAs(program);
    }

    /// <summary>The newest installed version's program.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string FindProgram(string name) =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin", name))
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"There is no {name} under /usr/lib/postgresql.");

    // As everywhere but on the smallest machines: a quarter of the memory for pages (taken only as they are read), indexes on a disk without arms, and
    // no compiling of statements that take milliseconds.
    private static string[] Memory =>
        [string.Create(CultureInfo.InvariantCulture, $"shared_buffers={Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, 128L << 20, 1L << 30) >> 20}MB"), "random_page_cost=1.1", "jit=off"];

    private static string[] Throwaway => ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

    private static string[] AsSystemUser => Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={SystemUser}", $"--regid={SystemUser}", "--init-groups"] : [];

    private static async Task InitializeAsync(string cluster, string? password, CancellationToken cancellationToken)
    {
        // Made beside and moved into place: an initdb that is killed half-way leaves a cluster that looks whole and is not.
        var draft = cluster + ".new";
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        var passwordFile = Path.Combine(Path.GetDirectoryName(cluster)!, "password");
        PrivateFiles.Write(passwordFile, password ?? string.Empty);
        PrivateFiles.GiveTo(passwordFile, SystemUser);
        try
        {
            await RunAsync(
                [.. AsSystemUser, FindProgram("initdb"), "-D", draft, "-U", "postgres", "-A", "scram-sha-256", $"--pwfile={passwordFile}",
                    "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "--no-sync"],
                cancellationToken);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(draft, cluster);
    }

    /// <remarks>Whoever held the data folder has ended (see <see cref="Leftovers"/>); but Postgres refuses to start while the recorded process id belongs to anybody alive.</remarks>
    private static void RemoveStaleLock(string cluster)
    {
        var file = Path.Combine(cluster, "postmaster.pid");
        if (File.Exists(file) && !Leftovers.In(cluster).Any())
            File.Delete(file);
    }

    private static async Task RunAsync(string[] command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"initdb failed with {process.ExitCode}:\n{await error}{await output}");
    }
}
