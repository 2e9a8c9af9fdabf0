namespace Son1kVers3.Studio.Listening;

/// <summary>
/// Describes how a track sounds in <see cref="Count"/> numbers, for finding others that sound alike: the nearer two lists (Euclidean), the
/// more alike.
/// </summary>
/// <remarks>
/// Each number is scaled so that most music spreads over about 0–1; none is NaN, silence gives zeros. Their order is fixed (stored lists
/// are compared):
/// <code>
///  0– 8  timbre        mel cepstrum 1–9, mean over the sounding frames (0.5 is flat)
///  9     width         share of the energy that left and right do not have in common, square root (0 mono)
/// 10     brightness    spectral centroid, octaves above 100 Hz / 7
/// 11     roll-off      frequency below which 85% of the energy lies, octaves above 100 Hz / 7
/// 12     noisiness     spectral flatness, fourth root
/// 13     low end       share of the energy below 120 Hz, square root
/// 14–15  tempo         place within its octave, as a circle (0.5 + 0.5 cos, 0.5 + 0.5 sin): half and double tempo are one
/// 16     pulse         how regular the beat is
/// 17     onsets        attacks a second / 10
/// 18     dynamics      standard deviation of the level between 0.1 s windows, dB / 12
/// 19     crest         peak over RMS, dB / 24
/// 20–31  key profile   energy of the twelve pitch classes from the tonic upwards, the strongest 1, whatever the key
/// </code>
/// One pass: an FFT of 4096 at half the rate every 2048 samples for the spectrum, one of 1024 every 512 for the onsets: about 1.5 ms of CPU
/// for a second of stereo. Memory: some 100 numbers a second. The same samples give the same numbers on one machine.
/// </remarks>
public sealed class TrackFeatures
{
    /// <summary>Numbers in a list.</summary>
    public const int Count = 32;

    private const int Size = 4096;
    private const int OnsetSize = 1024;
    private const int Cepstra = 9;
    private const double Reference = 100;
    private const double Octaves = 7;

    private readonly int rate;
    private readonly Spectra spectra;
    private readonly OnsetTrace onsets;
    private readonly SpectrumSums sums;
    private readonly LevelSums levels;
    private float[] half = [];
    private float waiting;
    private bool odd;

    /// <param name="sampleRate">Of what is added; 16–192 kHz.</param>
    public TrackFeatures(int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 16000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleRate, 192000);
        rate = sampleRate / 2;
        sums = new SpectrumSums(rate, Size);
        spectra = new Spectra(Size, Size / 2, sums.Add);
        onsets = new OnsetTrace(rate, OnsetSize, OnsetSize / 2);
        levels = new LevelSums(sampleRate / 10);
    }

    /// <summary>The features of a whole recording.</summary>
    public static float[] Measure(ReadOnlySpan<float> left, ReadOnlySpan<float> right, int sampleRate)
    {
        var features = new TrackFeatures(sampleRate);
        features.Add(left, right);
        return features.Result();
    }

    /// <summary>The next samples of both channels.</summary>
    public void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        const int block = 8192;
        for (var start = 0; start < left.Length; start += block)
        {
            var count = Math.Min(block, left.Length - start);
            levels.Add(left.Slice(start, count), right.Slice(start, count));
            AddHalved(left.Slice(start, count), right.Slice(start, count));
        }
    }

    /// <summary>The features of what was added so far.</summary>
    public float[] Result()
    {
        var features = new float[Count];
        if (sums.Frames == 0)
        {
            return features;
        }

        for (var i = 0; i < Cepstra; i++)
        {
            features[i] = (float)(0.5 + (sums.Cepstrum(i + 1) / 8));
        }

        features[9] = (float)Math.Sqrt(levels.Width);
        features[10] = Octave(sums.Centroid);
        features[11] = Octave(sums.RollOff);
        features[12] = (float)Math.Pow(sums.Flatness, 0.25);
        features[13] = (float)Math.Sqrt(sums.LowShare);
        SetRhythm(features);
        features[18] = (float)(levels.Deviation / 12);
        features[19] = (float)(levels.Crest / 24);
        SetKeyProfile(features.AsSpan(20, 12));
        for (var i = 0; i < Count; i++)
        {
            features[i] = float.IsFinite(features[i]) ? Math.Clamp(features[i], 0, 1) : 0;
        }

        return features;
    }

    private void SetRhythm(float[] features)
    {
        var (tempo, pulse) = TempoEstimator.FromOnsets(onsets.Flux, onsets.Rate);
        var (sin, cos) = Math.SinCos(2 * Math.PI * Math.Log2(tempo / Reference));
        features[14] = (float)(0.5 + (0.5 * cos));
        features[15] = (float)(0.5 + (0.5 * sin));
        features[16] = (float)pulse;
        features[17] = (float)(onsets.Times().Count / Math.Max(levels.Seconds(2 * rate), 1) / 10);
    }

    private void SetKeyProfile(Span<float> profile)
    {
        var tonic = KeyEstimator.FromChroma(sums.Chroma).Tonic;
        var strongest = sums.Chroma.Max();
        for (var i = 0; i < 12 && strongest > 0; i++)
        {
            profile[i] = (float)(sums.Chroma[(tonic + i) % 12] / strongest);
        }
    }

    private static float Octave(double hertz) => (float)(Math.Log2(Math.Max(hertz, Reference) / Reference) / Octaves);

    // Unequal shares: channels of opposite phase do not vanish. The mean of two neighbours is a plain low-pass: what little folds back
    // above 9 kHz says nothing about likeness.
    private void AddHalved(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        half = half.Length < (left.Length / 2) + 1 ? new float[(left.Length / 2) + 1] : half;
        var count = 0;
        for (var i = 0; i < left.Length; i++)
        {
            var mono = (left[i] * 0.6f) + (right[i] * 0.4f);
            if (odd)
            {
                half[count++] = (waiting + mono) * 0.5f;
            }

            (waiting, odd) = (mono, !odd);
        }

        spectra.Add(half.AsSpan(0, count));
        onsets.Add(half.AsSpan(0, count));
    }
}
