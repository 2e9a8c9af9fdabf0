using System.Reflection;
using System.Runtime.InteropServices;

namespace Son1kVers3.Studio.Rendering;

/// <summary>The few functions of libfluidsynth (LGPL, linked dynamically) that the studio needs.</summary>
internal static unsafe partial class FluidSynthNative
{
    private const string Library = "fluidsynth";
    private static string path = "libfluidsynth.so.3";

    static FluidSynthNative() => NativeLibrary.SetDllImportResolver(typeof(FluidSynthNative).Assembly, Resolve);

    /// <summary>Takes effect for the first call; a process has one libfluidsynth.</summary>
    public static void Use(string library)
    {
        path = library;
        // Its warnings (a SoundFont without a preset, a voice stolen) would land on our stderr between the structured log lines.
        for (var level = 1; level <= 4; level++)
        {
            SetLogFunction(level, 0, 0);
        }
    }

    [LibraryImport(Library, EntryPoint = "fluid_set_log_function")]
    private static partial nint SetLogFunction(int level, nint function, nint data);

    [LibraryImport(Library, EntryPoint = "new_fluid_settings")]
    public static partial nint NewSettings();

    [LibraryImport(Library, EntryPoint = "delete_fluid_settings")]
    public static partial void DeleteSettings(nint settings);

    [LibraryImport(Library, EntryPoint = "fluid_settings_setint", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetInt(nint settings, string name, int value);

    [LibraryImport(Library, EntryPoint = "fluid_settings_setnum", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetNum(nint settings, string name, double value);

    [LibraryImport(Library, EntryPoint = "new_fluid_synth")]
    public static partial nint NewSynth(nint settings);

    [LibraryImport(Library, EntryPoint = "delete_fluid_synth")]
    public static partial void DeleteSynth(nint synth);

    [LibraryImport(Library, EntryPoint = "fluid_synth_sfload", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LoadSoundFont(nint synth, string file, int resetPresets);

    [LibraryImport(Library, EntryPoint = "fluid_synth_set_channel_type")]
    public static partial int SetChannelType(nint synth, int channel, int type);

    [LibraryImport(Library, EntryPoint = "fluid_synth_program_select")]
    public static partial int ProgramSelect(nint synth, int channel, int soundFont, int bank, int program);

    [LibraryImport(Library, EntryPoint = "fluid_synth_set_interp_method")]
    public static partial int SetInterpolation(nint synth, int channel, int method);

    [LibraryImport(Library, EntryPoint = "fluid_synth_noteon")]
    public static partial int NoteOn(nint synth, int channel, int key, int velocity);

    [LibraryImport(Library, EntryPoint = "fluid_synth_noteoff")]
    public static partial int NoteOff(nint synth, int channel, int key);

    [LibraryImport(Library, EntryPoint = "fluid_synth_cc")]
    public static partial int ControlChange(nint synth, int channel, int number, int value);

    [LibraryImport(Library, EntryPoint = "fluid_synth_pitch_bend")]
    public static partial int PitchBend(nint synth, int channel, int value);

    [LibraryImport(Library, EntryPoint = "fluid_synth_process")]
    public static partial int Process(nint synth, int frames, int effectsCount, float** effects, int outputCount, float** output);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
        name == Library ? NativeLibrary.Load(path) : 0;
}
