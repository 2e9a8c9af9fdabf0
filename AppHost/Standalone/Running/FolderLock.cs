namespace Son1kVers3.Standalone.Running;

/// <summary>One application at a time works in a data folder. The system gives the lock back when its holder is gone, however it went.</summary>
internal static class FolderLock
{
    /// <exception cref="InvalidOperationException">Another run holds the folder.</exception>
    public static IDisposable Take(string folder)
    {
        Directory.CreateDirectory(folder);
        Servers.ServerFolder.AllowTraversal(folder);
        try
        {
            return new FileStream(Path.Combine(folder, "apphost.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new InvalidOperationException($"Another run uses the data folder {folder}. Stop it, or give this one its own: SON1K_DATA=<folder> and GATEWAY_PORT=<port>.", exception);
        }
    }
}
