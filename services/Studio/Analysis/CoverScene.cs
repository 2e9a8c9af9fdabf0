using System.Numerics;

namespace Son1kVers3.Studio.Analysis;

/// <summary>A picture as a function of the point: every edge is a distance, so that it is smooth at any size.</summary>
/// <param name="palette">Colours.</param>
/// <param name="form">What is drawn from the music.</param>
/// <param name="pixel">Size of a pixel in the picture's units.</param>
internal abstract class CoverScene(Palette palette, MusicForm form, float pixel)
{
    protected Palette Palette { get; } = palette;

    protected MusicForm Form { get; } = form;

    public static CoverScene For(CoverSubject subject, float aspect, float pixel)
    {
        var form = new MusicForm(subject);
        var palette = Palette.For(subject.Mood, form.AverageEnergy, subject.Seed);
        return (form.Variety % 3) switch
        {
            0 => new DiscScene(palette, form, pixel),
            1 => new RidgeScene(palette, form, pixel, aspect),
            _ => new TideScene(palette, form, pixel, aspect),
        };
    }

    public abstract Vector3 Shade(Vector2 point);

    protected Vector3 Ground(Vector2 point, float glowHeight)
    {
        var t = Math.Clamp((point.Y + 1) / 2, 0, 1);
        var ground = Vector3.Lerp(Palette.High, Palette.Low, Smooth(Math.Abs(t - glowHeight) * 1.5f));
        var vignette = 1 - 0.35f * Smooth(point.LengthSquared() * 0.35f);
        return ground * vignette;
    }

    /// <summary>1 inside (negative distance), 0 outside, a pixel wide in between.</summary>
    protected float Inside(float distance) => Math.Clamp(0.5f - distance / pixel, 0, 1);

    protected static float Smooth(float t)
    {
        t = Math.Clamp(t, 0, 1);
        return t * t * (3 - 2 * t);
    }

    protected static Vector3 Over(Vector3 below, Vector3 colour, float alpha) => Vector3.Lerp(below, colour, alpha);
}

/// <summary>The waveform as a ring of rays around a sun, the sections as arcs around it.</summary>
internal sealed class DiscScene(Palette palette, MusicForm form, float pixel) : CoverScene(palette, form, pixel)
{
    private const int Rays = 180;
    private const float Inner = 0.40f;
    private const float Outer = 0.86f;

    public override Vector3 Shade(Vector2 point)
    {
        var radius = point.Length();
        var turn = MathF.Atan2(point.X, point.Y) / MathF.Tau;
        turn -= MathF.Floor(turn);
        var colour = Ground(point, 0.5f);
        colour += Palette.First * 0.30f * MathF.Exp(-radius * radius * 2.4f);
        colour += Palette.Second * 0.22f * MathF.Exp(-(point - new Vector2(0.5f, -0.6f)).LengthSquared() * 1.6f);

        colour = DrawSun(colour, point, radius);
        colour = DrawRays(colour, radius, turn);
        return DrawSections(colour, radius, turn);
    }

    private Vector3 DrawSun(Vector3 colour, Vector2 point, float radius)
    {
        const float size = 0.30f;
        var shade = Vector3.Lerp(Palette.First, Palette.Second, Smooth((size - point.Y + point.X * 0.35f) / (2 * size)));
        shade = Vector3.Lerp(shade, Palette.Light, 0.55f * Smooth(1 - (point - new Vector2(-0.1f, 0.12f)).Length() / 0.3f));
        colour += Palette.First * 0.5f * MathF.Exp(-MathF.Max(0, radius - size) * 14);
        return Over(colour, shade, Inside(radius - size));
    }

    private Vector3 DrawRays(Vector3 colour, float radius, float turn)
    {
        var ray = turn * Rays;
        var index = MathF.Floor(ray);
        var level = Form.LevelAt((index + 0.5f) / Rays);
        var length = 0.02f + 0.36f * level;
        var across = MathF.Abs(ray - index - 0.5f) / Rays * MathF.Tau * radius;
        // A capsule from the inner circle outwards.
        var along = radius - Math.Clamp(radius, Inner, Inner + length);
        var distance = MathF.Sqrt(across * across + along * along) - 0.0052f;
        var shade = Vector3.Lerp(Palette.First, Palette.Second, Smooth((radius - Inner) / 0.38f));
        shade = Vector3.Lerp(shade, Palette.Light, 0.25f + 0.5f * level * Form.EnergyAt(turn));
        colour += shade * 0.10f * level * MathF.Exp(-MathF.Max(0, distance) * 60);
        return Over(colour, shade * 1.15f, Inside(distance));
    }

    private Vector3 DrawSections(Vector3 colour, float radius, float turn)
    {
        var energy = Form.EnergyAt(turn);
        var gap = Form.DistanceToBorder(turn) * MathF.Tau * Outer - 0.012f;
        var ring = MathF.Abs(radius - Outer) - (0.003f + 0.011f * energy);
        var shade = Vector3.Lerp(Palette.Second, Palette.First, energy);
        return Over(colour, shade, Inside(MathF.Max(ring, -gap)) * (0.35f + 0.65f * energy));
    }
}

/// <summary>The piece as mountain ranges under a low sun: each range is a stretch of the waveform, the nearest one the last.</summary>
internal sealed class RidgeScene(Palette palette, MusicForm form, float pixel, float aspect) : CoverScene(palette, form, pixel)
{
    private const int Ranges = 7;

    public override Vector3 Shade(Vector2 point)
    {
        var sun = new Vector2((Form.Chance(1) - 0.5f) * 0.7f * aspect, 0.30f);
        var toSun = (point - sun).Length();
        var colour = Ground(point, 0.55f);
        colour += Palette.First * 0.55f * MathF.Exp(-toSun * toSun * 3.2f) + Palette.Second * 0.25f * MathF.Exp(-toSun * 1.4f);
        colour += Stars(point) * Palette.Light;

        var size = 0.26f + 0.14f * (float)Form.AverageEnergy;
        var face = Vector3.Lerp(Palette.Second, Vector3.Lerp(Palette.First, Palette.Light, 0.45f), Smooth((point.Y - sun.Y + size) / (2 * size)));
        colour = Over(colour, face * 1.2f, Inside(toSun - size));

        for (var range = 0; range < Ranges; range++)
        {
            colour = DrawRange(colour, point, range);
        }

        return colour;
    }

    private Vector3 DrawRange(Vector3 colour, Vector2 point, int range)
    {
        var depth = (range + 1f) / Ranges;
        var x = Math.Clamp((point.X / aspect + 1) / 2, 0, 1);
        var place = (range + x) / Ranges;
        var energy = Form.EnergyAt((range + 0.5f) / Ranges);
        var mountain = 0.5f * Peak(x, range * 3) + 0.32f * Peak(x, range * 3 + 1) + 0.18f * Peak(x, range * 3 + 2);
        var height = 0.10f - 1.0f * MathF.Pow(depth, 1.5f) + mountain * (0.12f + 0.30f * energy) * (1.15f - 0.6f * depth);
        height += (0.03f + 0.16f * mountain) * Form.SmoothLevelAt(place, 0.004f) + 0.02f * Form.SmoothLevelAt(place, 0.0012f);
        var distance = point.Y - height;
        var haze = Vector3.Lerp(Vector3.Lerp(Palette.Second, Palette.High, 0.45f), Palette.Low * 0.7f, MathF.Pow(depth, 0.6f));
        var rim = MathF.Exp(-MathF.Abs(distance) * 38) * (1 - depth * 0.75f);
        var body = haze + Palette.First * 0.5f * rim + Palette.Second * 0.10f * Smooth(1 + distance * 2.5f) * (1 - depth);
        return Over(colour, body, Inside(distance));
    }

    // A ridge line with a sharp top somewhere across the picture; one of three that make a range.
    private float Peak(float x, int index)
    {
        var centre = Form.Chance(index * 5 + 11);
        var wave = MathF.Abs(MathF.Sin((x - centre) * MathF.PI * (1 + index % 3 + Form.Chance(index * 5 + 12))));
        return 1 - MathF.Pow(wave, 0.8f);
    }

    private float Stars(Vector2 point)
    {
        var cell = new Vector2(MathF.Floor(point.X * 22), MathF.Floor(point.Y * 22));
        var pick = (int)(cell.X * 131 + cell.Y * 1721);
        var place = (cell + new Vector2(0.2f + 0.6f * Form.Chance(pick), 0.2f + 0.6f * Form.Chance(pick + 1))) / 22;
        var size = Form.Chance(pick + 2);
        return size < 0.55f ? 0 : Inside((point - place).Length() - 0.0035f * size) * (size - 0.4f) * Smooth(point.Y + 0.3f);
    }
}

/// <summary>Lines like tides: each is a stretch of the piece, rising where it is loud, the light running along the form.</summary>
internal sealed class TideScene(Palette palette, MusicForm form, float pixel, float aspect) : CoverScene(palette, form, pixel)
{
    private const int Lines = 26;
    private const float Top = 0.62f;
    private const float Bottom = -0.80f;

    public override Vector3 Shade(Vector2 point)
    {
        var colour = Ground(point, 0.62f);
        colour += Palette.Second * 0.30f * MathF.Exp(-(point - new Vector2(-0.55f * aspect, 0.75f)).LengthSquared() * 1.1f);
        colour += Palette.First * 0.26f * MathF.Exp(-(point - new Vector2(0.6f * aspect, -0.5f)).LengthSquared() * 1.2f);
        for (var line = 0; line < Lines; line++)
        {
            var y = Top + (Bottom - Top) * line / (Lines - 1);
            // No line rises more than this: skip what can't touch the point.
            if (point.Y < y - 0.22f || point.Y > y + 0.50f)
            {
                continue;
            }

            colour = DrawLine(colour, point, line, y);
        }

        return colour;
    }

    private Vector3 DrawLine(Vector3 colour, Vector2 point, int line, float y)
    {
        var x = point.X / aspect;
        var hump = MathF.Exp(-x * x * 5.5f);
        var place = (line + Math.Clamp((x + 1) / 2, 0, 1)) / Lines;
        var energy = Form.EnergyAt((line + 0.5f) / Lines);
        var rise = Height(place, x, hump, energy);
        var slope = (Height(place + 0.004f / Lines, x + 0.008f, hump, energy) - rise) / (0.008f * aspect);
        var distance = (point.Y - y - rise) / MathF.Sqrt(1 + slope * slope);

        var fade = Smooth((0.97f - MathF.Abs(x)) * 5);
        var shade = Vector3.Lerp(Palette.Second, Palette.First, line / (Lines - 1f));
        shade = Vector3.Lerp(shade, Palette.Light, 0.7f * hump * energy);
        // What lies behind a line is darker: the lines stand in front of each other.
        colour = Over(colour, colour * 0.45f, Inside(distance) * MathF.Exp(MathF.Min(0, distance) * 18) * fade * hump);
        colour += shade * 0.16f * energy * hump * fade * MathF.Exp(-MathF.Abs(distance) * 70);
        return Over(colour, shade, Inside(MathF.Abs(distance) - (0.0028f + 0.0035f * energy * hump)) * fade * (0.45f + 0.55f * hump));
    }

    private float Height(float place, float x, float hump, float energy) =>
        hump * (0.03f + 0.42f * Form.SmoothLevelAt(place, 0.003f) * (0.3f + 0.7f * energy)) + 0.012f * MathF.Sin(x * 7 + place * 40) * (1 - hump);
}
