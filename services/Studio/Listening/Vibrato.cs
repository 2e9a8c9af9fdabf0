namespace Son1kVers3.Studio.Listening;

/// <summary>Finds the line around which a voice swings.</summary>
/// <remarks>
/// A singer's vibrato swings 4–8 times a second, by 30–100 cents to either side; one hears the middle (Sundberg, The Science of the Singing
/// Voice, 1987). Where turning points of the pitch follow each other at half such a period, at least <see cref="FewestSwings"/> times, the
/// pitch between two of them is replaced by their mean. What moves otherwise (steps, slides, an even tone) stays.
/// </remarks>
internal static class Vibrato
{
    private const int ShortestHalf = 5;
    private const int LongestHalf = 13;
    private const double SmallestSwing = 0.28;
    private const double LargestSwing = 2.7;
    private const double Reversal = 0.18;
    private const int FewestSwings = 3;
    private const double Alike = 0.6;
    private const int EvenUntil = 8;
    private const int EvenFrames = 6;
    private const double EvenWithin = 0.3;

    /// <summary>The middle line of a pitch track with a frame every 10 ms; frames without pitch stay so.</summary>
    public static double[] Centre(double[] pitches)
    {
        var centred = (double[])pitches.Clone();
        foreach (var (start, end) in VoicedRuns(pitches))
        {
            var turns = TurningPoints(pitches, start, end);
            for (var i = 0; i + 1 < turns.Count;)
            {
                var last = i;
                while (last + 1 < turns.Count && Swings(pitches, turns[last], turns[last + 1]))
                {
                    last++;
                }

                if (last > i && IsVibrato(pitches, turns, i, last, start))
                {
                    Flatten(pitches, centred, turns.GetRange(i, last - i + 1), (start, end));
                }

                i = Math.Max(last, i + 1);
            }
        }

        return centred;
    }

    // Three halves of a swing, two alike, or one out of an even tone that lies in its middle: a late vibrato on a short note.
    private static bool IsVibrato(double[] pitches, List<int> turns, int first, int last, int start)
    {
        if (last - first >= FewestSwings)
        {
            return true;
        }

        var (one, two) = (Reach(pitches, turns[first], turns[first + 1]), last - first == 2 ? Reach(pitches, turns[last - 1], turns[last]) : 0);
        if (two > 0 && Math.Min(one, two) > Alike * Math.Max(one, two))
        {
            return true;
        }

        var even = Enumerable.Range(turns[first] - EvenUntil - EvenFrames, EvenFrames).ToList();
        return even[0] >= start && even.TrueForAll(frame => Math.Abs(pitches[frame] - Middle(pitches, turns, first)) < EvenWithin);
    }

    private static bool Swings(double[] pitches, int from, int to) =>
        to - from is >= ShortestHalf and <= LongestHalf && Math.Abs(pitches[to] - pitches[from]) is >= SmallestSwing and <= LargestSwing;

    private static void Flatten(double[] pitches, double[] centred, List<int> turns, (int Start, int End) run)
    {
        for (var i = 0; i + 1 < turns.Count; i++)
        {
            var middle = Middle(pitches, turns, i);
            for (var frame = turns[i]; frame <= turns[i + 1]; frame++)
            {
                centred[frame] = double.IsNaN(pitches[frame]) ? double.NaN : middle;
            }
        }

        // The quarter period before the first turn and after the last belongs to the swing as well.
        Spread(pitches, centred, turns[0], -1, run.Start, (Middle(pitches, turns, 0), Reach(pitches, turns[0], turns[1])));
        Spread(pitches, centred, turns[^1], 1, run.End - 1,
            (Middle(pitches, turns, turns.Count - 2), Reach(pitches, turns[^1], turns[^2])));
    }

    // Two halves of one swing cancel what the pitch drifts; at the ends there is one.
    private static double Middle(double[] pitches, List<int> turns, int i) => (pitches[turns[i]] + pitches[turns[i + 1]]) / 2;

    private static double Reach(double[] pitches, int turn, int other) => Math.Abs(pitches[turn] - pitches[other]) / 2;

    private static void Spread(double[] pitches, double[] centred, int turn, int direction, int limit, (double Middle, double Reach) swing)
    {
        for (var frame = turn; (frame - limit) * direction <= 0 && Math.Abs(frame - turn) <= LongestHalf; frame += direction)
        {
            if (Math.Abs(pitches[frame] - swing.Middle) > swing.Reach + 0.1)
            {
                return;
            }

            centred[frame] = double.IsNaN(pitches[frame]) ? double.NaN : swing.Middle;
        }
    }

    private static IEnumerable<(int Start, int End)> VoicedRuns(double[] pitches)
    {
        var start = -1;
        for (var i = 0; i <= pitches.Length; i++)
        {
            var voiced = i < pitches.Length && !double.IsNaN(pitches[i]);
            if (voiced && start < 0)
            {
                start = i;
            }
            else if (!voiced && start >= 0)
            {
                yield return (start, i);
                start = -1;
            }
        }
    }

    // Where the pitch turns back by more than the tracker trembles.
    private static List<int> TurningPoints(double[] pitches, int start, int end)
    {
        var turns = new List<int>();
        var (high, low, direction) = (start, start, 0);
        for (var i = start; i < end; i++)
        {
            high = pitches[i] > pitches[high] ? i : high;
            low = pitches[i] < pitches[low] ? i : low;
            if (direction >= 0 && pitches[high] - pitches[i] > Reversal)
            {
                turns.Add(high);
                (direction, low) = (-1, i);
                high = i;
            }
            else if (direction <= 0 && pitches[i] - pitches[low] > Reversal)
            {
                turns.Add(low);
                (direction, high) = (1, i);
                low = i;
            }
        }

        return turns;
    }
}
