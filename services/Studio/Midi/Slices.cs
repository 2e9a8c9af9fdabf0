using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Midi;

/// <summary>Pitches that are written as one chord, in sixteenths from the start.</summary>
internal sealed record Slice(int Start, int End, IReadOnlyList<int> Pitches);

/// <summary>A part as written music: one voice, chords on the grid, each lasting at most until the next.</summary>
internal static class Slices
{
    private const int TicksPerStep = Score.TicksPerQuarter / 4;

    public static IReadOnlyList<Slice> Of(Part part, TimeSignature meter, int end)
    {
        var groups = part.Notes
            .Select(note => (note.Pitch, On: note.Written ?? Heard(note)))
            .GroupBy(note => note.On.Step)
            .Where(group => group.Key < end)
            .OrderBy(group => group.Key)
            .ToList();
        var slices = new List<Slice>(groups.Count);
        for (var i = 0; i < groups.Count; i++)
        {
            var next = i + 1 < groups.Count ? groups[i + 1].Key : end;
            // A stroke has no length: it is written to the end of its beat, as drummers read it.
            var length = part.IsDrums ? ToNextBeat(meter, groups[i].Key) : groups[i].Max(note => note.On.Steps);
            slices.Add(new Slice(
                groups[i].Key, Math.Min(next, groups[i].Key + length), [.. groups[i].Select(note => note.Pitch).Distinct().Order()]));
        }

        return slices;
    }

    /// <summary>The sixteenth nearest to what was only heard.</summary>
    public static WrittenNote Heard(Note note) =>
        new((note.Tick + (TicksPerStep / 2)) / TicksPerStep, Math.Max(1, (note.Duration + 75) / TicksPerStep));

    private static int ToNextBeat(TimeSignature meter, int step)
    {
        var within = step % meter.StepsPerBar;
        return meter.Beats.FirstOrDefault(beat => beat > within, meter.StepsPerBar) - within;
    }
}
