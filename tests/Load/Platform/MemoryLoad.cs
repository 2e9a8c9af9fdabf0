using System.Globalization;

namespace Son1kVers3.Load.Platform;

/// <summary>What each .NET process of the platform holds: memory (PSS), threads, sockets. <c>memory</c>.</summary>
internal static class MemoryLoad
{
    public static Task RunAsync(string[] args)
    {
        Print(PlatformProcesses.Read());
        return Task.CompletedTask;
    }

    public static void Print(IReadOnlyList<PlatformProcess> processes)
    {
        Console.WriteLine("| process | MB | threads | sockets |\n|---|--:|--:|--:|");
        foreach (var process in processes)
            Console.WriteLine(Row(process.Name, process.Memory, process.Threads, process.Sockets));
        Console.WriteLine(Row("all", processes.Sum(p => p.Memory), processes.Sum(p => p.Threads), processes.Sum(p => p.Sockets)));
    }

    private static string Row(string name, double memory, int threads, int sockets) =>
        string.Create(CultureInfo.InvariantCulture, $"| {name} | {memory:0} | {threads} | {sockets} |");
}
