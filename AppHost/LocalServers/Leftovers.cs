using System.Diagnostics;
using System.Globalization;

namespace Son1kVers3.LocalServers;

/// <summary>Servers of an earlier run that still work in its data folder.</summary>
/// <remarks>
/// After <c>kill -9</c> of the application host the orchestrator takes some seconds to stop what it started. Who starts again meanwhile must not put a second
/// server on the same files. Servers are known by their working folder, which lies inside the data folder.
/// </remarks>
public static class Leftovers
{
    /// <summary>The processes that work inside a folder, as far as we may see them.</summary>
    public static IEnumerable<int> In(string folder)
    {
        var prefix = Path.TrimEndingDirectorySeparator(folder);
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var pid)
                && ReadWorkingFolder(process) is { } working
                && (working == prefix || working.StartsWith(prefix + "/", StringComparison.Ordinal)))
            {
                yield return pid;
            }
        }
    }

    /// <summary>Waits until nobody works inside a folder any more.</summary>
    /// <returns>Those that still do after the time.</returns>
    public static async Task<int[]> WaitForEndAsync(string folder, TimeSpan limit, Action<string> log)
    {
        var begun = Stopwatch.GetTimestamp();
        var said = false;
        while (true)
        {
            int[] left = [.. In(folder)];
            if (left.Length == 0 || Stopwatch.GetElapsedTime(begun) > limit)
                return left;
            if (!said)
                log($"Servers of an earlier run are still stopping (processes {string.Join(", ", left)})");
            said = true;
            await Task.Delay(100);
        }
    }

    private static string? ReadWorkingFolder(string process)
    {
        try
        {
            return new FileInfo(Path.Combine(process, "cwd")).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or belongs to somebody else.
            return null;
        }
    }
}
