using System.Collections.Concurrent;

namespace Son1kVers3.Standalone.Status;

/// <summary>A log file for each unit, of this run; the run before keeps its own beside it.</summary>
/// <param name="folder">Where they are.</param>
/// <param name="secrets">Values that must never be seen.</param>
internal sealed class LogFiles(string folder, IReadOnlyList<string> secrets) : IDisposable
{
    private readonly ConcurrentDictionary<string, StreamWriter> writers = new();

    /// <summary>Hides what must not be seen, and writes the line.</summary>
    /// <returns>The line as it may be shown.</returns>
    public string Write(string unit, string line)
    {
        foreach (var secret in secrets)
        {
            line = line.Replace(secret, "***", StringComparison.Ordinal);
        }

        var writer = writers.GetOrAdd(unit, Open);
        lock (writer)
        {
            writer.WriteLine(line);
        }

        return line;
    }

    public void Dispose()
    {
        foreach (var writer in writers.Values)
        {
            writer.Dispose();
        }
    }

    private StreamWriter Open(string unit)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{unit}.log");
        if (File.Exists(path))
        {
            File.Move(path, Path.Combine(folder, $"{unit}.previous.log"), overwrite: true);
        }

        return new StreamWriter(path) { AutoFlush = true };
    }
}
