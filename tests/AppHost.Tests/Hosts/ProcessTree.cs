using System.Globalization;
using System.Runtime.InteropServices;

namespace Son1kVers3.AppHost.Tests.Hosts;

/// <summary>The signals that tests send.</summary>
internal enum Signals
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}

/// <summary>The machine's processes, as the kernel knows them now.</summary>
internal static class ProcessTree
{
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

    public static bool IsAlive(int pid) => Read($"/proc/{pid}/status") is { } status && !Field(status, "State").StartsWith('Z');

    public static string CommandLine(int pid) => Read($"/proc/{pid}/cmdline")?.Replace('\0', ' ') ?? string.Empty;

    public static void Signal(int pid, Signals signal) => Kill(pid, (int)signal);

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
