using Son1kVers3.Standalone.Processes;

namespace Son1kVers3.Standalone.Servers;

/// <summary>Folders and files with the owner and the rights that servers ask for.</summary>
internal static class ServerFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates a folder that only its owner can enter.</summary>
    public static string CreatePrivate(params string[] path)
    {
        var folder = Path.Combine(path);
        Directory.CreateDirectory(folder, OwnerOnly);
        return folder;
    }

    /// <summary>Lets another user pass through a folder without listing it.</summary>
    public static void AllowTraversal(string folder) =>
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    /// <summary>Writes a file that only its owner can read, whatever was there before.</summary>
    public static void WritePrivate(string path, string content)
    {
        File.Delete(path);
        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(stream);
        writer.Write(content);
    }

    /// <summary>Gives a path to the user whom a server runs as, where we are root.</summary>
    public static void GiveTo(string path, string user)
    {
        if (Posix.IsRoot)
        {
            Posix.ChangeOwner(path, Posix.FindUser(user));
        }
    }
}
