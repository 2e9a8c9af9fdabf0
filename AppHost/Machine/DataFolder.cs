using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Machine;

/// <summary>Where the application keeps what it makes on this machine.</summary>
public static class DataFolder
{
    /// <summary>
    /// The configured folder, else <c>.local</c> at the root of the repository, else, where root works in a folder that the database's own user can't enter
    /// (a checkout under <c>/root</c>), one under <c>/var/lib</c> for this checkout.
    /// </summary>
    /// <param name="appHostDirectory">A folder right under the root of the repository.</param>
    /// <param name="configured">Asked for.</param>
    public static string Find(string appHostDirectory, string? configured)
    {
        if (!string.IsNullOrWhiteSpace(configured))
        {
            return Path.GetFullPath(configured);
        }

        var root = Path.GetFullPath(Path.Combine(appHostDirectory, ".."));
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || IsReachableByOthers(root))
        {
            return Path.Combine(root, ".local");
        }

        return Path.Combine("/var/lib/son1kvers3", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..12]);
    }

    private static bool IsReachableByOthers(string path)
    {
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
        {
            if (!OperatingSystem.IsWindows() && !folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }
}
