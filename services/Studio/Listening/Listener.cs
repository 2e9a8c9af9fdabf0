using Son1kVers3.Studio.Mastering;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Listening;

/// <summary>Listens to a finished track: everything that a machine can judge about it.</summary>
public sealed class Listener(StudioTools tools)
{
    private const int SampleRate = 44100;
    private const double MaximumSeconds = 600;
    private const float Silence = 0.001f;
    private const int SilenceFrames = SampleRate / 20;

    private readonly AudioReader reader = new(tools);
    private readonly LoudnessMeter meter = new(tools);

    /// <exception cref="ToolException">The file can't be decoded.</exception>
    public async Task<TrackMeasures> MeasureAsync(string path, TrackExpectation expected, CancellationToken ct)
    {
        var loudness = await meter.MeasureAsync(path, ct);
        var left = new List<float>();
        var right = new List<float>();
        await reader.DecodeAsync(path, SampleRate, 2, MaximumSeconds, block => Split(block, left, right), ct);
        return await Task.Run(() => Measure(loudness, [.. left], [.. right], expected), ct);
    }

    private static TrackMeasures Measure(LoudnessReport loudness, float[] left, float[] right, TrackExpectation expected)
    {
        var mono = left.Zip(right, (l, r) => (l + r) / 2).ToArray();
        var half = Halve(mono);
        var tempo = TempoEstimator.FromAudio(half, SampleRate / 2).BeatsPerMinute;
        var key = KeyEstimator.FromAudio(half, SampleRate / 2);
        var (gain, density) = Contrast(left, right, expected);
        return new TrackMeasures(
            loudness.IntegratedLufs,
            loudness.TruePeakDbtp,
            mono.Length / (double)SampleRate,
            LongestSilence(left, right),
            left.Count(sample => Math.Abs(sample) >= 0.9999f) + right.Count(sample => Math.Abs(sample) >= 0.9999f),
            tempo,
            new[] { 0.5, 1, 2 }.Min(octave => Math.Abs(tempo / (expected.Tempo * octave) - 1)),
            key,
            key.IsSameOrRelative(expected.Score.Key.Tonic, expected.Score.Key.Minor),
            gain,
            density);
    }

    private static void Split(ReadOnlySpan<float> block, List<float> left, List<float> right)
    {
        for (var i = 0; i + 1 < block.Length; i += 2)
        {
            left.Add(block[i]);
            right.Add(block[i + 1]);
        }
    }

    private static float[] Halve(float[] samples)
    {
        var half = new float[samples.Length / 2];
        for (var i = 0; i < half.Length; i++)
        {
            half[i] = (samples[2 * i] + samples[2 * i + 1]) / 2;
        }

        return half;
    }

    // What is quiet until the end is the piece's own ending, and no gap.
    private static double LongestSilence(float[] left, float[] right)
    {
        var (longest, run) = (0, 0);
        for (var start = 0; start + SilenceFrames <= left.Length; start += SilenceFrames)
        {
            var quiet = !left.AsSpan(start, SilenceFrames).ContainsAnyExceptInRange(-Silence, Silence)
                && !right.AsSpan(start, SilenceFrames).ContainsAnyExceptInRange(-Silence, Silence);
            longest = quiet ? longest : Math.Max(longest, run);
            run = quiet ? run + 1 : 0;
        }

        return longest * SilenceFrames / (double)SampleRate;
    }

    private static (double? Gain, double? Density) Contrast(float[] left, float[] right, TrackExpectation expected)
    {
        var verses = Spans(expected, "verse");
        var choruses = Spans(expected, "chorus");
        if (verses.Count == 0 || choruses.Count == 0)
        {
            return (null, null);
        }

        var loudness = new IntegratedLoudness();
        loudness.Add(left, right);
        var momentary = MomentaryLoudness.Of(loudness);
        return (momentary.Level(at => Holds(choruses, at)) - momentary.Level(at => Holds(verses, at)),
            Density(expected, choruses) / Density(expected, verses));
    }

    private static List<(double From, double To)> Spans(TrackExpectation expected, string name)
    {
        var score = expected.Score;
        return
        [
            .. score.Sections.Where(section => section.Name == name).Select(section => (
                score.SecondsAt(section.StartBar * score.TicksPerBar) - expected.StartOffsetSeconds,
                score.SecondsAt((section.StartBar + section.Bars) * score.TicksPerBar) - expected.StartOffsetSeconds)),
        ];
    }

    private static bool Holds(List<(double From, double To)> spans, double at) => spans.Any(span => at >= span.From && at < span.To);

    private static double Density(TrackExpectation expected, List<(double From, double To)> spans)
    {
        var count = expected.Score.Parts.SelectMany(part => part.Notes).Count(note =>
        {
            var at = expected.Score.SecondsAt(note.Tick) - expected.StartOffsetSeconds + 0.02;
            return Holds(spans, at);
        });
        return count / spans.Sum(span => span.To - span.From);
    }
}
