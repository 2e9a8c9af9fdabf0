namespace Son1kVers3.Studio.Mastering;

/// <summary>Brings a mix to −14 LUFS under a true peak of −1 dBTP.</summary>
/// <remarks>
/// Limiting takes loudness away, more from a sparse piece than from a dense one, so the gain is found by doing it: apply, measure, correct
/// along the line through the passes so far; three passes at most.
/// </remarks>
internal static class MasterChain
{
    public const double TargetLufs = -14;

    /// <summary>Below the promised −1 dBTP: lossy encoders move peaks a little.</summary>
    private const double Ceiling = -1.5;

    private const double CloseEnough = 0.3;
    private const int MaximumPasses = 3;
    private const double LargestGain = 60;
    private const int BlockFrames = 4096;

    /// <param name="mixLufs">Loudness of the mix; negative infinity for silence, which stays silent.</param>
    /// <param name="percent">0–100.</param>
    /// <param name="maximumPasses">1 for a provisional master.</param>
    public static MasterMeasure Apply(
        FloatWav mix, double mixLufs, FloatWav master, Action<double> percent, CancellationToken ct, int maximumPasses = MaximumPasses)
    {
        var gain = double.IsFinite(mixLufs) ? Math.Min(TargetLufs - mixLufs, LargestGain) : 0;
        var (previousGain, previousLufs) = (gain - 1, double.NaN);
        for (var pass = 1; ; pass++)
        {
            var passed = pass - 1;
            var measure = Pass(mix, master, gain, share => percent(100 * (passed + share) / maximumPasses), ct);
            if (pass == maximumPasses || !double.IsFinite(measure.Lufs) || Math.Abs(measure.Lufs - TargetLufs) <= CloseEnough)
            {
                percent(100);
                return measure;
            }

            // Decibels of loudness for a decibel of gain: 1 where nothing is limited, less and less above. First guess for what is already
            // limited: half.
            var slope = double.IsNaN(previousLufs) ? 0.6 : Math.Clamp((measure.Lufs - previousLufs) / (gain - previousGain), 0.15, 1);
            (previousGain, previousLufs) = (gain, measure.Lufs);
            gain = Math.Min(gain + (TargetLufs - measure.Lufs) / slope, LargestGain);
        }
    }

    private static MasterMeasure Pass(FloatWav mix, FloatWav master, double gainDecibels, Action<double> share, CancellationToken ct)
    {
        mix.Rewind();
        master.Rewind();
        var limiter = new Limiter(Ceiling);
        var meter = new MasterMeter();
        var gain = (float)Math.Pow(10, gainDecibels / 20);
        var left = new float[BlockFrames];
        var right = new float[BlockFrames];
        var skip = Limiter.Latency;
        var total = mix.Frames;
        long written = 0;
        while (written < total)
        {
            ct.ThrowIfCancellationRequested();
            var count = mix.Read(left, right);
            left.AsSpan(count).Clear();
            right.AsSpan(count).Clear();
            for (var i = 0; i < count; i++)
            {
                left[i] *= gain;
                right[i] *= gain;
            }

            limiter.Process(left, right);
            var length = (int)Math.Min(BlockFrames - skip, total - written);
            var outLeft = left.AsSpan(skip, length);
            var outRight = right.AsSpan(skip, length);
            meter.Add(outLeft, outRight);
            master.Write(outLeft, outRight);
            written += length;
            skip = 0;
            share((double)written / total);
        }

        return meter.Result();
    }
}

/// <param name="Lufs">Integrated loudness.</param>
/// <param name="TruePeakDbtp">The highest true peak.</param>
public readonly record struct MasterMeasure(double Lufs, double TruePeakDbtp);

/// <summary>Loudness and true peak of a stream.</summary>
internal sealed class MasterMeter
{
    private readonly IntegratedLoudness loudness = new();
    private readonly TruePeak left = new();
    private readonly TruePeak right = new();
    private float[] peaks = new float[4096];
    private float highest;

    public void Add(ReadOnlySpan<float> leftSignal, ReadOnlySpan<float> rightSignal)
    {
        loudness.Add(leftSignal, rightSignal);
        if (peaks.Length < leftSignal.Length)
        {
            peaks = new float[leftSignal.Length];
        }

        var found = peaks.AsSpan(0, leftSignal.Length);
        found.Clear();
        left.Raise(leftSignal, found);
        right.Raise(rightSignal, found);
        foreach (var peak in found)
        {
            highest = Math.Max(highest, peak);
        }
    }

    public MasterMeasure Result() => new(loudness.Integrated(), 20 * Math.Log10(highest + 1e-12));
}
