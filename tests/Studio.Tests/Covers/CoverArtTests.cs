using SkiaSharp;
using Son1kVers3.Studio.Covers;

namespace Son1kVers3.Studio.Tests.Covers;

[Trait("Category", "Unit")]
public sealed class CoverArtTests
{
    private static readonly CoverSubject Subject = new(
        "melancólico",
        [.. Enumerable.Range(0, 1000).Select(i => 1 + (0.8f * MathF.Sin(i * 0.7f) * MathF.Sin(i * 0.011f)))],
        [new CoverSection(0, 0.3), new CoverSection(0.3, 0.9), new CoverSection(0.6, 0.5)],
        7);

    public static TheoryData<int, CoverFormat> Scenes => new()
    {
        { 0, CoverFormat.Png }, { 3, CoverFormat.WebP }, { 4, CoverFormat.WebP },
    };

    [Theory]
    [MemberData(nameof(Scenes))]
    public void Render_AtAnySize_IsAPictureOfThatSizeAndFormat(int seed, CoverFormat format)
    {
        foreach (var size in new[] { CoverSize.Square(96), CoverSize.Square(320), CoverSize.Square(1024), CoverSize.OpenGraph })
        {
            using var data = SKData.CreateCopy(new CoverArt(Subject with { Seed = seed }).Render(size, format));
            using var codec = SKCodec.Create(data);

            Assert.Equal(format == CoverFormat.Png ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Webp, codec.EncodedFormat);
            Assert.Equal((size.Width, size.Height), (codec.Info.Width, codec.Info.Height));
        }
    }

    [Fact]
    public void Render_WebPOf320_HasAtMost25KilobytesWhateverIsDrawn()
    {
        var random = new Random(1);
        for (var seed = 0; seed < 12; seed++)
        {
            float[] noise = [.. Enumerable.Range(0, 1000).Select(_ => (float)random.NextDouble())];
            var subject = new CoverSubject(
                "happy", noise, [.. Enumerable.Range(0, 20).Select(i => new CoverSection(i / 20.0, random.NextDouble()))], seed);
            Assert.InRange(new CoverArt(subject).Render(CoverSize.Square(320), CoverFormat.WebP).Length, 1000, 25_000);
        }
    }

    [Fact]
    public void Render_TheSameSubject_GivesTheSameBytesAndAnotherOneOthers()
    {
        var bytes = new CoverArt(Subject).Render(CoverSize.Square(96), CoverFormat.Png);

        Assert.Equal(bytes, new CoverArt(Subject).Render(CoverSize.Square(96), CoverFormat.Png));
        Assert.NotEqual(bytes, new CoverArt(Subject with { Mood = "happy" }).Render(CoverSize.Square(96), CoverFormat.Png));
        Assert.NotEqual(bytes, new CoverArt(Subject with { Seed = 8 }).Render(CoverSize.Square(96), CoverFormat.Png));
    }

    [Fact]
    public void Render_SmallAndLarge_AreOnePicture()
    {
        using var small = Decoded(CoverSize.Square(96));
        using var large = Decoded(CoverSize.Square(640));
        using var scaled = large.Resize(small.Info, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        var difference = small.Pixels.Zip(scaled.Pixels, (a, b) =>
            Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue)).Average();
        Assert.InRange(difference / 3, 0, 12);
    }

    [Fact]
    public void Palette_OfAnySubject_HasFiveDistinctColoursThatFollowMoodAndSeed()
    {
        var palette = new CoverArt(Subject).Palette;

        Assert.Equal(5, palette.Distinct().Count());
        Assert.All(palette, colour => Assert.Matches("^#[0-9A-F]{6}$", colour));
        Assert.Equal(palette, new CoverArt(Subject).Palette);
        Assert.NotEqual(palette, new CoverArt(Subject with { Mood = "epic" }).Palette);
        Assert.NotEqual(palette, new CoverArt(Subject with { Seed = 8 }).Palette);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Render_WithoutSectionsOrSound_StillDraws(int seed) =>
        Assert.NotEmpty(new CoverArt(new CoverSubject("", [], [], seed)).Render(CoverSize.Square(320), CoverFormat.WebP));

    [Theory]
    [InlineData(0, 100)]
    [InlineData(100, 5000)]
    public void Size_OutOfRange_IsRefused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CoverSize(width, height));

    private static SKBitmap Decoded(CoverSize size) => SKBitmap.Decode(new CoverArt(Subject).Render(size, CoverFormat.Png));
}
