namespace Son1kVers3.Studio.Composing;

/// <summary>Spreads chords over pitches and leads one into the next.</summary>
internal static class Voicing
{
    /// <summary>The inversion of a chord nearest to the notes before it; each voice moves as little as it can.</summary>
    /// <param name="previous">Pitches that sounded before, low to high; empty at the start.</param>
    public static IReadOnlyList<int> Lead(Chord chord, int tonic, string style, int low, int high, IReadOnlyList<int> previous)
    {
        var tones = Tones(chord, style);
        var center = (low + high) / 2;
        IReadOnlyList<int>? best = null;
        var bestCost = int.MaxValue;
        for (var inversion = 0; inversion < (style is "power" or "tenth" ? 1 : tones.Count); inversion++)
        {
            for (var octave = 1; octave < 8; octave++)
            {
                var voicing = Stack(tones, inversion, tonic + chord.Root + (octave * 12), style);
                if (voicing[0] < low || voicing[^1] > high)
                {
                    continue;
                }

                var cost = Math.Abs(voicing.Sum() - (center * voicing.Count)) + (previous.Count > 0 ? 8 * Distance(previous, voicing) : 0);
                if (cost < bestCost)
                {
                    bestCost = cost;
                    best = voicing;
                }
            }
        }

        return best ?? [.. Stack(tones, 0, tonic + chord.Root + 48, style).Select(pitch => Fold(pitch, low, high)).Distinct().Order()];
    }

    /// <summary>Semitones that the voices move in all, paired from the top; extra voices cost their distance to the nearest.</summary>
    public static int Distance(IReadOnlyList<int> from, IReadOnlyList<int> to)
    {
        var sum = 0;
        foreach (var pitch in to)
        {
            sum += from.Min(other => Math.Abs(other - pitch));
        }

        return sum + Math.Abs(from[^1] - to[^1]);
    }

    /// <summary>Moves a pitch by octaves into a range.</summary>
    public static int Fold(int pitch, int low, int high)
    {
        while (pitch < low)
        {
            pitch += 12;
        }

        while (pitch > high && pitch - 12 >= low)
        {
            pitch -= 12;
        }

        return pitch;
    }

    private static IReadOnlyList<int> Tones(Chord chord, string style) => style switch
    {
        "power" => [0, 7, 12],
        // What says whether a distorted chord is major or minor lies above its fifth, where it does not growl.
        "tenth" when chord.Intervals.Count > 2 => [0, 7, 12 + chord.Intervals[1]],
        "octave" => [0, 12],
        // Third and seventh say what the chord is; the bass has the root.
        "shell" when chord.Intervals.Count > 3 => [chord.Intervals[1], chord.Intervals[3], .. chord.Intervals.Skip(4).Take(1)],
        "rootless" when chord.Intervals.Count > 3 => [.. chord.Intervals.Skip(1)],
        // Five tones in a hand are mud: the bass has the root.
        _ when chord.Intervals.Count > 4 => [.. chord.Intervals.Skip(1)],
        _ => chord.Intervals,
    };

    private static List<int> Stack(IReadOnlyList<int> tones, int inversion, int root, string style)
    {
        var pitches = new List<int>(tones.Count);
        for (var i = 0; i < tones.Count; i++)
        {
            var pitch = root + tones[(i + inversion) % tones.Count];
            while (pitches.Count > 0 && pitch <= pitches[^1])
            {
                pitch += 12;
            }

            while (pitches.Count > 0 && pitch - 12 > pitches[^1])
            {
                pitch -= 12;
            }

            pitches.Add(pitch);
        }

        if (style == "open" && pitches.Count >= 3)
        {
            pitches[1] += 12;
            pitches.Sort();
        }

        return pitches;
    }
}
