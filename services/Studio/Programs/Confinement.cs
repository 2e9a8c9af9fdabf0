using System.Diagnostics;
using System.Globalization;

namespace Son1kVers3.Studio.Programs;

/// <summary>Puts a program behind limits with the tools of util-linux; each that is missing or not allowed is left out.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>prlimit</c>: processor time, address space, size and number of files, no core dump.</item>
/// <item><c>unshare</c>: a network namespace of its own, which is empty.</item>
/// <item><c>setpriv</c>: no new privileges, and, when we are root, the user <c>nobody</c>.</item>
/// </list>
/// These replace themselves by the next program, so that the process we started is the program in the end. As <c>nobody</c> it can't enter
/// our folders: a shell of ours opens its two files before, and the program finds them as <c>/dev/fd/3</c> and <c>/dev/fd/4</c>.
/// </remarks>
internal sealed class Confinement
{
    private const int Nobody = 65534;
    private const string OpensFiles = "exec 3<\"$1\" 4<>\"$2\"; shift 2; exec \"$@\"";
    private static readonly Lazy<Confinement> Found = new(
        () => new Confinement(OperatingSystem.IsLinux() ? Environment.IsPrivilegedProcess : null));

    private readonly string? prlimit;
    private readonly string[] unshare = [];
    private readonly string[] privileges = [];
    private readonly string[] user = [];

    // Null: no Linux, nothing is confined.
    private Confinement(bool? root)
    {
        if (root is null)
        {
            return;
        }

        prlimit = Works("prlimit", "--core=0", "true") ? "prlimit" : null;
        string[][] namespaces = root.Value ? [["unshare", "--net"]]
            : [["unshare", "--net", "--map-current-user"], ["unshare", "--net", "--map-root-user"]];
        unshare = namespaces.FirstOrDefault(command => Works([.. command, "true"])) ?? [];
        privileges = Works("setpriv", "--no-new-privs", "true") ? ["setpriv", "--no-new-privs"] : [];
        string[] other = ["setpriv", "--no-new-privs", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--inh-caps=-all"];
        user = root.Value && Works([.. other, "true"]) ? other : [];
    }

    /// <summary>What this machine allows.</summary>
    public static Confinement Current => Found.Value;

    /// <summary>What a program sees of our environment: where programs are, and no secret. A null takes a variable away.</summary>
    public static IReadOnlyDictionary<string, string?> Variables => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where(name => OperatingSystem.IsLinux() && name != "PATH").ToDictionary(name => name, _ => (string?)null)
        .Concat([new("LC_ALL", "C.UTF-8"), new("HOME", "/nonexistent")]).GroupBy(pair => pair.Key)
            .ToDictionary(group => group.Key, group => group.Last().Value);

    public bool HasLimits => prlimit is not null;

    public bool HasNoNetwork => unshare.Length > 0;

    /// <summary>Programs run as a user who owns nothing.</summary>
    public bool IsOtherUser => user.Length > 0;

    /// <summary>The command that runs the call behind the limits; dispose it after the program ended.</summary>
    public ConfinedCall Around(ProgramCall call)
    {
        var other = IsOtherUser && IsForAll(call.Program);
        var files = other ? ConfinedFiles.For(call) : null;
        string[] limits = prlimit is null ? [] :
        [
            prlimit, "--core=0", "--nofile=64", Limit("cpu", (long)Math.Ceiling(call.Limits.CpuTime.TotalSeconds)), Limit(
                "as", call.Limits.MemoryBytes),
            Limit("fsize", call.Limits.FileBytes),
        ];
        string[] opens = files is null ? [] : ["/bin/sh", "-c", OpensFiles, "sh", files.Input ?? "/dev/null", files.Output ?? "/dev/null"];
        string[] whole =
        [
            .. opens, .. limits, .. unshare, .. other ? user : privileges, call.Program,
            .. call.ArgumentsWith(files is null ? call.Reads : "/dev/fd/3", files is null ? call.Writes : "/dev/fd/4"),
        ];
        return new ConfinedCall(whole[0], whole[1..], files);
    }

    // A program in somebody's own folder can't be run by another user.
    private static bool IsForAll(string program)
    {
        if (OperatingSystem.IsWindows() || !Path.IsPathFullyQualified(program))
        {
            return false;
        }

        var folders = Path.GetDirectoryName(program);
        while (folders is not null && File.GetUnixFileMode(folders).HasFlag(UnixFileMode.OtherExecute))
        {
            folders = Path.GetDirectoryName(folders);
        }

        return folders is null && File.Exists(program) && File.GetUnixFileMode(program).HasFlag(UnixFileMode.OtherExecute);
    }

    private static string Limit(string name, long value) => string.Create(CultureInfo.InvariantCulture, $"--{name}={value}");

    private static bool Works(params string[] command)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true });
            return process is not null && process.WaitForExit(TimeSpan.FromSeconds(10)) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
