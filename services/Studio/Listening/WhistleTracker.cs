namespace Son1kVers3.Studio.Listening;

/// <summary>
/// Frequency of pure tones from 700 Hz to 4 kHz: people whistle there, and a period of a few samples is too short for YIN.
/// </summary>
internal sealed class WhistleTracker(int sampleRate)
{
    private const double Lowest = 700;
    private const double Highest = 4200;

    /// <summary>Part of the energy that a pure tone has around its peak. A voice's partials share theirs.</summary>
    private const double Purity = 0.7;

    /// <summary>A partial at half or a third of the frequency with this share of the energy makes it an overtone.</summary>
    private const double Undertone = 0.02;

    private const double Silence = 1e-7;

    /// <summary>Half the width of a Hann window's main lobe, in bins, and one for the sweep of a vibrato.</summary>
    private const int Lobe = 3;

    private const int Size = 512;

    private readonly Fourier _fourier = new(Size);
    private readonly float[] _magnitudes = new float[Size / 2];

    /// <summary>The frequency in Hz; null where the middle of the frame is no pure high tone.</summary>
    public double? Track(ReadOnlySpan<float> frame)
    {
        var middle = frame.Slice((frame.Length - Size) / 2, Size);
        if (!MayBeHigh(middle))
        {
            return null;
        }

        _fourier.Magnitudes(middle, _magnitudes);
        var peak = 1;
        var total = 0.0;
        for (var bin = 1; bin < _magnitudes.Length; bin++)
        {
            total += _magnitudes[bin] * (double)_magnitudes[bin];
            peak = _magnitudes[bin] > _magnitudes[peak] ? bin : peak;
        }

        var frequency = Refined(peak) * sampleRate / Size;
        var pure = frequency is >= Lowest and <= Highest && total > Silence * Size && Energy(peak) >= Purity * total
            && Energy(peak / 2.0) < Undertone * total && Energy(peak / 3.0) < Undertone * total;
        return pure ? frequency : null;
    }

    // Cheap: a tone of 700 Hz crosses zero 1400 times a second.
    private bool MayBeHigh(ReadOnlySpan<float> signal)
    {
        var crossings = 0;
        for (var i = 1; i < signal.Length; i++)
        {
            crossings += signal[i] >= 0 != signal[i - 1] >= 0 ? 1 : 0;
        }

        return crossings >= 1.8 * Lowest * signal.Length / sampleRate;
    }

    private double Energy(double bin)
    {
        var sum = 0.0;
        var centre = (int)Math.Round(bin);
        for (var i = Math.Max(1, centre - Lobe); i <= Math.Min(_magnitudes.Length - 1, centre + Lobe); i++)
        {
            sum += _magnitudes[i] * (double)_magnitudes[i];
        }

        return sum;
    }

    // The top of the parabola through the logarithms of three bins.
    private double Refined(int peak)
    {
        if (peak <= 0 || peak + 1 >= _magnitudes.Length)
        {
            return peak;
        }

        var (a, b, c) = (Math.Log(_magnitudes[peak - 1] + 1e-12), Math.Log(_magnitudes[peak] + 1e-12), Math.Log(
            _magnitudes[peak + 1] + 1e-12));
        var curvature = a - (2 * b) + c;
        return curvature >= 0 ? peak : peak + Math.Clamp(0.5 * (a - c) / curvature, -0.5, 0.5);
    }
}
