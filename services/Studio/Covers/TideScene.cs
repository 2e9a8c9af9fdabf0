using SkiaSharp;

namespace Son1kVers3.Studio.Covers;

/// <summary>Lines like tides: each is a stretch of the piece, rising where it is loud, the light running along the form.</summary>
internal sealed class TideScene(MusicForm form, CoverPalette palette, float aspect) : CoverScene(form, palette, aspect)
{
    private const int Lines = 26;
    private const int Points = 280;
    private const float Top = -0.62f;
    private const float Bottom = 0.80f;

    public override void Draw(Brush brush)
    {
        Ground(brush, 0.38f);
        brush.Glow(new(-0.55f * Aspect, -0.75f), 1.5f, Palette.Second, 0.38);
        brush.Glow(new(0.6f * Aspect, 0.5f), 1.4f, Palette.First, 0.34);
        brush.Vignette(1.15f * MathF.Sqrt(1 + (Aspect * Aspect)));
        for (var line = 0; line < Lines; line++)
        {
            DrawLine(brush, line);
        }
    }

    private void DrawLine(Brush brush, int line)
    {
        var y = Top + ((Bottom - Top) * line / (Lines - 1));
        var energy = Form.EnergyAt((line + 0.5f) / Lines);
        var crest = Enumerable.Range(0, Points + 1).Select(i =>
        {
            var x = (2f * i / Points) - 1;
            return new SKPoint(x * Aspect, y - Height((line + ((x + 1) / 2)) / Lines, x, energy));
        }).ToList();
        using var wave = Open(crest);
        using var below = Open([.. crest, new(Aspect, 1.1f), new(-Aspect, 1.1f)]);
        var shade = Brush.Mix(Palette.Second, Palette.First, line / (Lines - 1.0));
        // What lies behind a line is darker: the lines stand in front of each other.
        brush.Fill(below, Aspect, Along(x => Brush.Faded(Brush.Mix(Palette.Low, SKColors.Black, 0.2), 0.72 * Hump(x))));
        brush.Trace(wave, 0.034f, Aspect, Along(x => Brush.Faded(shade, 0.22 * energy * Hump(x))));
        brush.Trace(wave, 0.0056f + (0.007f * energy), Aspect, Along(
            x => Brush.Faded(Brush.Mix(shade, Palette.Light, 0.7 * Hump(x) * energy), (0.45 + (0.55 * Hump(x))) * Fade(x))));
    }

    private float Height(float place, float x, float energy) =>
        (Hump(x) * (0.03f + (0.42f * Form.SmoothLevelAt(place, 0.003f) * (0.3f + (0.7f * energy)))))
            + (0.012f * MathF.Sin((x * 7) + (place * 40)) * (1 - Hump(x)));

    private static float Hump(float x) => MathF.Exp(-x * x * 5.5f);

    private static float Fade(float x) => Math.Clamp((0.97f - MathF.Abs(x)) * 5, 0, 1);

    private static List<(SKColor Colour, float At)> Along(Func<float, SKColor> colour) =>
        [.. Enumerable.Range(0, 21).Select(i => (colour((i / 10f) - 1), i / 20f))];
}
