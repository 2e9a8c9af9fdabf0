using System.Runtime.InteropServices;
using Son1kVers3.Studio.Mastering;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Listening;

/// <summary>Listens to a finished recording.</summary>
public sealed class TrackAnalyser(StudioTools tools)
{
    private const double MaximumSeconds = 600;
    private readonly AudioReader reader = new(tools);

    /// <summary>What is heard, in all and in each section; without sections the whole is told alone.</summary>
    /// <param name="sections">In order of time.</param>
    /// <exception cref="ToolException">The file can't be decoded.</exception>
    public async Task<TrackAnalysis> AnalyseAsync(string path, IReadOnlyList<SectionStart> sections, CancellationToken ct)
    {
        var ear = new TrackEar();
        await reader.DecodeAsync(path, TrackEar.SampleRate, 2, MaximumSeconds, ear.Hear, ct);
        return await Task.Run(() => ear.Tell(sections), ct);
    }
}

/// <summary>Takes a stereo recording in block by block, and tells what it was.</summary>
/// <remarks>
/// Everything is summed up on the way but the mono copy at half the rate that the key is read from: 27 MB for 300 s.
/// One pass of short frames gives the spectral flux that both tempo and onsets come from, one of long frames brightness and low end.
/// </remarks>
internal sealed class TrackEar
{
    public const int SampleRate = 44100;

    /// <summary>Momentary loudness spans 400 ms: 27 of them, 100 ms apart, the 3 s of short-term loudness.</summary>
    private const int ShortTerm = 27;

    private readonly IntegratedLoudness loudness = new();
    private readonly Tint tint = new(SampleRate);
    private readonly OnsetTrace onsets = new(SampleRate);
    private readonly List<float> half = [];
    private float[] left = [];
    private float[] right = [];
    private float[] mono = [];
    private double common;
    private double apart;
    private long frames;
    private float previous;

    /// <summary>Interleaved samples of both channels.</summary>
    public void Hear(ReadOnlySpan<float> stereo)
    {
        var count = stereo.Length / 2;
        if (mono.Length < count)
        {
            (left, right, mono) = (new float[count], new float[count], new float[count]);
        }

        for (var i = 0; i < count; i++)
        {
            (left[i], right[i]) = (stereo[2 * i], stereo[2 * i + 1]);
            mono[i] = (left[i] + right[i]) / 2;
            var side = (left[i] - right[i]) / 2;
            common += mono[i] * mono[i];
            apart += side * side;
            if ((frames + i) % 2 == 1)
            {
                half.Add((previous + mono[i]) / 2);
            }

            previous = mono[i];
        }

        loudness.Add(left.AsSpan(0, count), right.AsSpan(0, count));
        tint.Add(mono.AsSpan(0, count));
        onsets.Add(mono.AsSpan(0, count));
        frames += count;
    }

    public TrackAnalysis Tell(IReadOnlyList<SectionStart> sections)
    {
        var seconds = frames / (double)SampleRate;
        var momentary = MomentaryLoudness.Of(loudness);
        var (tempo, regular) = TempoEstimator.FromOnsets(onsets.Flux, onsets.Rate);
        var key = KeyEstimator.FromAudio(CollectionsMarshal.AsSpan(half), SampleRate / 2);
        var attacks = onsets.Times();
        return new TrackAnalysis
        {
            DurationSeconds = Math.Round(seconds, 2),
            LoudnessLufs = Reported(loudness.Integrated()),
            LoudnessRangeLu = Math.Round(Range(momentary.Lufs), 2),
            Tempo = Math.Round(tempo, 1),
            TempoConfidence = Math.Round(regular, 3),
            Key = key.Name,
            KeyConfidence = Math.Round(key.Confidence, 3),
            BrightnessHertz = Math.Round(tint.CentroidHertz),
            LowShare = Math.Round(tint.LowShare, 4),
            StereoWidth = Math.Round(common + apart > 0 ? apart / (common + apart) : 0, 4),
            OnsetsPerSecond = Math.Round(attacks.Count / Math.Max(seconds, 1), 2),
            Sections = [.. Spans(sections, seconds).Select(span => Tell(span, momentary, attacks))],
        };
    }

    private static HeardSection Tell(HeardSection span, MomentaryLoudness momentary, IReadOnlyList<double> attacks)
    {
        bool Holds(double at) => at >= span.StartSeconds && at < span.EndSeconds;
        return span with
        {
            LoudnessLufs = Reported(momentary.Level(Holds)),
            OnsetsPerSecond = Math.Round(attacks.Count(Holds) / (span.EndSeconds - span.StartSeconds), 2)
        };
    }

    // What would begin behind the recording's end is not heard.
    private static IEnumerable<HeardSection> Spans(IReadOnlyList<SectionStart> sections, double seconds) => sections
        .Select((section, i) => new HeardSection(
            section.Section, section.StartSeconds, Math.Min(i + 1 < sections.Count ? sections[i + 1].StartSeconds : seconds, seconds),
                TrackAnalysis.Silence, 0))
        .Where(span => span.EndSeconds > span.StartSeconds);

    private static double Range(IReadOnlyList<double> momentary)
    {
        var powers = momentary.Select(MomentaryLoudness.Power).ToList();
        var levels = new List<double>();
        var sum = 0.0;
        for (var i = 0; i < powers.Count; i++)
        {
            sum += powers[i] - (i >= ShortTerm ? powers[i - ShortTerm] : 0);
            if (i + 1 >= ShortTerm)
            {
                levels.Add(10 * Math.Log10(Math.Max(sum / ShortTerm, 1e-9)));
            }
        }

        var audible = levels.Where(level => level > TrackAnalysis.Silence).ToList();
        var gate = MomentaryLoudness.Mean(audible) - 20;
        var gated = audible.Where(level => level >= gate).Order().ToList();
        return gated.Count == 0 ? 0 : Percentile(gated, 0.95) - Percentile(gated, 0.1);
    }

    private static double Percentile(List<double> sorted, double share) => sorted[(int)Math.Round(share * (sorted.Count - 1))];

    private static double Reported(double lufs) => Math.Round(Math.Max(lufs, TrackAnalysis.Silence), 2);
}
