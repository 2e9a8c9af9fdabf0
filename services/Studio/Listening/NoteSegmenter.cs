namespace Son1kVers3.Studio.Listening;

/// <summary>Cuts a pitch track into notes.</summary>
/// <remarks>
/// A note ends when the voice stops, when the middle line of its vibrato has left it by 0.65 semitones for 6 frames (slides stay inside
/// that), or when the level dips and comes back, as between two syllables on one pitch. Pitches are rounded against the singer's own
/// tuning.
/// </remarks>
internal static class NoteSegmenter
{
    private const double FrameSeconds = PitchTracker.Hop / (double)PitchTracker.SampleRate;
    private const double Leave = 0.65;
    private const int LeaveFrames = 6;
    private const int GapFrames = 4;
    private const double ShortestNote = 0.09;
    private const double QuietBelowPeak = 35;
    private const double Dip = 7;
    private const int DipReach = 6;
    private const int MedianReach = 3;

    public static IReadOnlyList<MelodyNoteEstimate> Segment(IReadOnlyList<PitchFrame> frames)
    {
        var pitches = Vibrato.Centre(Smooth(frames));
        var segments = Cut(pitches, frames).Where(segment => (segment.End - segment.Start) * FrameSeconds >= ShortestNote).ToList();
        var tuning = Tuning(segments.Select(segment => CentralPitch(pitches, segment)));
        return [.. segments.Select(segment => ToNote(segment, pitches, frames, tuning))];
    }

    private static MelodyNoteEstimate ToNote(
        (int Start, int End) segment, double[] pitches, IReadOnlyList<PitchFrame> frames, double tuning)
    {
        var pitch = CentralPitch(pitches, segment) - tuning;
        var rounded = (int)Math.Round(pitch);
        var clarity = Enumerable.Range(segment.Start, segment.End - segment.Start).Average(i => frames[i].Clarity);
        var inTune = 1 - Math.Abs(pitch - rounded);
        return new MelodyNoteEstimate(
            Math.Max(0, segment.Start * FrameSeconds + PitchTracker.FrameCentre),
            (segment.End - segment.Start) * FrameSeconds,
            Math.Clamp(rounded, 0, 127),
            Math.Round(Math.Clamp(clarity * inTune, 0, 1), 3));
    }

    private static double[] Smooth(IReadOnlyList<PitchFrame> frames)
    {
        var loudest = frames.Count == 0 ? 0 : frames.Max(frame => frame.Level);
        var raw = frames.Select(frame => frame.Level < loudest - QuietBelowPeak ? double.NaN : frame.Midi).ToArray();
        return
        [
            .. raw.Select((value, i) =>
            {
                var near = raw[Math.Max(0, i - MedianReach)..Math.Min(raw.Length, i + MedianReach + 1)].Where(double.IsFinite).Order()
                    .ToList();
                // A lonely frame between unvoiced ones is noise; a lonely hole inside a note is closed.
                return near.Count > MedianReach ? near[near.Count / 2] : double.NaN;
            }),
        ];
    }

    private static IEnumerable<(int Start, int End)> Cut(double[] pitches, IReadOnlyList<PitchFrame> frames)
    {
        var start = -1;
        var away = 0;
        var gap = 0;
        var note = new List<double>();
        for (var i = 0; i < pitches.Length; i++)
        {
            if (double.IsNaN(pitches[i]))
            {
                if (start >= 0 && ++gap >= GapFrames)
                {
                    yield return (start, i - gap + 1);
                    start = -1;
                }

                continue;
            }

            if (start < 0)
            {
                (start, away, gap) = (i, 0, 0);
                note.Clear();
            }

            gap = 0;
            away = note.Count > 0 && Math.Abs(pitches[i] - Median(note)) > Leave ? away + 1 : 0;
            if (away == 0)
            {
                note.Add(pitches[i]);
            }

            var left = away >= LeaveFrames;
            if (left || (i - start > 8 && IsDip(frames, i)))
            {
                var border = left ? i - LeaveFrames + 1 : i;
                yield return (start, border);
                (start, away) = (border, 0);
                note.Clear();
                note.AddRange(pitches[border..(i + 1)]);
            }
        }

        if (start >= 0)
        {
            yield return (start, pitches.Length);
        }
    }

    // The lowest point of a dip that is deep against both sides.
    private static bool IsDip(IReadOnlyList<PitchFrame> frames, int i)
    {
        if (i < DipReach || i + DipReach >= frames.Count)
        {
            return false;
        }

        var level = frames[i].Level;
        var (before, after) = (double.MinValue, double.MinValue);
        for (var k = 1; k <= DipReach; k++)
        {
            if (frames[i - k].Level < level || frames[i + k].Level <= level)
            {
                return false;
            }

            before = Math.Max(before, frames[i - k].Level);
            after = Math.Max(after, frames[i + k].Level);
        }

        return before - level > Dip && after - level > Dip;
    }

    // Only the last third of a second: a slow slide moves the reference along.
    private static double Median(List<double> note)
    {
        var recent = note.Skip(Math.Max(0, note.Count - 33)).Order().ToList();
        return recent[recent.Count / 2];
    }

    private static double CentralPitch(double[] pitches, (int Start, int End) segment)
    {
        var length = segment.End - segment.Start;
        var middle = pitches[(segment.Start + length / 5)..(segment.End - length / 5)].Where(double.IsFinite).Order().ToList();
        return middle.Count == 0 ? pitches[segment.Start] : middle[middle.Count / 2];
    }

    /// <summary>How far the singer is from A = 440 Hz, −0.5 … 0.5 semitones: the circular mean of the notes' fractions.</summary>
    private static double Tuning(IEnumerable<double> notes)
    {
        var (x, y) = (0.0, 0.0);
        foreach (var note in notes)
        {
            x += Math.Cos(2 * Math.PI * note);
            y += Math.Sin(2 * Math.PI * note);
        }

        return x == 0 && y == 0 ? 0 : Math.Atan2(y, x) / (2 * Math.PI);
    }
}
