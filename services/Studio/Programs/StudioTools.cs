using System.Runtime.InteropServices;

namespace Son1kVers3.Studio.Programs;

/// <summary>
/// Where the programs, libraries and instruments are that the studio works with. Full paths (the library: a name the loader knows is
/// enough).
/// </summary>
/// <param name="SoundFont">Instruments for standard and high quality.</param>
/// <param name="RichSoundFont">The richest SoundFont installed, for ultra; the same as <paramref name="SoundFont"/> when there is only
/// one.</param>
/// <param name="EspeakNg">Null when not installed: lyrics are then played by the voice part's instrument instead of sung.</param>
public sealed record StudioTools(string FluidSynthLibrary, string SoundFont, string RichSoundFont, string Ffmpeg, string? EspeakNg)
{
    private static readonly string[] FluidSynthNames = ["libfluidsynth.so.3", "libfluidsynth.so.2", "libfluidsynth.3.dylib",
        "libfluidsynth.dylib", "libfluidsynth-3.dll"];

    // Named files only: Debian's default-GM.sf2 is an alternative that any package may point elsewhere, and the sound of a seed with it.
    private static readonly string[] SoundFonts =
    [
        "/usr/share/sounds/sf2/FluidR3_GM.sf2",
        "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3",
        "/usr/share/sounds/sf3/MuseScore_General.sf3",
        "/usr/share/sounds/sf2/MuseScore_General_Full.sf2",
    ];

    private static readonly string[] RichSoundFonts =
    [
        "/usr/share/sounds/sf2/MuseScore_General_Full.sf2",
        "/usr/share/sounds/sf3/MuseScore_General.sf3",
        "/usr/share/sounds/sf2/FluidR3_GM.sf2",
        "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3",
    ];

    /// <summary>Looks in the given places first, then where Debian's packages put things and on PATH.</summary>
    public static StudioToolsReport Find(StudioToolPaths? configured = null)
    {
        configured ??= new StudioToolPaths();
        var missing = new List<MissingTool>();

        var library = FindLibrary(configured.FluidSynthLibrary);
        var soundFont = FirstFile([configured.SoundFont], SoundFonts);
        var richSoundFont = FirstFile([configured.RichSoundFont, configured.SoundFont], RichSoundFonts);
        var ffmpeg = FindProgram(configured.Ffmpeg, "ffmpeg");
        var espeak = FindProgram(configured.EspeakNg, "espeak-ng");

        Report(library, "libfluidsynth", "libfluidsynth3", "plays the instruments", required: true);
        Report(soundFont, "SoundFont", "fluid-soundfont-gm", "the instruments' samples", required: true);
        Report(ffmpeg, "ffmpeg", "ffmpeg", "encodes and decodes audio files", required: true);
        Report(espeak, "espeak-ng", "espeak-ng", "sings lyrics", required: false);

        var tools = missing.Any(tool => tool.Required) ? null : new StudioTools(library!, soundFont!, richSoundFont!, ffmpeg!, espeak);
        return new StudioToolsReport(tools, missing);

        void Report(string? found, string name, string package, string purpose, bool required)
        {
            if (found is null)
            {
                missing.Add(new MissingTool(name, package, purpose, required));
            }
        }
    }

    /// <summary>The instruments that <paramref name="quality"/> is rendered with.</summary>
    public string SoundFontFor(StudioQuality quality) => quality == StudioQuality.Ultra ? RichSoundFont : SoundFont;

    // A configured place that does not exist is reported as missing: silently taking another file would change how every seed sounds.
    private static string? FirstFile(string?[] configured, string[] known)
    {
        var wanted = configured.FirstOrDefault(path => !string.IsNullOrWhiteSpace(path));
        return wanted is null ? known.FirstOrDefault(File.Exists) : File.Exists(wanted) ? wanted : null;
    }

    private static string? FindLibrary(string? configured)
    {
        var names = string.IsNullOrWhiteSpace(configured) ? FluidSynthNames : [configured];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
            {
                NativeLibrary.Free(handle);
                return name;
            }
        }

        return null;
    }

    private static string? FindProgram(string? configured, string name)
    {
        if (!string.IsNullOrWhiteSpace(configured))
        {
            return File.Exists(configured) ? configured : null;
        }

        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }
}

/// <summary>Places from configuration that win over the usual ones; null means look in the usual ones.</summary>
public sealed record StudioToolPaths(
    string? FluidSynthLibrary = null,
    string? SoundFont = null,
    string? RichSoundFont = null,
    string? Ffmpeg = null,
    string? EspeakNg = null);

/// <summary>What was found. <paramref name="Tools"/> is null when something required is missing.</summary>
public sealed record StudioToolsReport(StudioTools? Tools, IReadOnlyList<MissingTool> Missing)
{
    /// <summary>One line that names everything missing and the packages that bring it, or null when nothing is.</summary>
    public string? Explanation => Missing.Count == 0
        ? null
        : $"missing: {string.Join(", ", Missing.Select(tool => $"{tool.Name} ({tool.Purpose})"))}; "
            + $"on Debian: apt-get install {string.Join(' ', Missing.Select(tool => tool.DebianPackage))}";
}

/// <summary>Something that is not installed, and the Debian package that brings it.</summary>
public sealed record MissingTool(string Name, string DebianPackage, string Purpose, bool Required);
