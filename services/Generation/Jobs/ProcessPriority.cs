using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Son1kVers3.Generation.Jobs;

/// <summary>Lets a process of workers step back for those that answer.</summary>
internal static class ProcessPriority
{
    private const int WhichProcess = 0;
    private const int Niceness = 10;

    /// <summary>Lowers the priority of this process; the programs it starts inherit it.</summary>
    /// <remarks>
    /// On Linux setpriority(2) moves one thread. New threads inherit from the one that starts them, so every thread that is there now is
    /// moved, again and again until no new one has
    /// appeared meanwhile. Elsewhere this does nothing.
    /// </remarks>
    public static void Lower(ILogger log)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var moved = new HashSet<int>();
        while (Threads().Where(moved.Add).ToList() is { Count: > 0 } fresh)
        {
            foreach (var thread in fresh)
            {
                // A thread that has ended meanwhile needs none.
                if (SetPriority(WhichProcess, thread, Niceness) != 0 && Directory.Exists($"/proc/self/task/{thread}"))
                    log.LogWarning(
                        "Thread {Thread} keeps its priority: {Reason}", thread, new Win32Exception(Marshal.GetLastPInvokeError()).Message);
            }
        }
    }

    private static IEnumerable<int> Threads() =>
        Directory.GetDirectories("/proc/self/task").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture));

    [DllImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static extern int SetPriority(int which, int who, int priority);
}
