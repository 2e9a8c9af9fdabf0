using System.Runtime.InteropServices;

namespace Son1kVers3.LocalServers;

/// <summary>Folders and files with the owner and the rights that secrets and servers ask for.</summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a folder that only its owner can enter, or makes it so.</summary>
    public static string CreateFolder(string path)
    {
        Directory.CreateDirectory(path, OwnerOnly);
        File.SetUnixFileMode(path, OwnerOnly);
        return path;
    }

    /// <summary>The same for a folder inside which a server runs as another user: root's servers pass through it, and still list nothing.</summary>
    public static string CreateFolderOfServers(string path)
    {
        CreateFolder(path);
        if (Environment.IsPrivilegedProcess)
            File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return path;
    }

    /// <summary>Writes a file that only its owner can read. A crash leaves the old content or the new one.</summary>
    public static void Write(string path, string content)
    {
        var draft = path + ".new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(content);
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Gives a path to the user whom a server runs as, where we are root.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void GiveTo(string path, string user)
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        var ids = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields[0] == user && fields.Length > 3)
            ?? throw new IOException($"There is no user '{user}' on this machine.");
        if (ChangeOwner(path, uint.Parse(ids[2]), uint.Parse(ids[3])) != 0)
            throw new IOException($"Can't give {path} to {user}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "chown", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int ChangeOwner(string path, uint user, uint group);
}
