using Son1kVers3.Studio.Performing;

namespace Son1kVers3.Studio.Mixing;

/// <summary>
/// A second-order filter over a stereo signal, transposed direct form II; the shapes are those of R. Bristow-Johnson's Audio EQ Cookbook.
/// </summary>
internal sealed class Biquad(double b0, double b1, double b2, double a0, double a1, double a2)
{
    private readonly double b0 = b0 / a0, b1 = b1 / a0, b2 = b2 / a0, a1 = a1 / a0, a2 = a2 / a0;
    private double left1, left2, right1, right2;

    public static Biquad HighPass(double frequency, double sampleRate = Performance.SampleRate)
    {
        var (cos, alpha) = Angle(frequency, 0.7071, sampleRate);
        return new Biquad((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    public static Biquad LowPass(double frequency, double sampleRate = Performance.SampleRate)
    {
        var (cos, alpha) = Angle(frequency, 0.7071, sampleRate);
        return new Biquad((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    /// <summary>0 dB at the centre.</summary>
    public static Biquad BandPass(double frequency, double q, double sampleRate = Performance.SampleRate)
    {
        var (cos, alpha) = Angle(frequency, q, sampleRate);
        return new Biquad(alpha, 0, -alpha, 1 + alpha, -2 * cos, 1 - alpha);
    }

    public static Biquad Peak(double frequency, double decibels, double q, double sampleRate = Performance.SampleRate)
    {
        var (cos, alpha) = Angle(frequency, q, sampleRate);
        var a = Math.Pow(10, decibels / 40);
        return new Biquad(1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a);
    }

    public static Biquad HighShelf(double frequency, double decibels, double sampleRate = Performance.SampleRate)
    {
        var (cos, alpha) = Angle(frequency, 0.7071, sampleRate);
        var a = Math.Pow(10, decibels / 40);
        var root = 2 * Math.Sqrt(a) * alpha;
        return new Biquad(
            a * (a + 1 + (a - 1) * cos + root),
            -2 * a * (a - 1 + (a + 1) * cos),
            a * (a + 1 + (a - 1) * cos - root),
            a + 1 - (a - 1) * cos + root,
            2 * (a - 1 - (a + 1) * cos),
            a + 1 - (a - 1) * cos - root);
    }

    /// <summary>Filters in place.</summary>
    public void Process(Span<float> left, Span<float> right)
    {
        var (l1, l2, r1, r2) = (left1, left2, right1, right2);
        right = right[..left.Length];
        for (var i = 0; i < left.Length; i++)
        {
            double x = left[i], y = right[i];
            var outLeft = b0 * x + l1;
            var outRight = b0 * y + r1;
            l1 = b1 * x - a1 * outLeft + l2;
            r1 = b1 * y - a1 * outRight + r2;
            l2 = b2 * x - a2 * outLeft;
            r2 = b2 * y - a2 * outRight;
            left[i] = (float)outLeft;
            right[i] = (float)outRight;
        }

        // Numbers that fade below what a float can hold as normal would make every following sample slow.
        (left1, left2, right1, right2) = (Flush(l1), Flush(l2), Flush(r1), Flush(r2));
    }

    private static double Flush(double value) => Math.Abs(value) < 1e-20 ? 0 : value;

    private static (double Cos, double Alpha) Angle(double frequency, double q, double sampleRate)
    {
        var omega = 2 * Math.PI * Math.Min(frequency, sampleRate * 0.49) / sampleRate;
        return (Math.Cos(omega), Math.Sin(omega) / (2 * q));
    }
}
