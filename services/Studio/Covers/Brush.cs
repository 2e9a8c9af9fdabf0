using SkiaSharp;

namespace Son1kVers3.Studio.Covers;

/// <summary>The few strokes that scenes are made of, in units of half the picture's height, y downwards.</summary>
/// <param name="pixel">Size of a pixel in those units: no line is thinner than half of it.</param>
internal sealed class Brush(SKCanvas canvas, float pixel)
{
    /// <summary>Colours from top to bottom over the whole picture.</summary>
    public void Ground(params (SKColor Colour, float At)[] stops)
    {
        using var shader = SKShader.CreateLinearGradient(
            new(0, -1), new(0, 1), [.. stops.Select(stop => stop.Colour)], [.. stops.Select(stop => stop.At)], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawPaint(paint);
    }

    /// <summary>Light that fades with distance; adds to what is there.</summary>
    public void Glow(SKPoint centre, float radius, SKColor colour, double strength)
    {
        SKColor[] colours = [Faded(colour, strength), Faded(colour, strength * 0.45), Faded(colour, strength * 0.12), Faded(colour, 0)];
        using var shader = SKShader.CreateRadialGradient(centre, radius, colours, [0, 0.35f, 0.7f, 1], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, BlendMode = SKBlendMode.Plus };
        canvas.DrawRect(SKRect.Create(centre.X - radius, centre.Y - radius, 2 * radius, 2 * radius), paint);
    }

    /// <summary>Darkens towards the corners.</summary>
    public void Vignette(float reach)
    {
        using var shader = SKShader.CreateRadialGradient(new(0, 0), reach,
            [SKColors.Black.WithAlpha(0), SKColors.Black.WithAlpha(0), SKColors.Black.WithAlpha(150)], [0, 0.55f, 1],
                SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawPaint(paint);
    }

    /// <summary>A disc lit from one side.</summary>
    public void Disc(SKPoint centre, float radius, SKColor top, SKColor bottom)
    {
        using var shader = SKShader.CreateLinearGradient(
            new(centre.X - (radius * 0.3f), centre.Y - radius), new(centre.X + (radius * 0.3f), centre.Y + radius), [top, bottom],
                SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, IsAntialias = true };
        canvas.DrawCircle(centre, radius, paint);
    }

    /// <summary>A line with round ends.</summary>
    public void Line(SKPoint from, SKPoint to, float width, SKColor colour)
    {
        using var paint = Stroke(colour, width);
        canvas.DrawLine(from, to, paint);
    }

    /// <summary>A part of a circle around the middle; degrees clockwise from the top.</summary>
    public void Arc(float radius, float start, float sweep, float width, SKColor colour)
    {
        using var paint = Stroke(colour, width);
        paint.StrokeCap = SKStrokeCap.Butt;
        canvas.DrawArc(new SKRect(-radius, -radius, radius, radius), start - 90, sweep, false, paint);
    }

    /// <summary>The outline of a path.</summary>
    public void Trace(SKPath path, float width, SKColor colour)
    {
        using var paint = Stroke(colour, width);
        canvas.DrawPath(path, paint);
    }

    /// <summary>The same, its colours running across the picture.</summary>
    public void Trace(SKPath path, float width, float halfWidth, IReadOnlyList<(SKColor Colour, float At)> stops)
    {
        using var shader = Across(halfWidth, stops);
        using var paint = Stroke(SKColors.White, width);
        paint.Shader = shader;
        canvas.DrawPath(path, paint);
    }

    /// <summary>A path filled from its top (<paramref name="top"/>) to its bottom.</summary>
    public void Fill(SKPath path, float top, SKColor upper, float bottom, SKColor lower)
    {
        using var shader = SKShader.CreateLinearGradient(new(0, top), new(0, bottom), [upper, lower], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, IsAntialias = true };
        canvas.DrawPath(path, paint);
    }

    /// <summary>A path filled with colours that run across the picture.</summary>
    public void Fill(SKPath path, float halfWidth, IReadOnlyList<(SKColor Colour, float At)> stops)
    {
        using var shader = Across(halfWidth, stops);
        using var paint = new SKPaint { Shader = shader, IsAntialias = true };
        canvas.DrawPath(path, paint);
    }

    public static SKColor Faded(SKColor colour, double alpha) => colour.WithAlpha((byte)Math.Clamp(Math.Round(alpha * 255), 0, 255));

    /// <summary>Between two colours.</summary>
    public static SKColor Mix(SKColor from, SKColor to, double share)
    {
        var t = Math.Clamp(share, 0, 1);
        return new(Channel(from.Red, to.Red), Channel(from.Green, to.Green), Channel(from.Blue, to.Blue), Channel(from.Alpha, to.Alpha));

        byte Channel(byte a, byte b) => (byte)Math.Round(a + ((b - a) * t));
    }

    private static SKShader Across(float halfWidth, IReadOnlyList<(SKColor Colour, float At)> stops) =>
        SKShader.CreateLinearGradient(new(-halfWidth, 0), new(halfWidth, 0), [.. stops.Select(stop => stop.Colour)],
            [.. stops.Select(stop => stop.At)], SKShaderTileMode.Clamp);

    private SKPaint Stroke(SKColor colour, float width) => new()
    {
        Color = colour,
        IsAntialias = true,
        Style = SKPaintStyle.Stroke,
        StrokeWidth = Math.Max(width, pixel * 0.5f),
        StrokeCap = SKStrokeCap.Round,
        StrokeJoin = SKStrokeJoin.Round,
    };
}
