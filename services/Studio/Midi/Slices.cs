using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Midi;

/// <summary>Pitches that are written as one chord, in sixteenths from the start.</summary>
internal sealed record Slice(int Start, int End, IReadOnlyList<int> Pitches);

/// <summary>A part as written music: one voice, chords on the grid, each lasting at most until the next.</summary>
internal static class Slices
{
    public static int Division(int tick) => (tick + 60) / 120;

    public static IReadOnlyList<Slice> Of(Part part, int end)
    {
        var groups = part.Notes
            .GroupBy(note => Division(note.Tick))
            .Where(group => group.Key < end)
            .OrderBy(group => group.Key)
            .ToList();
        var slices = new List<Slice>(groups.Count);
        for (var i = 0; i < groups.Count; i++)
        {
            var next = i + 1 < groups.Count ? groups[i + 1].Key : end;
            var length = Math.Max(1, groups[i].Max(note => (note.Duration + 75) / 120));
            slices.Add(new Slice(groups[i].Key, Math.Min(next, groups[i].Key + length), [.. groups[i].Select(note => note.Pitch).Distinct().Order()]));
        }

        return slices;
    }
}
