using Son1kVers3.Studio.Performing;

namespace Son1kVers3.Studio.Mixing;

/// <summary>
/// A feed-forward compressor on the mean square of both channels, soft knee, gain moving in steps of 16 frames with straight lines between.
/// </summary>
internal sealed class Compressor
{
    private const int Step = 16;
    private const double Knee = 6;

    private readonly double threshold;
    private readonly double slope;
    private readonly double attack;
    private readonly double release;
    private double power;
    private float gain = 1;

    /// <param name="thresholdDecibels">RMS level in dBFS above which it works.</param>
    public Compressor(double thresholdDecibels, double ratio, double attackSeconds, double releaseSeconds)
    {
        threshold = thresholdDecibels;
        slope = 1 / ratio - 1;
        attack = Coefficient(attackSeconds);
        release = Coefficient(releaseSeconds);
    }

    /// <summary>Writes the gain of each frame; the signal is left alone.</summary>
    public void ComputeGain(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> gains)
    {
        for (var start = 0; start < left.Length; start += Step)
        {
            var length = Math.Min(Step, left.Length - start);
            var sum = 0f;
            for (var i = start; i < start + length; i++)
            {
                sum += left[i] * left[i] + right[i] * right[i];
            }

            var now = sum / (2.0 * length);
            power += (now - power) * (now > power ? attack : release);
            var next = (float)TargetGain();
            var delta = (next - gain) / length;
            for (var i = start; i < start + length; i++)
            {
                gain += delta;
                gains[i] = gain;
            }

            gain = next;
        }
    }

    private static double Coefficient(double seconds) => 1 - Math.Exp(-Step / (seconds * Performance.SampleRate));

    private double TargetGain()
    {
        var over = 10 * Math.Log10(power + 1e-12) - threshold;
        return over <= -Knee / 2
            ? 1
            : Math.Pow(10, slope * (over >= Knee / 2 ? over : (over + Knee / 2) * (over + Knee / 2) / (2 * Knee)) / 20);
    }
}
