namespace Son1kVers3.Studio.Covers;

/// <summary>The waveform as a ring of rays around a sun, the sections as arcs around it.</summary>
internal sealed class DiscScene(MusicForm form, CoverPalette palette, float aspect) : CoverScene(form, palette, aspect)
{
    private const int Rays = 180;
    private const float Sun = 0.30f;
    private const float Inner = 0.40f;
    private const float Outer = 0.88f;
    private const float RayWidth = 0.0104f;

    public override void Draw(Brush brush)
    {
        Ground(brush, 0.5f);
        brush.Glow(new(0.5f * Aspect, 0.65f), 1.7f, Palette.Second, 0.30);
        brush.Glow(new(0, 0), 1.3f, Palette.First, 0.42);
        brush.Vignette(1.2f * MathF.Sqrt(1 + (Aspect * Aspect)));
        brush.Glow(new(0, 0), 0.55f, Palette.First, 0.55);
        DrawRays(brush);
        brush.Disc(new(0, 0), Sun, Palette.First, Palette.Second);
        brush.Glow(new(-0.1f, -0.12f), 0.34f, Palette.Light, 0.55);
        DrawSections(brush);
    }

    private void DrawRays(Brush brush)
    {
        for (var ray = 0; ray < Rays; ray++)
        {
            var turn = (ray + 0.5f) / Rays;
            var level = Form.LevelAt(turn);
            var (sin, cos) = MathF.SinCos(turn * MathF.Tau);
            var end = Inner + 0.02f + (0.36f * level);
            var colour = Brush.Mix(Palette.First, Palette.Second, level);
            colour = Brush.Mix(colour, Palette.Light, 0.2 + (0.5 * level * Form.EnergyAt(turn)));
            brush.Line(new(sin * Inner, -cos * Inner), new(sin * end, -cos * end), RayWidth, colour);
        }
    }

    private void DrawSections(Brush brush)
    {
        foreach (var (start, end, energy) in Form.Spans)
        {
            var sweep = ((end - start) * 360) - 1.6f;
            if (sweep > 0)
            {
                var colour = Brush.Faded(Brush.Mix(Palette.Second, Palette.First, energy), 0.35 + (0.65 * energy));
                brush.Arc(Outer, (start * 360) + 0.8f, sweep, 0.006f + (0.022f * energy), colour);
            }
        }
    }
}
