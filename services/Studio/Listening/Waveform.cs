using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Listening;

/// <summary>
/// The outline of a recording for drawing: the lowest and highest sample (−1 … 1) of <see cref="Min"/>.Count equal stretches.
/// </summary>
public sealed record WaveformPeaks(double DurationSeconds, IReadOnlyList<float> Min, IReadOnlyList<float> Max)
{
    /// <summary>From the lowest to the highest sample of each stretch, 0–2: what a cover is drawn from.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<float> Heights => [.. Max.Zip(Min, (high, low) => high - low)];
}

/// <summary>Measures outlines.</summary>
public sealed class Waveform(StudioTools tools)
{
    private const int SampleRate = 44100;
    private const int Channels = 2;

    /// <summary>
    /// Frames of the fine outline that every coarser one is folded from: 300 s at 8000 points still has 25 of these a point.
    /// </summary>
    private const int Grain = 64;

    private const double MaximumSeconds = 3600;

    private readonly AudioReader reader = new(tools);

    /// <summary>
    /// Outlines with each of <paramref name="counts"/> points, from one decoding. Values are rounded to three places to keep the JSON
    /// small.
    /// </summary>
    public async Task<IReadOnlyList<WaveformPeaks>> PeaksAsync(string path, IReadOnlyList<int> counts, CancellationToken ct)
    {
        var fine = new FineOutline();
        await reader.DecodeAsync(path, SampleRate, Channels, MaximumSeconds, fine.Add, ct);
        return [.. counts.Select(fine.Fold)];
    }

    /// <summary>Outlines and <see cref="TrackFeatures"/> of a recording, from one decoding.</summary>
    /// <exception cref="ToolException">The file can't be decoded.</exception>
    public async Task<(IReadOnlyList<WaveformPeaks> Peaks, float[] Features)> PeaksAndFeaturesAsync(
        string path, IReadOnlyList<int> counts, CancellationToken ct)
    {
        var fine = new FineOutline();
        var features = new TrackFeatures(SampleRate);
        await reader.DecodeAsync(path, SampleRate, Channels, MaximumSeconds, Add, ct);
        return ([.. counts.Select(fine.Fold)], await Task.Run(features.Result, ct));

        void Add(ReadOnlySpan<float> samples)
        {
            fine.Add(samples);
            var (left, right) = (new float[samples.Length / Channels], new float[samples.Length / Channels]);
            for (var i = 0; i < left.Length; i++)
            {
                (left[i], right[i]) = (samples[2 * i], samples[(2 * i) + 1]);
            }

            features.Add(left, right);
        }
    }

    private sealed class FineOutline
    {
        private readonly List<(float Min, float Max)> grains = [];
        private float min = float.MaxValue;
        private float max = float.MinValue;
        private int filled;
        private long frames;

        public void Add(ReadOnlySpan<float> samples)
        {
            for (var i = 0; i + 1 < samples.Length; i += Channels)
            {
                min = Math.Min(min, Math.Min(samples[i], samples[i + 1]));
                max = Math.Max(max, Math.Max(samples[i], samples[i + 1]));
                if (++filled == Grain)
                {
                    Close();
                }
            }

            frames += samples.Length / Channels;
        }

        public WaveformPeaks Fold(int count)
        {
            if (filled > 0)
            {
                Close();
            }

            var lows = new float[count];
            var highs = new float[count];
            for (var i = 0; i < count && grains.Count > 0; i++)
            {
                var from = (int)((long)i * grains.Count / count);
                var to = Math.Max(from + 1, (int)((long)(i + 1) * grains.Count / count));
                lows[i] = MathF.Round(grains.Skip(from).Take(to - from).Min(grain => grain.Min), 3);
                highs[i] = MathF.Round(grains.Skip(from).Take(to - from).Max(grain => grain.Max), 3);
            }

            return new WaveformPeaks(frames / (double)SampleRate, lows, highs);
        }

        private void Close()
        {
            grains.Add((min, max));
            (min, max, filled) = (float.MaxValue, float.MinValue, 0);
        }
    }
}
