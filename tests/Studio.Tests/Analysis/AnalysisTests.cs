using System.Buffers.Binary;
using System.IO.Compression;
using Son1kVers3.Studio.Analysis;
using Son1kVers3.Studio.Rendering;
using Son1kVers3.Studio.Tests.Rendering;

namespace Son1kVers3.Studio.Tests.Analysis;

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
        var heard = await new TrackAnalyser(studio.Tools).AnalyseAsync(studio.Band.MasterPath, [new("verse", 0), new("chorus", 5)], CancellationToken.None);

        Assert.Equal(studio.Band.LoudnessLufs, heard.LoudnessLufs, 0.2);
        Assert.Equal(studio.Band.DurationSeconds, heard.DurationSeconds, 0.05);
        Assert.InRange(heard.Tempo, 120 * 0.985, 120 * 1.015);
        Assert.Contains(heard.Key, (string[])["A minor", "C major"]);
        Assert.InRange(heard.BrightnessHertz, 500, 8000);
        Assert.InRange(heard.LowShare, 0.02, 0.9);
        Assert.Equal(["verse", "chorus"], heard.Sections.Select(section => section.Section));
    }

    [Fact]
    public async Task Fingerprint_OfACopyAndOfAnotherPiece_TellsThemApart()
    {
        var fingerprinter = new Fingerprinter(studio.Tools);
        var other = await new Renderer(studio.Tools).RenderAsync(
            TestScores.Choir(), new RenderOptions(StudioQuality.Standard, studio.NewFolder(), 11, PreviewSeconds: 0), null, CancellationToken.None);
        var band = await fingerprinter.TakeAsync(studio.Band.MasterPath, CancellationToken.None);
        // The mix before mastering: other level, other dynamics, the same music.
        var copy = await fingerprinter.TakeAsync(studio.Band.MixPath!, CancellationToken.None);
        var different = await fingerprinter.TakeAsync(other.MasterPath, CancellationToken.None);

        Assert.InRange(band.SimilarityTo(copy), Fingerprint.SameMusic, 1);
        Assert.InRange(band.SimilarityTo(different), 0, 0.75);
        Assert.Equal(1, Fingerprint.FromBytes(band.ToBytes()).SimilarityTo(band));
    }
}

[Trait("Category", "Unit")]
public sealed class CoverTests
{
    private static readonly CoverSubject Subject = new(
        "melancólico",
        new WaveformPeaks(60, [.. Enumerable.Range(0, 1000).Select(i => -0.5f - 0.4f * MathF.Sin(i))], [.. Enumerable.Range(0, 1000).Select(i => 0.5f + 0.4f * MathF.Sin(i))]),
        [new CoverSection(0, 0.3), new CoverSection(0.3, 0.9)],
        7);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    public void Draw_Covers_AreValidPngsOfTheRightSize(int seed)
    {
        var subject = Subject with { Seed = seed };
        Assert.Equal((1024, 1024), CheckPng(Cover.DrawSquare(subject)));
        Assert.Equal((1200, 630), CheckPng(Cover.DrawWide(subject)));
    }

    [Fact]
    public void Draw_TheSameSubject_GivesTheSameBytesAndAnotherOneOthers()
    {
        var bytes = Cover.DrawWide(Subject);
        Assert.Equal(bytes, Cover.DrawWide(Subject));
        Assert.NotEqual(bytes, Cover.DrawWide(Subject with { Mood = "happy" }));
    }

    [Fact]
    public void Draw_WithoutSectionsOrSound_StillDraws() =>
        CheckPng(Cover.DrawSquare(new CoverSubject("", new WaveformPeaks(0, [], []), [], 1)));

    private static (int Width, int Height) CheckPng(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        using var pixels = new MemoryStream();
        for (var position = 8; position < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(position));
            if (png.AsSpan(position + 4, 4).SequenceEqual("IDAT"u8))
            {
                using var zlib = new ZLibStream(new MemoryStream(png, position + 8, length), CompressionMode.Decompress);
                zlib.CopyTo(pixels);
            }

            position += length + 12;
        }

        Assert.Equal((width * 3 + 1) * height, pixels.Length);
        return (width, height);
    }
}
