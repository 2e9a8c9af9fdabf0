using System.Globalization;
using System.Runtime.InteropServices;

namespace Son1kVers3.Testing;

/// <summary>The signals that tests send.</summary>
public enum Signals
{
    /// <summary>Ctrl+C.</summary>
    Interrupt = 2,

    /// <summary>At once, and nothing can be done about it.</summary>
    Kill = 9,

    /// <summary>In order.</summary>
    Terminate = 15,
}

/// <summary>The machine's processes, as the kernel knows them now.</summary>
public static class ProcessTree
{
    /// <summary>All that run.</summary>
    public static IEnumerable<(int Pid, int Parent)> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) && Read($"{folder}/status") is { } status)
                yield return (pid, int.Parse(Field(status, "PPid"), CultureInfo.InvariantCulture));
        }
    }

    /// <summary>These processes, their children, and theirs.</summary>
    public static IReadOnlyList<int> Below(params int[] roots)
    {
        var children = All().ToLookup(process => process.Parent, process => process.Pid);
        var found = new HashSet<int>(roots);
        var queue = new Queue<int>(roots);
        while (queue.TryDequeue(out var next))
        {
            foreach (var child in children[next].Where(found.Add))
                queue.Enqueue(child);
        }

        return [.. found];
    }

    /// <summary>Whether it runs.</summary>
    public static bool IsAlive(int pid) => StateOf(pid) is not (null or 'Z');

    /// <summary>The kernel's letter for what it does: R runs, S sleeps, T was stopped, Z has ended; null when there is none.</summary>
    public static char? StateOf(int pid) => Read($"/proc/{pid}/status") is { } status ? Field(status, "State")[0] : null;

    /// <summary>What it was started with.</summary>
    public static string CommandLine(int pid) => Read($"/proc/{pid}/cmdline")?.Replace('\0', ' ') ?? string.Empty;

    /// <summary>Sends a signal; to one that has just ended it makes no difference.</summary>
    public static void Signal(int pid, Signals signal) => Kill(pid, (int)signal);

    /// <summary>Ends processes, and those that they have started, at once.</summary>
    /// <remarks>
    /// <c>Process.Kill(entireProcessTree: true)</c> stops each process before it looks for its children. Who is killed in between, as a test host is when it
    /// takes too long to end, leaves processes that nobody ever wakes.
    /// </remarks>
    public static void Kill(params int[] roots)
    {
        foreach (var pid in Below(roots))
            Signal(pid, Signals.Kill);
    }

    private static string Field(string status, string name) => status.Split('\n').First(line => line.StartsWith($"{name}:\t", StringComparison.Ordinal))[(name.Length + 2)..];

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // It ended while we looked.
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}
