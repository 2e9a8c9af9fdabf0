namespace Son1kVers3.Studio.Listening;

/// <summary>
/// Sums over the frames of a recording: timbre as a mel cepstrum, weight of the spectrum, pitch classes. Silent frames do not count.
/// </summary>
internal sealed class SpectrumSums
{
    private const int Bands = 26;
    private const double Lowest = 60;
    private const double Highest = 8000;
    private const double LowEnd = 120;
    private const double SilencePower = 1e-5;
    private const int LowestMidi = 48;
    private const int HighestMidi = 96;

    private readonly double binHertz;
    private readonly int[] bandOf;
    private readonly int[] pitchOf;
    private readonly double[] bands = new double[Bands];
    private readonly double[] cepstrum = new double[Bands];
    private readonly double[] powers;
    private readonly double[] chroma = new double[12];
    private readonly double[] frameChroma = new double[12];
    private double flatness;

    public SpectrumSums(int sampleRate, int size)
    {
        binHertz = sampleRate / (double)size;
        powers = new double[size / 2];
        bandOf = [.. Enumerable.Range(0, size / 2).Select(bin => Band(bin * binHertz))];
        pitchOf = [.. Enumerable.Range(0, size / 2).Select(bin => Pitch(bin * binHertz))];
    }

    /// <summary>Frames that were not silent.</summary>
    public int Frames { get; private set; }

    /// <summary>Strength of each pitch class, every moment counting alike.</summary>
    public IReadOnlyList<double> Chroma => chroma;

    /// <summary>Geometric over arithmetic mean of the power spectrum: 0 a tone, 1 white noise.</summary>
    public double Flatness => flatness / Math.Max(1, Frames);

    /// <summary>Magnitude-weighted mean frequency, Hz.</summary>
    public double Centroid => Weighted(power => Math.Sqrt(power));

    /// <summary>Hz below which 85% of the energy lies.</summary>
    public double RollOff
    {
        get
        {
            var left = 0.85 * powers.Sum();
            var bin = 0;
            while (bin < powers.Length - 1 && left > powers[bin])
            {
                left -= powers[bin++];
            }

            return bin * binHertz;
        }
    }

    public double LowShare => powers.Take((int)(LowEnd / binHertz)).Sum() / Math.Max(powers.Sum(), double.Epsilon);

    /// <summary>Mean of a coefficient of the mel cepstrum.</summary>
    public double Cepstrum(int index) => cepstrum[index] / Math.Max(1, Frames);

    public void Add(ReadOnlySpan<float> magnitudes)
    {
        var total = 0.0;
        for (var bin = 1; bin < magnitudes.Length; bin++)
        {
            total += magnitudes[bin] * magnitudes[bin];
        }

        if (total / magnitudes.Length < SilencePower)
        {
            return;
        }

        Frames++;
        AddPowers(magnitudes, total);
        AddCepstrum();
        AddPitches(magnitudes);
    }

    private void AddPowers(ReadOnlySpan<float> magnitudes, double total)
    {
        Array.Clear(bands);
        var logs = 0.0;
        var product = 1.0;
        for (var bin = 1; bin < magnitudes.Length; bin++)
        {
            // Each moment counts alike, loud or not.
            var power = magnitudes[bin] * magnitudes[bin] / total;
            powers[bin] += power;
            if (bandOf[bin] >= 0)
            {
                bands[bandOf[bin]] += power;
            }

            // A logarithm for eight bins at once; none is so small that the product underflows.
            product *= power + 1e-12;
            if (bin % 8 == 0)
            {
                logs += Math.Log(product);
                product = 1;
            }
        }

        var mean = 1.0 / (magnitudes.Length - 1);
        flatness += Math.Exp((logs + Math.Log(product)) * mean) / mean;
    }

    private void AddCepstrum()
    {
        for (var i = 0; i < Bands; i++)
        {
            bands[i] = Math.Log10(bands[i] + 1e-6);
        }

        for (var k = 1; k <= 9; k++)
        {
            for (var i = 0; i < Bands; i++)
            {
                cepstrum[k] += bands[i] * Cosines[k, i] * Scale;
            }
        }
    }

    private void AddPitches(ReadOnlySpan<float> magnitudes)
    {
        Array.Clear(frameChroma);
        var total = 0.0;
        for (var bin = 2; bin < magnitudes.Length - 1; bin++)
        {
            if (pitchOf[bin] >= 0 && magnitudes[bin] > magnitudes[bin - 1] && magnitudes[bin] >= magnitudes[bin + 1])
            {
                var strength = MathF.Sqrt(magnitudes[bin]);
                frameChroma[pitchOf[bin]] += strength;
                total += strength;
            }
        }

        for (var i = 0; i < 12 && total > 0; i++)
        {
            chroma[i] += frameChroma[i] / total;
        }
    }

    private static readonly double Scale = Math.Sqrt(2.0 / Bands);

    private static readonly double[,] Cosines = CreateCosines();

    private static double[,] CreateCosines()
    {
        var cosines = new double[Bands, Bands];
        for (var k = 0; k < Bands; k++)
        {
            for (var i = 0; i < Bands; i++)
            {
                cosines[k, i] = Math.Cos(Math.PI * k * (i + 0.5) / Bands);
            }
        }

        return cosines;
    }

    private double Weighted(Func<double, double> weight)
    {
        double sum = 0, moment = 0;
        for (var bin = 1; bin < powers.Length; bin++)
        {
            var w = weight(powers[bin]);
            sum += w;
            moment += w * bin * binHertz;
        }

        return sum > 0 ? moment / sum : 0;
    }

    private static int Band(double hertz) =>
        hertz is < Lowest or >= Highest ? -1 : (int)(Bands * (Mel(hertz) - Mel(Lowest)) / (Mel(Highest) - Mel(Lowest)));

    private static double Mel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));

    private static int Pitch(double hertz)
    {
        var midi = hertz > 0 ? 69 + (12 * Math.Log2(hertz / 440)) : 0;
        return midi is >= LowestMidi and <= HighestMidi ? (int)Math.Round(midi) % 12 : -1;
    }
}

/// <summary>Level and width of a stereo stream.</summary>
internal sealed class LevelSums(int windowFrames)
{
    private readonly List<double> decibels = [];
    private double common;
    private double apart;
    private double window;
    private int filled;
    private float peak;
    private long frames;

    /// <summary>Share of the energy that the channels do not have in common, 0–1.</summary>
    public double Width => common + apart > 0 ? apart / (common + apart) : 0;

    /// <summary>Standard deviation of the windows' level in dB; what is 40 dB below the loudest does not count.</summary>
    public double Deviation
    {
        get
        {
            var loudest = decibels.DefaultIfEmpty(0).Max();
            var heard = decibels.Where(level => level > loudest - 40).ToList();
            var mean = heard.DefaultIfEmpty(0).Average();
            return Math.Sqrt(heard.Select(level => (level - mean) * (level - mean)).DefaultIfEmpty(0).Average());
        }
    }

    /// <summary>Highest peak over RMS, dB.</summary>
    public double Crest => common + apart > 0 ? 10 * Math.Log10(peak * peak * frames / (common + apart)) : 0;

    public double Seconds(int sampleRate) => frames / (double)sampleRate;

    public void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var mid = (left[i] + right[i]) * 0.5f;
            var side = (left[i] - right[i]) * 0.5f;
            common += mid * mid;
            apart += side * side;
            window += (mid * mid) + (side * side);
            peak = Math.Max(peak, Math.Max(Math.Abs(left[i]), Math.Abs(right[i])));
            if (++filled == windowFrames)
            {
                decibels.Add(10 * Math.Log10((window / windowFrames) + 1e-12));
                (window, filled) = (0, 0);
            }
        }

        frames += left.Length;
    }
}
