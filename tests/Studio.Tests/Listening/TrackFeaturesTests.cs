using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Studio.Tests.Listening;

[Trait("Category", "Unit")]
public sealed class TrackFeaturesTests
{
    private const int Rate = 44100;

    [Fact]
    public void Measure_Silence_GivesZeros()
    {
        var features = TrackFeatures.Measure(new float[Rate], new float[Rate], Rate);
        Assert.Equal(new float[TrackFeatures.Count], features);
    }

    [Fact]
    public void Measure_AnythingAtAll_IsFiniteAndWithinZeroAndOne()
    {
        var random = new Random(4);
        float[] noise = [.. Enumerable.Range(0, Rate).Select(_ => (float)((random.NextDouble() * 4) - 2))];
        foreach (var features in new[] { TrackFeatures.Measure(noise, noise, Rate), TrackFeatures.Measure(noise, new float[Rate], Rate),
            TrackFeatures.Measure([1], [1], Rate) })
        {
            Assert.Equal(TrackFeatures.Count, features.Length);
            Assert.All(features, value => Assert.InRange(value, 0, 1));
        }
    }

    [Fact]
    public void Add_InBlocksOfAnySize_GivesWhatTheWholeGives()
    {
        var song = Song(110, 440);
        var streamed = new TrackFeatures(Rate);
        for (var (start, size) = (0, 1); start < song.Length; (start, size) = (start + size, (size * 7 % 9001) + 1))
        {
            var block = song.AsSpan(start, Math.Min(size, song.Length - start));
            streamed.Add(block, block);
        }

        Assert.Equal(TrackFeatures.Measure(song, song, Rate), streamed.Result());
    }

    [Fact]
    public void Measure_TheSameSongInAnotherKeyAndLevel_IsNearerThanAnotherSong()
    {
        var song = Song(110, 440);
        var higher = Song(110, 440 * Math.Pow(2, 2 / 12.0)).Select(sample => sample * 0.5f).ToArray();
        var other = Song(171, 1760);

        Assert.True(Distance(song, higher) < 0.5 * Distance(song, other), $"{Distance(song, higher)} < {Distance(song, other)}");
    }

    [Fact]
    public void Measure_BrightAndDark_DifferInBrightnessRollOffAndLowEnd()
    {
        var (dark, bright) = (Measured(Song(110, 80)), Measured(Song(110, 1760)));

        Assert.True(dark[10] < bright[10] && dark[11] < bright[11] && dark[13] > bright[13]);
    }

    [Fact]
    public void Measure_ATonicWithMajorOrMinorThird_ShowsItInTheKeyProfile()
    {
        var major = Measured(Tones(262, 330, 392, 262));
        var minor = Measured(Tones(262, 311, 392, 262));

        Assert.True(major[20 + 4] > major[20 + 3] && minor[20 + 3] > minor[20 + 4]);
    }

    [Fact]
    public void Measure_OppositeChannels_AreWide()
    {
        var song = Song(110, 440);
        Assert.Equal(0, TrackFeatures.Measure(song, song, Rate)[9], 3);
        Assert.True(TrackFeatures.Measure(song, [.. song.Select(sample => -sample)], Rate)[9] > 0.9);
    }

    private static float[] Measured(float[] song) => TrackFeatures.Measure(song, song, Rate);

    private static double Distance(float[] a, float[] b) => Math.Sqrt(Measured(a).Zip(Measured(b), (x, y) => (x - y) * (x - y)).Sum());

    // Plucked chords on the beat.
    private static float[] Song(double tempo, double root)
    {
        var samples = new float[Rate * 8];
        for (var i = 0; i < samples.Length; i++)
        {
            var seconds = i / (double)Rate;
            var fade = Math.Exp(-4 * (seconds * tempo / 60 % 1));
            samples[i] = (float)(0.1 * fade * new[] { 1, 1.26, 1.5 }.Sum(
                ratio => Enumerable.Range(1, 4).Sum(k => Math.Sin(2 * Math.PI * root * ratio * k * seconds) / k)));
        }

        return samples;
    }

    private static float[] Tones(params double[] hertz) =>
        [.. Enumerable.Range(0, Rate * 2).Select(i => (float)hertz.Sum(tone => 0.1 * Math.Sin(2 * Math.PI * tone * i / Rate)))];
}
