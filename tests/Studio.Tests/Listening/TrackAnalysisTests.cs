using System.Text.Json;
using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Studio.Tests.Listening;

/// <summary>Sound made by rule, so that what is to be heard is known.</summary>
[Trait("Category", "Unit")]
public sealed class TrackAnalysisTests
{
    private const int Rate = TrackEar.SampleRate;

    [Theory]
    [InlineData(90)]
    [InlineData(100)]
    [InlineData(128)]
    public void Tempo_OfClicks_IsTheirs(double tempo)
    {
        var heard = Hear(30, Clicks(30, _ => tempo));

        Assert.Equal(tempo, heard.Tempo, tempo * 0.01);
        Assert.Equal(tempo / 60, heard.OnsetsPerSecond, 0.1);
    }

    [Theory]
    [InlineData(0, "C major", "A minor")]
    [InlineData(3, "Eb major", "C minor")]
    [InlineData(9, "A major", "F# minor")]
    public void Key_OfChords_IsTheirsOrItsRelative(int tonic, string key, string relative)
    {
        int[][] chords = [[0, 4, 7], [5, 9, 12], [7, 11, 14], [0, 4, 7]];
        var heard = Hear(16, t => chords[(int)(t / 2) % 4].Sum(step => 0.1 * Sine(t, 261.6 * Math.Pow(2, (tonic + step) / 12.0))));

        Assert.Contains(heard.Key, (string[])[key, relative]);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(1500)]
    [InlineData(6000)]
    public void Brightness_OfATone_IsItsFrequency(double hertz) =>
        Assert.Equal(hertz, Hear(3, t => 0.2 * Sine(t, hertz)).BrightnessHertz, 40.0);

    [Fact]
    public void LowShare_OfTones_IsWhatLiesBelow120Hertz()
    {
        Assert.Equal(1, Hear(3, t => 0.2 * Sine(t, 60)).LowShare, 0.01);
        Assert.Equal(0, Hear(3, t => 0.2 * Sine(t, 200)).LowShare, 0.01);
        Assert.Equal(0.2, Hear(3, t => 0.1 * Sine(t, 60) + 0.2 * Sine(t, 1000)).LowShare, 0.01);
    }

    [Fact]
    public void StereoWidth_IsNoughtInMonoAndHalfForChannelsApart()
    {
        Assert.Equal(0, Hear(2, t => 0.2 * Sine(t, 440)).StereoWidth);
        Assert.Equal(0.5, Hear(2, t => 0.2 * Sine(t, 440), t => 0.2 * Sine(t, 660)).StereoWidth, 0.01);
        Assert.Equal(1, Hear(2, t => 0.2 * Sine(t, 440), t => -0.2 * Sine(t, 440)).StereoWidth, 0.01);
    }

    [Fact]
    public void Loudness_OfASineInBothChannels_IsItsPeakLevel()
    {
        // BS.1770: 997 Hz at 0 dBFS in one channel reads −3.01 LUFS.
        var heard = Hear(10, t => 0.1 * Sine(t, 997));

        Assert.Equal(-20, heard.LoudnessLufs, 0.1);
        Assert.Equal(0, heard.LoudnessRangeLu, 0.05);
        Assert.Equal(10, heard.DurationSeconds, 0.01);
    }

    [Fact]
    public void LoudnessRange_OfTwoLevels_IsTheirDistance() =>
        Assert.Equal(10, Hear(60, t => (t < 30 ? 0.1 : 0.1 / Math.Sqrt(10)) * Sine(t, 997)).LoudnessRangeLu, 0.2);

    [Fact]
    public void Sections_WhenTheChorusIsLouderAndDenser_TellBySection()
    {
        var clicks = Clicks(24, t => t < 8 || t >= 16 ? 60 : 240);
        var heard = Hear(24, t =>
            (t is >= 8 and < 16 ? 2 : 1) * clicks(t), null, [new("verse", 0), new("chorus", 8), new("verse", 16), new("outro", 24.5)]);

        Assert.Equal(["verse", "chorus", "verse"], heard.Sections.Select(s => s.Section));
        Assert.Equal([8.0, 16.0, 24.0], heard.Sections.Select(s => s.EndSeconds));
        Assert.Equal(1, heard.Sections[0].OnsetsPerSecond, 0.2);
        Assert.Equal(4, heard.Sections[1].OnsetsPerSecond, 0.3);
        // Twice the level (6.0 dB), four times as often (6.0 dB).
        Assert.Equal(12, heard.ChorusGainLu!.Value, 0.6);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(-2.5)]
    public void ChorusGain_OfALevelStep_IsTheStep(double step)
    {
        var heard = Hear(
            20, t => (t < 10 ? 0.1 : 0.1 * Math.Pow(10, step / 20)) * Sine(t, 997), null, [new("verse", 0), new("chorus", 10)]);

        Assert.Equal(step, heard.ChorusGainLu!.Value, 0.1);
    }

    [Fact]
    public void ChorusGain_WithoutAVerse_IsUnknown() =>
        Assert.Null(Hear(4, t => 0.1 * Sine(t, 440), null, [new("chorus", 0)]).ChorusGainLu);

    [Fact]
    public void Hear_WhenTheBlocksAreOthers_HearsTheSame()
    {
        var samples = Interleave(6, Clicks(6, _ => 120), null);
        var (whole, parts) = (new TrackEar(), new TrackEar());
        whole.Hear(samples);
        for (var at = 0; at < samples.Length; at += 9998)
        {
            parts.Hear(samples.AsSpan(at, Math.Min(9998, samples.Length - at)));
        }

        Assert.Equal(JsonSerializer.Serialize(whole.Tell([])), JsonSerializer.Serialize(parts.Tell([])));
    }

    [Fact]
    public void Silence_IsToldInNumbersThatJsonHolds()
    {
        var heard = Hear(5, _ => 0, null, [new("verse", 0), new("chorus", 2)]);

        Assert.Equal(TrackAnalysis.Silence, heard.LoudnessLufs);
        Assert.Equal(0, heard.OnsetsPerSecond);
        Assert.Equal(0, heard.ChorusGainLu);
        var again = JsonSerializer.Deserialize<TrackAnalysis>(JsonSerializer.Serialize(heard, JsonSerializerOptions.Web),
            JsonSerializerOptions.Web)!;
        Assert.Equal(heard.Sections, again.Sections);
        Assert.Equal(heard with { Sections = [] }, again with { Sections = heard.Sections } with { Sections = [] });
    }

    private static TrackAnalysis Hear(
        double seconds, Func<double, double> left, Func<double, double>? right = null, IReadOnlyList<SectionStart>? sections = null)
    {
        var ear = new TrackEar();
        ear.Hear(Interleave(seconds, left, right));
        return ear.Tell(sections ?? []);
    }

    private static float[] Interleave(double seconds, Func<double, double> left, Func<double, double>? right)
    {
        var samples = new float[(int)(seconds * Rate) * 2];
        for (var i = 0; i < samples.Length; i += 2)
        {
            var t = i / 2 / (double)Rate;
            samples[i] = (float)left(t);
            samples[i + 1] = right is null ? samples[i] : (float)right(t);
        }

        return samples;
    }

    private static double Sine(double t, double hertz) => Math.Sin(2 * Math.PI * hertz * t);

    /// <summary>Short struck tones; the tempo may change on the way.</summary>
    private static Func<double, double> Clicks(double seconds, Func<double, double> tempo)
    {
        var hits = new List<double>();
        for (var t = 0.0; t < seconds; t += 60 / tempo(t))
        {
            hits.Add(t);
        }

        return t =>
        {
            var at = hits.BinarySearch(t + 1e-9);
            var since = t - hits[at >= 0 ? at : Math.Max(0, ~at - 1)];
            return 0.3 * Math.Exp(-since / 0.03) * Sine(since, 1200);
        };
    }
}
