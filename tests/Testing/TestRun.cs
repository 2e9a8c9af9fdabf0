using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Testing;

/// <summary>What test processes on one machine share: whose turn it is, temporary folders, and what to do at the end.</summary>
public static class TestRun
{
    private const string Prefix = "son1k-tests-";
    private const string Marker = "in-use";

    private static readonly List<FileStream> Held = [];
    private static readonly List<Func<Task>> Endings = [];
    private static readonly List<string> Folders = [];
    private static readonly Lazy<Task> Turn = new(WaitForTurnAsync);
    private static readonly Lazy<string> Root = new(FindRoot);

    /// <summary>The root of the repository.</summary>
    public static string RepositoryRoot => Root.Value;

    /// <summary>Waits until no other test process of this checkout runs servers, and keeps the turn until this process ends.</summary>
    public static Task TakeTurnAsync() => Turn.Value;

    private static async Task WaitForTurnAsync()
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RepositoryRoot)))[..8];
        var path = Path.Combine(Path.GetTempPath(), $"{Prefix}{key}.lock");
        while (!TryHold(path))
        {
            await Task.Delay(200);
        }
    }

    /// <summary>Makes a temporary folder that the servers' users can reach, and removes those of test processes that were killed.</summary>
    public static string CreateFolder(string purpose)
    {
        RemoveAbandoned();
        var folder = Path.Combine(Path.GetTempPath(), $"{Prefix}{purpose}-{Guid.NewGuid():N}"[..(Prefix.Length + purpose.Length + 9)]);

        // It gets its name only once it is held: another test process would take it for abandoned.
        var draft = Directory.CreateTempSubdirectory().FullName;
        File.SetUnixFileMode(draft, (UnixFileMode)Convert.ToInt32("711", 8));
        TryHold(Path.Combine(draft, Marker));
        Directory.Move(draft, folder);
        AtExit(() => Task.CompletedTask);
        lock (Endings)
        {
            Folders.Add(folder);
        }

        return folder;
    }

    /// <summary>Removes a folder, and what is still written there by processes that are just ending: a killed Postgres' own children outlive it for a moment.</summary>
    public static Task DeleteFolderAsync(string folder) => Eventually.PassesAsync(() =>
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    });

    /// <summary>Registers something to do when the test process ends by itself. A killed one relies on the kernel, see ProcessLauncher.</summary>
    public static void AtExit(Func<Task> ending)
    {
        lock (Endings)
        {
            if (Endings.Count == 0)
            {
                AppDomain.CurrentDomain.ProcessExit += (_, _) => RunEndings();
            }

            Endings.Add(ending);
        }
    }

    private static void RunEndings()
    {
        Func<Task>[] endings;
        string[] folders;
        lock (Endings)
        {
            endings = [.. Endings];
            folders = [.. Folders];
        }

        // ProcessExit can't be awaited, and the host gives it a few seconds.
        Task.WhenAll(endings.Select(ending => Task.Run(ending))).Wait(TimeSpan.FromSeconds(4));
        foreach (var folder in folders.Where(Directory.Exists))
        {
            TryDelete(folder);
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Something still writes there; an exception at this point would look like a crash. The next run removes the folder.
            Console.Error.WriteLine($"{folder} is left behind: {exception.Message}");
        }
    }

    private static bool TryHold(string path)
    {
        try
        {
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            lock (Held)
            {
                Held.Add(stream);
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void RemoveAbandoned()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var marker = Path.Combine(folder, Marker);
            try
            {
                using (new FileStream(marker, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                }

                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // In use, another user's, or just being made: none of our business.
                continue;
            }
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Son1kVers3.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Tests run from inside the repository.");
    }
}
