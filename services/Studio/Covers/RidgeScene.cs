using SkiaSharp;

namespace Son1kVers3.Studio.Covers;

/// <summary>The piece as mountain ranges under a low sun: each range is a stretch of the waveform, the nearest one the last.</summary>
internal sealed class RidgeScene(MusicForm form, CoverPalette palette, float aspect) : CoverScene(form, palette, aspect)
{
    private const int Ranges = 7;
    private const int Points = 320;
    private const int Stars = 130;

    public override void Draw(Brush brush)
    {
        Ground(brush, 0.46f);
        DrawStars(brush);
        var sun = new SKPoint((Form.Chance(1) - 0.5f) * 0.7f * Aspect, -0.30f);
        var size = 0.26f + (0.14f * (float)Form.AverageEnergy);
        brush.Glow(sun, 1.5f, Palette.Second, 0.35);
        brush.Glow(sun, size * 2.6f, Palette.First, 0.6);
        brush.Disc(sun, size, Brush.Mix(Palette.First, Palette.Light, 0.45), Palette.Second);
        for (var range = 0; range < Ranges; range++)
        {
            DrawRange(brush, range);
        }
    }

    private void DrawStars(Brush brush)
    {
        for (var star = 0; star < Stars; star++)
        {
            var at = new SKPoint(((2 * Form.Chance((star * 3) + 500)) - 1) * Aspect, -1 + (1.1f * Form.Chance((star * 3) + 501)));
            var size = Form.Chance((star * 3) + 502);
            brush.Line(at, new(at.X + 0.0001f, at.Y), 0.002f + (0.006f * size * size), Brush.Faded(Palette.Light, 0.25 + (0.6 * size)));
        }
    }

    private void DrawRange(Brush brush, int range)
    {
        var depth = (range + 1f) / Ranges;
        var energy = Form.EnergyAt((range + 0.5f) / Ranges);
        var ridge = Enumerable.Range(0, Points + 1)
            .Select(i => new SKPoint(((2f * i / Points) - 1) * Aspect, Height(range, (float)i / Points, depth, energy))).ToList();
        using var body = Open([.. ridge, new(Aspect, 1.1f), new(-Aspect, 1.1f)]);
        using var line = Open(ridge);
        var haze = Brush.Mix(
            Brush.Mix(Palette.Second, Palette.High, 0.5), Brush.Mix(Palette.Low, SKColors.Black, 0.3), Math.Pow(depth, 0.6));
        var top = ridge.Min(point => point.Y);
        brush.Fill(body, top, Brush.Mix(haze, Palette.First, 0.30 * (1 - (0.7 * depth))), top + 0.8f, haze);
        brush.Trace(line, 0.05f, Brush.Faded(Palette.First, 0.10 * (1 - (depth * 0.75))));
        brush.Trace(line, 0.007f, Brush.Faded(Brush.Mix(Palette.First, Palette.Light, 0.3), 0.55 * (1 - (depth * 0.75))));
    }

    private float Height(int range, float x, float depth, float energy)
    {
        var place = (range + x) / Ranges;
        var mountain = (0.5f * Peak(x, range * 3)) + (0.32f * Peak(x, (range * 3) + 1)) + (0.18f * Peak(x, (range * 3) + 2));
        var height = 0.10f - (1.0f * MathF.Pow(depth, 1.5f)) + (mountain * (0.12f + (0.30f * energy)) * (1.15f - (0.6f * depth)));
        return -(height + ((0.03f + (0.16f * mountain)) * Form.SmoothLevelAt(place, 0.004f))
            + (0.02f * Form.SmoothLevelAt(place, 0.0012f)));
    }

    // A ridge line with a sharp top somewhere across the picture; one of three that make a range.
    private float Peak(float x, int index)
    {
        var centre = Form.Chance((index * 5) + 11);
        var wave = MathF.Abs(MathF.Sin((x - centre) * MathF.PI * (1 + (index % 3) + Form.Chance((index * 5) + 12))));
        return 1 - MathF.Pow(wave, 0.8f);
    }
}
