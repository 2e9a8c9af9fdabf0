using SkiaSharp;

namespace Son1kVers3.Studio.Covers;

/// <summary>A cover drawn from the music itself, at any size. The same subject gives the same bytes.</summary>
/// <remarks>
/// The picture is vectors in units of half its height, so that a thumbnail is drawn as sharp as a poster instead of being scaled down.
/// It is painted in linear light with half floats: glows add up as light does, and gradients do not band.
/// </remarks>
public sealed class CoverArt
{
    /// <summary>
    /// WebP gets this many bytes a pixel at most (24.5 kB at 320 × 320), and never less than <see cref="SmallestBudget"/>.
    /// </summary>
    private const double BytesPerPixel = 0.24;

    private const int SmallestBudget = 4096;

    private static readonly int[] WebPQualities = [86, 80, 72, 64, 54, 44, 32, 20, 8];

    private readonly CoverPalette palette;
    private readonly MusicForm form;

    public CoverArt(CoverSubject subject)
    {
        form = new MusicForm(subject);
        palette = CoverPalette.For(subject.Mood, form.AverageEnergy, subject.Seed);
    }

    /// <summary>
    /// The five colours of the picture as <c>#RRGGBB</c>: ground below and above, two accents, and the light between them.
    /// </summary>
    public IReadOnlyList<string> Palette => palette.Hex;

    /// <summary>The picture as a file.</summary>
    public byte[] Render(CoverSize size, CoverFormat format)
    {
        using var image = Paint(size);
        return format == CoverFormat.Png ? Bytes(image, SKEncodedImageFormat.Png, 100)
            : WebP(image, Math.Max(SmallestBudget, (int)(size.Width * size.Height * BytesPerPixel)));
    }

    private static byte[] WebP(SKImage image, int budget)
    {
        byte[] bytes = [];
        foreach (var quality in WebPQualities)
        {
            bytes = Bytes(image, SKEncodedImageFormat.Webp, quality);
            if (bytes.Length <= budget)
            {
                break;
            }
        }

        return bytes;
    }

    private static byte[] Bytes(SKImage image, SKEncodedImageFormat format, int quality)
    {
        using var data = image.Encode(format, quality);
        return data.ToArray();
    }

    private SKImage Paint(CoverSize size)
    {
        using var linear = SKColorSpace.CreateSrgbLinear();
        using var light = SKSurface.Create(new SKImageInfo(size.Width, size.Height, SKColorType.RgbaF16, SKAlphaType.Premul, linear));
        light.Canvas.Translate(size.Width / 2f, size.Height / 2f);
        light.Canvas.Scale(size.Height / 2f);
        CoverScene.For(form, palette, (float)size.Width / size.Height).Draw(new Brush(light.Canvas, 2f / size.Height));

        using var srgb = SKColorSpace.CreateSrgb();
        using var screen = SKSurface.Create(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque, srgb));
        using var painted = light.Snapshot();
        using var paint = new SKPaint { IsDither = true };
        screen.Canvas.DrawImage(painted, 0, 0, new SKSamplingOptions(SKFilterMode.Nearest), paint);
        return screen.Snapshot();
    }
}
