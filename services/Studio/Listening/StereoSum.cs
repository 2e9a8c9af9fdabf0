namespace Son1kVers3.Studio.Listening;

/// <summary>Collects stereo and gives it as one channel.</summary>
internal sealed class StereoSum
{
    /// <summary>Where the sum has less than this share of the energy of its channels, they cancel each other out.</summary>
    private const double Cancelled = 0.1;

    private readonly List<float> left = [];
    private readonly List<float> right = [];

    public int Frames => left.Count;

    /// <summary>Interleaved samples.</summary>
    public void Add(ReadOnlySpan<float> samples)
    {
        for (var i = 0; i + 1 < samples.Length; i += 2)
        {
            left.Add(samples[i]);
            right.Add(samples[i + 1]);
        }
    }

    /// <summary>
    /// The mean of both channels; the louder one alone where the mean would lose what they say (opposite phase, or nearly).
    /// </summary>
    public float[] Mono()
    {
        float[] mono = [.. left.Zip(right, (l, r) => (l + r) / 2)];
        var (leftPower, rightPower) = (Power(left), Power(right));
        return Power(mono) >= Cancelled * Math.Max(leftPower, rightPower) ? mono : leftPower >= rightPower ? [.. left] : [.. right];
    }

    // Without what does not swing: an offset of the sound card has no part in it.
    private static double Power(IReadOnlyCollection<float> samples)
    {
        double sum = 0, squares = 0;
        foreach (var sample in samples)
        {
            sum += sample;
            squares += sample * (double)sample;
        }

        return samples.Count == 0 ? 0 : squares - (sum * sum / samples.Count);
    }
}
