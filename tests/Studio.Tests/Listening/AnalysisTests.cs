using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Rendering;
using Son1kVers3.Studio.Tests.Rendering;

namespace Son1kVers3.Studio.Tests.Listening;

[Trait("Category", "Integration")]
[Collection(StudioCollection.Name)]
public sealed class AnalysisTests(StudioFixture studio)
{
    [Fact]
    public async Task Waveform_OfATrack_FollowsItsSamples()
    {
        var peaks = await new Waveform(studio.Tools).PeaksAsync(studio.Band.MasterPath, [1000, 8000], CancellationToken.None);

        Assert.Equal([1000, 8000], peaks.Select(outline => outline.Max.Count));
        Assert.All(peaks, outline =>
        {
            Assert.Equal(studio.Band.DurationSeconds, outline.DurationSeconds, 0.01);
            Assert.InRange(outline.Max.Max(), 0.5f, 1f);
            Assert.InRange(outline.Min.Min(), -1f, -0.5f);
            Assert.All(outline.Max.Zip(outline.Min), pair => Assert.True(pair.First >= pair.Second));
        });
        Assert.InRange(peaks[0].Max[^1], -0.01f, 0.05f);
        Assert.Equal(peaks[0].Max.Max(), peaks[1].Max.Max());
    }

    [Fact]
    public async Task Tempo_OfTheBand_IsFound()
    {
        var samples = await new AudioReader(studio.Tools).ReadMonoAsync(studio.Band.MasterPath, 22050, 60, CancellationToken.None);
        Assert.InRange(TempoEstimator.FromAudio(samples, 22050).BeatsPerMinute, 120 * 0.985, 120 * 1.015);
    }

    [Fact]
    public async Task Key_OfTheBand_IsFound()
    {
        var samples = await new AudioReader(studio.Tools).ReadMonoAsync(studio.Band.MasterPath, 22050, 60, CancellationToken.None);
        var key = KeyEstimator.FromAudio(samples, 22050);
        Assert.True(key.IsSameOrRelative(9, minor: true), key.Name);
    }

    [Fact]
    public async Task Analysis_OfTheBand_HearsWhatTheMasterIs()
    {
        var heard = await new TrackAnalyser(studio.Tools).AnalyseAsync(
            studio.Band.MasterPath, [new("verse", 0), new("chorus", 5)], CancellationToken.None);

        Assert.Equal(studio.Band.LoudnessLufs, heard.LoudnessLufs, 0.2);
        Assert.Equal(studio.Band.DurationSeconds, heard.DurationSeconds, 0.05);
        Assert.InRange(heard.Tempo, 120 * 0.985, 120 * 1.015);
        Assert.Contains(heard.Key, (string[])["A minor", "C major"]);
        Assert.InRange(heard.BrightnessHertz, 500, 8000);
        Assert.InRange(heard.LowShare, 0.02, 0.9);
        Assert.Equal(["verse", "chorus"], heard.Sections.Select(section => section.Section));
    }

    [Fact]
    public async Task PeaksAndFeatures_OfATrack_AreThoseOfItsSamples()
    {
        var waveform = new Waveform(studio.Tools);
        var (peaks, features) = await waveform.PeaksAndFeaturesAsync(studio.Band.MasterPath, [64], CancellationToken.None);

        Assert.Equal(64, peaks[0].Max.Count);
        Assert.Equal(TrackFeatures.Count, features.Length);
        Assert.All(features, value => Assert.InRange(value, 0, 1));
        Assert.Equal(features, (await waveform.PeaksAndFeaturesAsync(studio.Band.MasterPath, [64], CancellationToken.None)).Features);
    }

    [Fact]
    public async Task Fingerprint_OfACopyAndOfAnotherPiece_TellsThemApart()
    {
        var fingerprinter = new Fingerprinter(studio.Tools);
        var other = await new Renderer(studio.Tools).RenderAsync(
            TestScores.Choir(), new RenderOptions(StudioQuality.Standard, studio.NewFolder(), 11, PreviewSeconds: 0), null,
                CancellationToken.None);
        var band = await fingerprinter.TakeAsync(studio.Band.MasterPath, CancellationToken.None);
        // The mix before mastering: other level, other dynamics, the same music.
        var copy = await fingerprinter.TakeAsync(studio.Band.MixPath!, CancellationToken.None);
        var different = await fingerprinter.TakeAsync(other.MasterPath, CancellationToken.None);

        Assert.InRange(band.SimilarityTo(copy), Fingerprint.SameMusic, 1);
        Assert.InRange(band.SimilarityTo(different), 0, 0.75);
        Assert.Equal(1, Fingerprint.FromBytes(band.ToBytes()).SimilarityTo(band));
    }
}
