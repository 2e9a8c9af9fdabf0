using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Studio.Singing;

/// <summary>A spoken syllable made ready to be sung: trimmed, its voiced middle found, a mark on each of its periods.</summary>
/// <param name="Samples">Mono, <see cref="Espeak.SampleRate"/>; the voiced part has an RMS of 0.12.</param>
/// <param name="Marks">Positions of the periods in samples; at least three.</param>
internal sealed record SpokenSyllable(float[] Samples, IReadOnlyList<int> Marks)
{
    private const double Level = 0.12;
    private const float Silence = 0.004f;
    private const int ShortestPeriod = Espeak.SampleRate / 400;
    private const int LongestPeriod = Espeak.SampleRate / 70;
    private const double HopSamples = PitchTracker.Hop * (double)Espeak.SampleRate / PitchTracker.SampleRate;

    public int VoicedStart => Marks[0];

    public int VoicedEnd => Marks[^1];

    /// <summary>Null when nothing in it is voiced.</summary>
    public static SpokenSyllable? From(float[] spoken)
    {
        var samples = Trim(spoken);
        var contour = Contour(samples);
        var (start, end) = LongestVoiced(contour);
        if (end - start < 3)
        {
            return null;
        }

        var marks = FindMarks(samples, contour, start, end);
        if (marks.Count < 3)
        {
            return null;
        }

        Normalize(samples, marks[0], marks[^1]);
        return new SpokenSyllable(samples, marks);
    }

    private static float[] Trim(float[] samples)
    {
        var first = Array.FindIndex(samples, sample => Math.Abs(sample) > Silence);
        var last = Array.FindLastIndex(samples, sample => Math.Abs(sample) > Silence);
        return first < 0 ? [] : samples[first..(last + 1)];
    }

    /// <summary>Period in samples for every hop of the pitch tracker; 0 where unvoiced.</summary>
    private static double[] Contour(float[] samples)
    {
        // The tracker works at 16 kHz, with room for its window at both ends.
        const double ratio = (double)Espeak.SampleRate / PitchTracker.SampleRate;
        var pad = (int)(PitchTracker.FrameCentre * PitchTracker.SampleRate);
        var resampled = new float[(int)(samples.Length / ratio) + 2 * pad + 2];
        for (var i = pad; i < resampled.Length - pad; i++)
        {
            var position = (i - pad) * ratio;
            var whole = (int)position;
            resampled[i] = whole + 1 < samples.Length ? samples[whole] + (samples[whole + 1] - samples[whole]) * (float)(position - whole)
                : 0;
        }

        return
        [
            .. PitchTracker.Track(resampled, CancellationToken.None)
                .Select(frame => double.IsNaN(frame.Midi) || frame.Clarity < 0.7 || frame.Level < -45 ? 0
                    : Espeak.SampleRate / (440 * Math.Pow(2, (frame.Midi - 69) / 12))),
        ];
    }

    private static (int Start, int End) LongestVoiced(double[] contour)
    {
        var (bestStart, bestEnd, start) = (0, 0, -1);
        for (var i = 0; i <= contour.Length; i++)
        {
            if (i < contour.Length && contour[i] is >= ShortestPeriod and <= LongestPeriod)
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                (bestStart, bestEnd) = i - start > bestEnd - bestStart ? (start, i) : (bestStart, bestEnd);
                start = -1;
            }
        }

        return (bestStart, bestEnd);
    }

    // From the loudest period outwards, each mark on the highest sample about a period away.
    private static List<int> FindMarks(float[] samples, double[] contour, int start, int end)
    {
        var from = (int)(start * HopSamples);
        var to = Math.Min(samples.Length - 1, (int)(end * HopSamples));
        var middle = from;
        for (var i = from; i < to; i++)
        {
            middle = samples[i] > samples[middle] ? i : middle;
        }

        var marks = new List<int> { middle };
        for (var direction = -1; direction <= 1; direction += 2)
        {
            for (var at = Step(middle, direction); at > from && at < to; at = Step(at, direction))
            {
                marks.Add(at);
            }
        }

        marks.Sort();
        return marks;

        int Step(int at, int direction)
        {
            var period = contour[Math.Clamp((int)(at / HopSamples), start, end - 1)];
            var centre = at + direction * period;
            var best = (int)Math.Round(centre);
            var reach = 0.12 * period;
            for (var i = Math.Max(0, (int)(centre - reach)); i <= Math.Min(samples.Length - 1, centre + reach); i++)
            {
                best = best < 0 || best >= samples.Length || samples[i] > samples[best] ? i : best;
            }

            return best;
        }
    }

    private static void Normalize(float[] samples, int start, int end)
    {
        var sum = 0.0;
        for (var i = start; i < end; i++)
        {
            sum += samples[i] * samples[i];
        }

        var factor = (float)(Level / Math.Sqrt(sum / (end - start) + 1e-9));
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] *= factor;
        }
    }
}
