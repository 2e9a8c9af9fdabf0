namespace Son1kVers3.Studio.Mastering;

/// <summary>
/// Programme loudness of a stereo signal as ITU-R BS.1770-4 defines it: K-weighting, 400 ms blocks overlapping by 75%, absolute gate −70
/// LUFS, relative gate −10 LU.
/// </summary>
/// <remarks>
/// The standard gives filter coefficients for 48 kHz only; these come from the analogue prototypes that fit them, for any rate.
/// </remarks>
public sealed class IntegratedLoudness
{
    private const double AbsoluteGate = -70;
    private const int HopsPerBlock = 4;

    private readonly int hopFrames;
    private readonly Weighting left;
    private readonly Weighting right;
    private readonly List<double> hops = [];
    private double energy;
    private int filled;

    public IntegratedLoudness(int sampleRate = 44100)
    {
        hopFrames = sampleRate / 10;
        left = new Weighting(sampleRate);
        right = new Weighting(sampleRate);
    }

    public void Add(ReadOnlySpan<float> leftSignal, ReadOnlySpan<float> rightSignal)
    {
        while (!leftSignal.IsEmpty)
        {
            var count = Math.Min(hopFrames - filled, leftSignal.Length);
            energy += left.Energy(leftSignal[..count]) + right.Energy(rightSignal[..count]);
            filled += count;
            if (filled == hopFrames)
            {
                hops.Add(energy / hopFrames);
                energy = 0;
                filled = 0;
            }

            leftSignal = leftSignal[count..];
            rightSignal = rightSignal[count..];
        }
    }

    /// <summary>LUFS; negative infinity when nothing passes the gates.</summary>
    public double Integrated()
    {
        var blocks = Blocks().Where(block => Loudness(block) > AbsoluteGate).ToList();
        if (blocks.Count == 0)
        {
            return double.NegativeInfinity;
        }

        var gate = Loudness(blocks.Average()) - 10;
        return Loudness(blocks.Where(block => Loudness(block) > gate).Average());
    }

    /// <summary>Momentary loudness (400 ms) every 100 ms, LUFS.</summary>
    public IReadOnlyList<double> Momentary() => [.. Blocks().Select(Loudness)];

    private static double Loudness(double meanSquare) => -0.691 + 10 * Math.Log10(meanSquare + 1e-30);

    private IEnumerable<double> Blocks()
    {
        for (var i = 0; i + HopsPerBlock <= hops.Count; i++)
        {
            yield return (hops[i] + hops[i + 1] + hops[i + 2] + hops[i + 3]) / HopsPerBlock;
        }
    }

    private sealed class Weighting
    {
        private readonly double s0, s1, s2, sa1, sa2, ha1, ha2;
        private double x1, x2, y1, y2;

        public Weighting(int sampleRate)
        {
            var k = Math.Tan(Math.PI * 1681.974450955533 / sampleRate);
            const double q = 0.7071752369554196;
            var high = Math.Pow(10, 3.999843853973347 / 20);
            var band = Math.Pow(high, 0.4996667741545416);
            var a0 = 1 + k / q + k * k;
            (s0, s1, s2) = ((high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0, (high - band * k / q + k * k) / a0);
            (sa1, sa2) = (2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0);

            k = Math.Tan(Math.PI * 38.13547087602444 / sampleRate);
            const double hq = 0.5003270373238773;
            a0 = 1 + k / hq + k * k;
            (ha1, ha2) = (2 * (k * k - 1) / a0, (1 - k / hq + k * k) / a0);
        }

        public double Energy(ReadOnlySpan<float> signal)
        {
            var sum = 0.0;
            foreach (var sample in signal)
            {
                var shelf = s0 * sample + x1;
                x1 = s1 * sample - sa1 * shelf + x2;
                x2 = s2 * sample - sa2 * shelf;
                var output = shelf + y1;
                y1 = -2 * shelf - ha1 * output + y2;
                y2 = shelf - ha2 * output;
                sum += output * output;
            }

            const double tiny = 1e-25;
            (x1, x2, y1, y2) = (Flush(x1), Flush(x2), Flush(y1), Flush(y2));
            return sum;

            static double Flush(double value) => Math.Abs(value) < tiny ? 0 : value;
        }
    }
}
