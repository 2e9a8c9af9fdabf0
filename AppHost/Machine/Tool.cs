namespace Son1kVers3.Machine;

/// <summary>A program or file that the product uses and does not bring along.</summary>
/// <param name="Name">What a person calls it.</param>
/// <param name="Package">The Debian and Ubuntu package that brings it; apt's own regular expression, from <c>^</c>, where each release has another name.</param>
/// <param name="Paths">It is there when one of these exists. The first <c>*</c> stands for one folder unless it is in the file's name.</param>
public sealed record Tool(string Name, string Package, params string[] Paths)
{
    /// <summary>Whether it is installed.</summary>
    public bool IsInstalled => Paths.Any(Exists);

    private static bool Exists(string path)
    {
        var (folder, file) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        var star = folder.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return IsIn(folder, file);
        }

        var parent = folder[..star].TrimEnd('/');
        return Directory.Exists(parent) && Directory.EnumerateDirectories(parent).Any(one => IsIn(one + folder[(star + 1)..], file));
    }

    private static bool IsIn(string folder, string file) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, file).Any();
}

/// <summary>What each part of the product needs on the machine.</summary>
public static class Tools
{
    /// <summary>What services compare texts with, whether the servers are containers or not: passwords in NFKC, names without accents.</summary>
    public static IReadOnlyList<Tool> Services { get; } =
        OperatingSystem.IsLinux() ? [new("ICU", "^libicu[0-9]+$", "/usr/lib/*/libicuuc.so.*", "/usr/lib64/libicuuc.so.*", "/usr/lib/libicuuc.so.*")] : [];

    /// <summary>The servers that run as plain processes where there is no container runtime.</summary>
    public static IReadOnlyList<Tool> Servers { get; } =
    [
        new("PostgreSQL", "postgresql", "/usr/lib/postgresql/*/bin/postgres"),
        new("Redis", "redis-server", "/usr/bin/redis-server"),
        new("RabbitMQ", "rabbitmq-server", "/usr/lib/rabbitmq/bin/rabbitmq-server"),
    ];

    /// <summary>What the studio composes, sings and encodes with.</summary>
    public static IReadOnlyList<Tool> Studio { get; } =
    [
        new("FluidSynth", "libfluidsynth3", "/usr/lib/*/libfluidsynth.so.3"),
        new("a General MIDI SoundFont", "fluid-soundfont-gm", "/usr/share/sounds/sf2/FluidR3_GM.sf2", "/usr/share/sounds/sf3/MuseScore_General.sf3", "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3", "/usr/share/sounds/sf2/MuseScore_General_Full.sf2"),
        new("FFmpeg", "ffmpeg", "/usr/bin/ffmpeg"),
        new("eSpeak NG", "espeak-ng", "/usr/bin/espeak-ng"),
    ];

    /// <summary>What tests drive the web app with.</summary>
    public static IReadOnlyList<Tool> Browser { get; } = [new("Chromium", "chromium", "/usr/bin/chromium", "/usr/bin/chromium-browser")];

    /// <summary>What builds the web app, and runs the S3-speaking server that storage is tested against.</summary>
    public static IReadOnlyList<Tool> Node { get; } = [new("Node.js", "nodejs", "/usr/bin/node", "/usr/local/bin/node"), new("npm", "npm", "/usr/bin/npm", "/usr/local/bin/npm")];
}
