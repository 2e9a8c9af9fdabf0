namespace Son1kVers3.Studio.Listening;

/// <summary>
/// Finds the tempo of a recording: spectral flux, its autocorrelation, and a comb that fits eight beats at once for precision.
/// </summary>
public static class TempoEstimator
{
    private const double Slowest = 50;
    private const double Fastest = 200;
    private const int Teeth = 8;

    /// <summary>Beats a minute, and how regular they are (0–1). Half and double of a tempo can't always be told apart.</summary>
    public static (double BeatsPerMinute, double Confidence) FromAudio(ReadOnlySpan<float> samples, int sampleRate)
    {
        var onsets = new OnsetTrace(sampleRate);
        onsets.Add(samples);
        return FromOnsets(onsets.Flux, onsets.Rate);
    }

    /// <summary>From the strength of onsets, <paramref name="rate"/> values a second.</summary>
    public static (double BeatsPerMinute, double Confidence) FromOnsets(IReadOnlyList<double> onsets, double rate)
    {
        var correlation = Autocorrelation(onsets, (int)(Teeth * rate * 60 / Slowest) + 2);
        if (correlation.Length < 4 || correlation[0] <= 0)
        {
            return (120, 0);
        }

        var (best, bestScore) = (120.0, double.MinValue);
        for (var tempo = Slowest; tempo <= Fastest; tempo *= 1.0005)
        {
            var score = Comb(correlation, rate * 60 / tempo) * Preference(tempo);
            if (score > bestScore)
            {
                (best, bestScore) = (tempo, score);
            }
        }

        return (best, Math.Clamp(Comb(correlation, rate * 60 / best) / correlation[0] * 2, 0, 1));
    }

    // Listeners feel the beat near 120; an octave away counts for three quarters.
    private static double Preference(double tempo) => Math.Exp(-0.5 * Math.Pow(Math.Log2(tempo / 115) / 1.3, 2));

    private static double Comb(double[] correlation, double period)
    {
        var (sum, teeth) = (0.0, 0);
        for (var k = 1; k <= Teeth; k++)
        {
            var lag = k * period;
            var whole = (int)lag;
            if (whole + 1 >= correlation.Length)
            {
                break;
            }

            sum += correlation[whole] + (correlation[whole + 1] - correlation[whole]) * (lag - whole);
            teeth++;
        }

        return teeth == 0 ? 0 : sum / teeth;
    }

    private static double[] Autocorrelation(IReadOnlyList<double> onsets, int lags)
    {
        var mean = onsets.Count == 0 ? 0 : onsets.Average();
        var centred = onsets.Select(value => (float)(value - mean)).ToArray();
        lags = Math.Min(lags, centred.Length / 2);
        var result = new double[Math.Max(0, lags)];
        for (var lag = 0; lag < lags; lag++)
        {
            var sum = 0.0;
            for (var i = lag; i < centred.Length; i++)
            {
                sum += centred[i] * centred[i - lag];
            }

            result[lag] = sum / (centred.Length - lag);
        }

        return result;
    }
}
