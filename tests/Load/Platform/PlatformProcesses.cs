using System.Diagnostics;
using System.Globalization;
using Son1kVers3.Testing;

namespace Son1kVers3.Load.Platform;

/// <summary>One .NET process of the platform at one moment, as Linux tells it.</summary>
/// <param name="Name">Of its program; the workers of <c>generation</c> are <c>Generation-workers</c>.</param>
/// <param name="Memory">Proportional set size in MB: what several processes share is divided among them.</param>
/// <param name="Cpu">Spent since its start.</param>
internal sealed record PlatformProcess(int Id, string Name, double Memory, TimeSpan Cpu, int Threads, int Sockets);

/// <summary>The .NET processes of the platform that was started from this clone.</summary>
internal static class PlatformProcesses
{
    private const string Prefix = "Son1kVers3.";
    private const int TicksPerSecond = 100;
    private static readonly string[] Others = ["AppHost", "Load"];

    public static IReadOnlyList<PlatformProcess> Read()
    {
        var found = new List<PlatformProcess>();
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (ProgramOf(process.Id) is { } name)
                    found.Add(Read(process, name));
            }
        }

        return found.Count > 0 ? [.. found.OrderBy(process => process.Name, StringComparer.Ordinal)]
            : throw new InvalidOperationException("No platform of this clone runs: dotnet run -c Release --project AppHost");
    }

    public static TimeSpan CpuOf(string name) => TimeSpan.FromTicks(Read().Where(process => process.Name == name).Sum(process => process.Cpu.Ticks));

    private static PlatformProcess Read(Process process, string name)
    {
        var folder = $"/proc/{process.Id}";
        var shared = File.ReadLines($"{folder}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        // The program's name stands in brackets and may hold blanks: fields are counted behind it.
        var stat = File.ReadAllText($"{folder}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        var sockets = new DirectoryInfo($"{folder}/fd").EnumerateFiles().Count(file => file.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
        return new PlatformProcess(
            process.Id, name, long.Parse(shared.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1000.0,
            TimeSpan.FromSeconds((double)ticks / TicksPerSecond), process.Threads.Count, sockets);
    }

    /// <summary>Null for a process that is none of the platform's.</summary>
    private static string? ProgramOf(int pid)
    {
        try
        {
            var program = Array.Find(File.ReadAllText($"/proc/{pid}/cmdline").Split('\0'), part => part.StartsWith(TestRun.RepositoryRoot, StringComparison.Ordinal) && Path.GetFileName(part).StartsWith(Prefix, StringComparison.Ordinal));
            var name = program is null ? null : Path.GetFileName(program)[Prefix.Length..].Replace(".dll", "", StringComparison.Ordinal);
            if (name is null || Others.Contains(name))
                return null;
            return File.ReadAllText($"/proc/{pid}/environ").Contains("Jobs__Api=false", StringComparison.OrdinalIgnoreCase) ? name + "-workers" : name;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or somebody else's.
            return null;
        }
    }
}
