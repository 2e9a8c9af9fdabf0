namespace Son1kVers3.Studio.Listening;

/// <summary>Cuts a stream into frames of equal size and hands over the magnitudes of each.</summary>
internal sealed class Spectra(int size, int hop, Action<ReadOnlySpan<float>> each)
{
    private readonly Fourier fourier = new(size);
    private readonly float[] frame = new float[size];
    private readonly float[] magnitudes = new float[size / 2];
    private int filled;

    public void Add(ReadOnlySpan<float> samples)
    {
        while (!samples.IsEmpty)
        {
            var count = Math.Min(size - filled, samples.Length);
            samples[..count].CopyTo(frame.AsSpan(filled));
            samples = samples[count..];
            filled += count;
            if (filled < size)
            {
                return;
            }

            fourier.Magnitudes(frame, magnitudes);
            each(magnitudes);
            frame.AsSpan(hop).CopyTo(frame);
            filled = size - hop;
        }
    }
}

/// <summary>Where in the spectrum a recording has its weight.</summary>
internal sealed class Tint
{
    private const int Size = 4096;
    private const double Low = 120;
    private const double Audible = 20;
    private readonly double binHertz;
    private readonly Spectra spectra;
    private double weight;
    private double moment;
    private double power;
    private double lowPower;

    public Tint(int sampleRate)
    {
        binHertz = sampleRate / (double)Size;
        spectra = new Spectra(Size, Size, Weigh);
    }

    /// <summary>Average frequency, weighted by magnitude; 0 in silence.</summary>
    public double CentroidHertz => weight > 0 ? moment / weight : 0;

    /// <summary>Share of the energy below 120 Hz.</summary>
    public double LowShare => power > 0 ? lowPower / power : 0;

    public void Add(ReadOnlySpan<float> samples) => spectra.Add(samples);

    private void Weigh(ReadOnlySpan<float> magnitudes)
    {
        for (var bin = (int)Math.Ceiling(Audible / binHertz); bin < magnitudes.Length; bin++)
        {
            var (hertz, magnitude) = (bin * binHertz, (double)magnitudes[bin]);
            weight += magnitude;
            moment += magnitude * hertz;
            power += magnitude * magnitude;
            lowPower += hertz < Low ? magnitude * magnitude : 0;
        }
    }
}

/// <summary>Spectral flux over time, and the attacks in it.</summary>
internal sealed class OnsetTrace
{
    private const int UsualSize = 1024;
    private const double Around = 0.1;
    private const double Apart = 0.05;
    private const double Above = 1.5;
    private const double Floor = 0.35;
    private readonly List<double> flux = [];
    private readonly Spectra spectra;
    private readonly int size;
    private float[] before;
    private float[] now;

    /// <summary>A hop of 5–6 ms whatever the rate.</summary>
    public OnsetTrace(int sampleRate)
        : this(sampleRate, UsualSize, Math.Max(64, sampleRate / 172))
    {
    }

    public OnsetTrace(int sampleRate, int size, int hop)
    {
        this.size = size;
        (before, now) = (new float[size / 2], new float[size / 2]);
        Rate = sampleRate / (double)hop;
        spectra = new Spectra(size, hop, Compare);
    }

    /// <summary>How much louder the spectrum became since the frame before, <see cref="Rate"/> values a second.</summary>
    public IReadOnlyList<double> Flux => flux;

    public double Rate { get; }

    public void Add(ReadOnlySpan<float> samples) => spectra.Add(samples);

    /// <summary>Seconds of the attacks: peaks of the flux that stand out from what is around them.</summary>
    public IReadOnlyList<double> Times()
    {
        var times = new List<double>();
        var (around, apart) = ((int)(Around * Rate), (int)(Apart * Rate));
        var floor = flux.DefaultIfEmpty(0).Average() * Floor;
        var sums = new double[flux.Count + 1];
        for (var i = 0; i < flux.Count; i++)
        {
            sums[i + 1] = sums[i] + flux[i];
        }

        for (var i = 0; i < flux.Count; i++)
        {
            var (from, to) = (Math.Max(0, i - around), Math.Min(flux.Count, i + around + 1));
            if (flux[i] > (sums[to] - sums[from]) / (to - from) * Above + floor && IsPeak(i, apart))
            {
                times.Add(i / Rate);
            }
        }

        return times;
    }

    private bool IsPeak(int at, int apart)
    {
        for (var i = Math.Max(0, at - apart); i < Math.Min(flux.Count, at + apart + 1); i++)
        {
            if (flux[i] > flux[at] || (flux[i] == flux[at] && i < at))
            {
                return false;
            }
        }

        return true;
    }

    private void Compare(ReadOnlySpan<float> magnitudes)
    {
        var sum = 0.0;
        for (var bin = 1; bin < magnitudes.Length; bin++)
        {
            now[bin] = MathF.Log(1 + 100 * magnitudes[bin] / size);
            sum += Math.Max(0, now[bin] - before[bin]);
        }

        flux.Add(sum);
        (now, before) = (before, now);
    }
}
