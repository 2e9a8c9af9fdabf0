using System.Numerics;

namespace Son1kVers3.Studio.Mastering;

/// <summary>Peaks between the samples (ITU-R BS.1770-4 annex 2): four times oversampled by a windowed sinc.</summary>
internal sealed class TruePeak
{
    public const int Phases = 4;
    public const int Taps = 16;

    /// <summary>A peak is reported this many frames after it went in.</summary>
    public const int Delay = Taps / 2;

    private static readonly float[] Kernel = CreateKernel();
    private readonly float[] history = new float[Taps - 1];
    private float[] work = new float[Taps - 1 + 4096];

    /// <summary>The largest magnitude around each frame, <see cref="Delay"/> frames late, raised into <paramref name="peaks"/>.</summary>
    public void Raise(ReadOnlySpan<float> signal, Span<float> peaks)
    {
        if (work.Length < signal.Length + Taps - 1)
        {
            work = new float[signal.Length + Taps - 1];
        }

        history.CopyTo(work, 0);
        signal.CopyTo(work.AsSpan(Taps - 1));
        for (var i = 0; i < signal.Length; i++)
        {
            // The frame itself is phase 0 of an interpolator without error.
            var peak = Math.Abs(work[i + Taps - 1 - Delay]);
            var window = work.AsSpan(i, Taps);
            for (var phase = 1; phase < Phases; phase++)
            {
                peak = Math.Max(peak, Math.Abs(Dot(window, Kernel.AsSpan(phase * Taps, Taps))));
            }

            peaks[i] = Math.Max(peaks[i], peak);
        }

        work.AsSpan(signal.Length, Taps - 1).CopyTo(history);
    }

    private static float Dot(ReadOnlySpan<float> window, ReadOnlySpan<float> kernel)
    {
        if (Vector.IsHardwareAccelerated && Vector<float>.Count == 8)
        {
            return Vector.Sum(
                new Vector<float>(window) * new Vector<float>(kernel) + new Vector<float>(window[8..]) * new Vector<float>(kernel[8..]));
        }

        var sum = 0f;
        for (var i = 0; i < Taps; i++)
        {
            sum += window[i] * kernel[i];
        }

        return sum;
    }

    private static float[] CreateKernel()
    {
        var kernel = new float[Phases * Taps];
        for (var phase = 0; phase < Phases; phase++)
        {
            for (var tap = 0; tap < Taps; tap++)
            {
                var x = tap - (Taps - 1 - Delay) - phase / (double)Phases;
                var window = 0.5 + 0.5 * Math.Cos(Math.PI * x / (Taps / 2.0));
                kernel[phase * Taps + tap] = (float)(Math.Abs(x) >= Taps / 2.0 ? 0 : x == 0 ? 1
                    : window * Math.Sin(Math.PI * x) / (Math.PI * x));
            }
        }

        return kernel;
    }
}
