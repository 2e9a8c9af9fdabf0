using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Rendering;

/// <summary>Small scores written by hand: what they hold is known to the note.</summary>
internal static class TestScores
{
    private const int Bar = 4 * Score.TicksPerQuarter;
    private static readonly int[][] Chords = [[57, 60, 64], [53, 57, 60], [48, 55, 64], [55, 59, 62]];

    /// <summary>Drums, bass, electric piano, pad and lead in A minor at 120 BPM; verses and choruses of two bars.</summary>
    public static Score Band(int bars = 5)
    {
        var sections = Enumerable.Range(0, (bars + 1) / 2)
            .Select(i => new Section(i % 2 == 0 ? "verse" : "chorus", i * 2, Math.Min(2, bars - i * 2), i % 2 == 0 ? 0.4 : 0.9));
        return Create(
            sections,
            bars,
            Part("Drums", PartRole.Drums, 0, 128, 0, 0, 0.1, bars, Drums),
            Part("Bass", PartRole.Bass, 33, 0, -2, 0, 0, bars, bar => Enumerable.Range(0, 4).Select(
                beat => At(bar, beat, 400, Chord(bar)[0] - 24, 95))),
            Part("Electric Piano", PartRole.Chords, 4, 0, -6, -0.4, 0.3, bars, bar => Chord(bar).Select(
                pitch => At(bar, 0, 1800, pitch, 80))),
            Part("Warm Pad", PartRole.Pad, 89, 0, -9, 0.2, 0.5, bars, bar => Chord(bar).Select(pitch => At(bar, 0, 1900, pitch, 70))),
            Part("Lead", PartRole.Lead, 81, 0, 0, 0.1, 0.25, bars, bar => Enumerable.Range(0, 4).Select(
                beat => At(bar, beat, 440, Chord(bar)[beat % 3] + 12, 90))));
    }

    /// <summary>One soft short piano note every two bars: mostly silence.</summary>
    public static Score Sparse(int bars = 5) => Create(
        [new Section("verse", 0, bars, 0.2)],
        bars,
        Part("Piano", PartRole.Lead, 0, 0, 0, 0, 0.2, bars, bar => bar % 2 == 0 ? [At(bar, 0, 240, 72, 30)] : []));

    /// <summary>A choir that holds chords: all level, no attacks.</summary>
    public static Score Choir(int bars = 5) => Create(
        [new Section("verse", 0, bars, 0.3)],
        bars,
        Part("Choir", PartRole.Pad, 52, 0, 0, 0, 0.6, bars, bar => Chord(bar).Select(pitch => At(bar, 0, 1900, pitch, 60))));

    private static Score Create(IEnumerable<Section> sections, int bars, params Part[] parts)
    {
        Assert.True(bars > 0);
        return new Score("Test", new Key(9, true, "A minor"), new TimeSignature(4, 4), [new TempoMark(0, 120)], [.. sections], parts, []);
    }

    private static Part Part(string name, PartRole role, int program, int bank, double gain, double pan, double reverb, int bars, Func<int,
        IEnumerable<Note>> notes) =>
        new(name, role, program, bank, gain, pan, reverb, [.. Enumerable.Range(0, bars).SelectMany(notes)], []);

    private static IEnumerable<Note> Drums(int bar) => Enumerable.Range(0, 4).SelectMany<int, Note>(beat =>
        beat % 2 == 0 ? [At(bar, beat, 100, 36, 110), At(bar, beat, 60, 42, 80)]
            : [At(bar, beat, 100, 38, 105), At(bar, beat, 60, 42, 75)]);

    private static int[] Chord(int bar) => Chords[bar % Chords.Length];

    private static Note At(int bar, int beat, int duration, int pitch, int velocity) =>
        new(bar * Bar + beat * Score.TicksPerQuarter, duration, pitch, velocity);
}
