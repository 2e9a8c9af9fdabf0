namespace Son1kVers3.AppHost.Lifetime;

/// <summary>One application at a time works in a data folder. The system gives the lock back when its holder is gone, however it went.</summary>
internal static class FolderLock
{
    /// <exception cref="StartRefusedException">Another run holds the folder.</exception>
    public static FileStream Take(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "apphost.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new StartRefusedException($"Another run uses the data folder {folder}. Stop it, or give this one its own: SON1K_DATA=<folder> and GATEWAY_PORT=<port>.");
        }
    }
}
