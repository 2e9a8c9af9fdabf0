using System.Runtime.InteropServices;

namespace Son1kVers3.Standalone.Processes;

/// <summary>The POSIX signals that the launcher sends.</summary>
public enum Signal
{
    /// <summary>Ctrl+C; a fast shutdown to Postgres.</summary>
    Interrupt = 2,

    /// <summary>An immediate shutdown to Postgres.</summary>
    Quit = 3,

    /// <summary>Can't be caught.</summary>
    Kill = 9,

    /// <summary>The ordinary request to stop.</summary>
    Terminate = 15,

    /// <summary>Go on after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>Freeze.</summary>
    Stop = 19,
}

/// <summary>The few calls into libc that .NET has no API for.</summary>
public static class Posix
{
    /// <summary>Sends a signal to one process; false where it does not exist.</summary>
    public static bool SendSignal(int pid, Signal signal) => Kill(pid, (int)signal) == 0;

    /// <summary>Sends a signal to every process of a group; false where the group is empty.</summary>
    public static bool SendSignalToGroup(int group, Signal signal) => Kill(-group, (int)signal) == 0;

    /// <summary>Whether the process exists (a zombie counts).</summary>
    public static bool Exists(int pid) => Kill(pid, 0) == 0 || Marshal.GetLastPInvokeError() == NotPermitted;

    /// <summary>Whether this process runs as root.</summary>
    public static bool IsRoot => OperatingSystem.IsLinux() && GetEffectiveUserId() == 0;

    /// <summary>Gives a file or folder to a user and a group.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void ChangeOwner(string path, (uint User, uint Group) owner)
    {
        if (ChangeOwner(path, owner.User, owner.Group) != 0)
        {
            throw new IOException($"Can't give {path} to user {owner.User}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>The numeric ids of a user, from <c>/etc/passwd</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no such user.</exception>
    public static (uint User, uint Group) FindUser(string name)
    {
        var fields = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(line => line[0] == name && line.Length > 3)
            ?? throw new InvalidOperationException($"There is no user '{name}' on this machine.");
        return (uint.Parse(fields[2]), uint.Parse(fields[3]));
    }

    private const int NotPermitted = 1;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint GetEffectiveUserId();

    [DllImport("libc", EntryPoint = "chown", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int ChangeOwner(string path, uint user, uint group);
}
