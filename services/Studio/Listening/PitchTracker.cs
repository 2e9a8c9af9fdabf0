using System.Numerics;

namespace Son1kVers3.Studio.Listening;

/// <param name="Midi">Pitch as a fractional MIDI number; NaN when there is none.</param>
/// <param name="Clarity">0–1, 1 is perfectly periodic.</param>
/// <param name="Level">RMS in dBFS.</param>
internal readonly record struct PitchFrame(double Midi, double Clarity, double Level);

/// <summary>
/// Fundamental frequency of a single voice, every 10 ms: YIN (de Cheveigné and Kawahara 2002), and the spectral peak for whistles.
/// </summary>
internal static class PitchTracker
{
    public const int SampleRate = 16000;
    public const int Hop = 160;

    /// <summary>Two periods of the lowest pitch, 65 Hz.</summary>
    private const int Window = 512;

    private const int LongestPeriod = SampleRate / 65;
    private const int ShortestPeriod = SampleRate / 1200;
    private const double Threshold = 0.15;
    private const double Unvoiced = 0.35;

    /// <summary>Time of a frame's middle relative to its start, seconds.</summary>
    public const double FrameCentre = (Window + LongestPeriod) / 2.0 / SampleRate;

    public static PitchFrame[] Track(ReadOnlySpan<float> samples, CancellationToken ct)
    {
        var span = Window + LongestPeriod + 1;
        var count = Math.Max(0, (samples.Length - span) / Hop + 1);
        var frames = new PitchFrame[count];
        var difference = new double[LongestPeriod + 1];
        var whistle = new WhistleTracker(SampleRate);
        for (var i = 0; i < count; i++)
        {
            ct.ThrowIfCancellationRequested();
            var frame = samples.Slice(i * Hop, span);
            frames[i] = whistle.Track(frame) is { } frequency
                ? new PitchFrame(Midi(frequency), 1, Level(frame))
                : Analyse(frame, difference);
        }

        return frames;
    }

    private static PitchFrame Analyse(ReadOnlySpan<float> frame, double[] difference)
    {
        var level = Level(frame);
        if (level < -70)
        {
            return new PitchFrame(double.NaN, 0, level);
        }

        // Cumulative mean normalised difference: 0 where the signal repeats.
        var sum = 0.0;
        difference[0] = 1;
        for (var lag = 1; lag <= LongestPeriod; lag++)
        {
            var value = SquaredDifference(frame[..Window], frame.Slice(lag, Window));
            sum += value;
            difference[lag] = sum > 0 ? value * lag / sum : 1;
        }

        var period = FindPeriod(difference);
        var clarity = Math.Clamp(1 - difference[period], 0, 1);
        return difference[period] > Unvoiced
            ? new PitchFrame(double.NaN, clarity, level)
            : new PitchFrame(Midi(SampleRate / Refine(difference, period)), clarity, level);
    }

    private static double Midi(double frequency) => 69 + 12 * Math.Log2(frequency / 440);

    private static double Level(ReadOnlySpan<float> frame) => 10 * Math.Log10(SquaredSum(frame) / frame.Length + 1e-12);

    private static int FindPeriod(double[] difference)
    {
        for (var lag = ShortestPeriod; lag < LongestPeriod; lag++)
        {
            if (difference[lag] < Threshold)
            {
                while (lag + 1 < LongestPeriod && difference[lag + 1] < difference[lag])
                {
                    lag++;
                }

                return lag;
            }
        }

        var best = ShortestPeriod;
        for (var lag = ShortestPeriod; lag < LongestPeriod; lag++)
        {
            best = difference[lag] < difference[best] ? lag : best;
        }

        return best;
    }

    private static double Refine(double[] difference, int period)
    {
        var (a, b, c) = (difference[period - 1], difference[period], difference[period + 1]);
        var curvature = a - 2 * b + c;
        return curvature <= 0 ? period : period + Math.Clamp(0.5 * (a - c) / curvature, -0.5, 0.5);
    }

    private static double SquaredSum(ReadOnlySpan<float> signal)
    {
        var sum = 0.0;
        foreach (var sample in signal)
        {
            sum += sample * sample;
        }

        return sum;
    }

    private static float SquaredDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sums = Vector<float>.Zero;
        for (var i = 0; i + Vector<float>.Count <= Window; i += Vector<float>.Count)
        {
            var d = new Vector<float>(a[i..]) - new Vector<float>(b[i..]);
            sums += d * d;
        }

        return Vector.Sum(sums);
    }
}
