using SkiaSharp;

namespace Son1kVers3.Studio.Covers;

/// <summary>A picture of the music. Units are half the picture's height; (0, 0) is its middle, y goes down.</summary>
internal abstract class CoverScene(MusicForm form, CoverPalette palette, float aspect)
{
    protected MusicForm Form { get; } = form;

    protected CoverPalette Palette { get; } = palette;

    /// <summary>Half the picture's width.</summary>
    protected float Aspect { get; } = aspect;

    /// <summary>The scene that the seed chooses.</summary>
    public static CoverScene For(MusicForm form, CoverPalette palette, float aspect) => (form.Variety % 3) switch
    {
        0 => new DiscScene(form, palette, aspect),
        1 => new RidgeScene(form, palette, aspect),
        _ => new TideScene(form, palette, aspect),
    };

    public abstract void Draw(Brush brush);

    protected void Ground(Brush brush, float glowAt) => brush.Ground(
        (Brush.Mix(Palette.High, Palette.Low, 0.85), 0), (Palette.High, glowAt),
            (Brush.Mix(Palette.High, Palette.Low, 0.6), (1 + glowAt) / 2), (Palette.Low, 1));

    protected static SKPath Open(IEnumerable<SKPoint> points)
    {
        using var builder = new SKPathBuilder();
        var first = true;
        foreach (var point in points)
        {
            if (first)
            {
                builder.MoveTo(point);
            }
            else
            {
                builder.LineTo(point);
            }

            first = false;
        }

        return builder.Detach();
    }
}
