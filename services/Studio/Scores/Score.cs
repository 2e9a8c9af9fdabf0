using System.Text.Json.Serialization;

namespace Son1kVers3.Studio.Scores;

/// <summary>A composed piece: everything a renderer, a MIDI file or a sheet needs, and nothing about sound files.</summary>
/// <remarks>All positions are ticks from the start of the piece, <see cref="TicksPerQuarter"/> to the quarter note.</remarks>
public sealed record Score(
    string Title,
    Key Key,
    TimeSignature TimeSignature,
    IReadOnlyList<TempoMark> Tempos,
    IReadOnlyList<Section> Sections,
    IReadOnlyList<Part> Parts,
    IReadOnlyList<LyricSyllable> Lyrics)
{
    /// <summary>Resolution of every tick value in a score.</summary>
    public const int TicksPerQuarter = 480;

    /// <summary>
    /// Wanted length of the audio in seconds, the ringing end included: render this long, fading whatever still sounds at the end.
    /// </summary>
    public double LengthSeconds { get; init; }

    /// <summary>Chords and keys in their order, each holding until the next; empty where nobody knows them.</summary>
    public IReadOnlyList<HarmonyMark> Harmony { get; init; } = [];

    /// <summary>How pairs of notes that are written even are played; null for straight.</summary>
    public SwingMark? Swing { get; init; }

    /// <summary>First tick after the last section.</summary>
    public int EndTick => Sections.Count == 0 ? 0 : (Sections[^1].StartBar + Sections[^1].Bars) * TicksPerBar;

    /// <summary>Length of a bar in ticks.</summary>
    public int TicksPerBar => TimeSignature.Numerator * TicksPerQuarter * 4 / TimeSignature.Denominator;

    /// <summary>Seconds from the start of the piece to <paramref name="tick"/>, following every tempo mark before it.</summary>
    public double SecondsAt(int tick)
    {
        var seconds = 0.0;
        for (var i = 0; i < Tempos.Count && Tempos[i].Tick < tick; i++)
        {
            var until = i + 1 < Tempos.Count ? Math.Min(Tempos[i + 1].Tick, tick) : tick;
            seconds += (until - Tempos[i].Tick) * 60.0 / (Tempos[i].BeatsPerMinute * TicksPerQuarter);
        }

        return seconds;
    }
}

/// <summary>
/// Tonic as a pitch class (0 = C … 11 = B) and mode. <see cref="Name"/> is spelled as in "A minor", "Bb major", and is what JSON holds.
/// </summary>
[JsonConverter(typeof(KeyJsonConverter))]
public readonly partial record struct Key(int Tonic, bool Minor, string Name)
{
    public override string ToString() => Name;
}

/// <summary>The tempo, in quarter notes a minute, that holds from <paramref name="Tick"/> on.</summary>
public readonly record struct TempoMark(int Tick, double BeatsPerMinute);

/// <summary>From a tick on: the key, and the tones of the chord as they are spelled, the root first.</summary>
public sealed record HarmonyMark(int Tick, Key Key, IReadOnlyList<PitchName> Tones);

/// <summary>
/// Of two written notes of equal value the first lasts <paramref name="First"/> to <paramref name="Second"/> against the other.
/// </summary>
/// <param name="Value">What is written: 8 for eighths, 16 for sixteenths.</param>
public sealed record SwingMark(int First, int Second, int Value);

/// <summary>
/// One section of the form: <paramref name="Name"/> is <c>intro</c>, <c>verse</c>, <c>chorus</c>, <c>bridge</c>, <c>outro</c> …; energy
/// 0–1.
/// </summary>
public sealed record Section(string Name, int StartBar, int Bars, double Energy);

/// <summary>What an instrument does in the arrangement; the mixer and the stems go by it.</summary>
public enum PartRole { Drums, Percussion, Bass, Chords, Pad, Lead, Counter, Arpeggio, Strings, Effects, Voice }

/// <summary>One instrument. <paramref name="Program"/> and <paramref name="Bank"/> are General MIDI numbers (drums: bank 128).</summary>
/// <param name="Name">Unique in the score, shown to people and used as the stem's file name, for example <c>Electric Piano</c>.</param>
/// <param name="Gain">Wanted loudness against the mix in dB: 0 is the lead's level.</param>
/// <param name="Pan">−1 (left) … 1 (right).</param>
/// <param name="Reverb">Send level 0–1.</param>
public sealed record Part(
    string Name,
    PartRole Role,
    int Program,
    int Bank,
    double Gain,
    double Pan,
    double Reverb,
    IReadOnlyList<Note> Notes,
    IReadOnlyList<Control> Controls)
{
    /// <summary>Drum kits sound on General MIDI's percussion channel.</summary>
    public bool IsDrums => Role is PartRole.Drums or PartRole.Percussion && Bank == 128;
}

/// <summary>A note: MIDI pitch and velocity (1–127), when it sounds and, where it was composed on a grid, what stands on paper.</summary>
public readonly record struct Note(int Tick, int Duration, int Pitch, int Velocity)
{
    /// <summary>Null for what was only heard.</summary>
    public WrittenNote? Written { get; init; }
}

/// <summary>Start and length in sixteenths, before swing, timing and touch.</summary>
public readonly record struct WrittenNote(int Step, int Steps);

/// <summary>A MIDI control change (expression 11, modulation 1, sustain 64 …); pitch bend is number −1 with value 0–16383.</summary>
public readonly record struct Control(int Tick, int Number, int Value);

/// <summary>A sung syllable on the note of the voice part that starts at <paramref name="Tick"/>.</summary>
public sealed record LyricSyllable(int Tick, int Duration, int Pitch, string Text, bool EndsWord, string Word);
