using System.Numerics;

namespace Son1kVers3.Studio.Analysis;

/// <summary>What a cover is drawn from.</summary>
/// <param name="Mood">Chooses the palette; Spanish or English.</param>
/// <param name="Sections">Start (share of the piece, 0–1) and energy (0–1) of each section, in order.</param>
/// <param name="Seed">The generation's seed: chooses the composition of the picture and its details.</param>
public sealed record CoverSubject(string Mood, WaveformPeaks Waveform, IReadOnlyList<CoverSection> Sections, int Seed);

/// <param name="Start">Share of the piece, 0–1.</param>
/// <param name="Energy">0–1.</param>
public readonly record struct CoverSection(double Start, double Energy);

/// <summary>Draws covers from the music itself. The same subject gives the same bytes.</summary>
public static class Cover
{
    private const int Square = 1024;
    private const int WideWidth = 1200;
    private const int WideHeight = 630;

    /// <summary>1024 × 1024 PNG.</summary>
    public static byte[] DrawSquare(CoverSubject subject) => Draw(subject, Square, Square);

    /// <summary>1200 × 630 PNG, as Open Graph previews want it.</summary>
    public static byte[] DrawWide(CoverSubject subject) => Draw(subject, WideWidth, WideHeight);

    private static byte[] Draw(CoverSubject subject, int width, int height)
    {
        var scene = CoverScene.For(subject, (float)width / height, 2f / height);
        var pixels = new byte[width * height * 3];
        // Two threads at most: a worker renders music beside it.
        Parallel.For(0, height, new ParallelOptions { MaxDegreeOfParallelism = 2 }, y =>
        {
            for (var x = 0; x < width; x++)
            {
                // −1 … 1 from bottom to top, 0 in the middle.
                var point = new Vector2((2f * x + 1 - width) / height, 1 - (2f * y + 1) / height);
                var colour = scene.Shade(point);
                Put(pixels.AsSpan((y * width + x) * 3, 3), colour, Grain(x, y, subject.Seed));
            }
        });
        return Png.Encode(width, height, pixels);
    }

    private static void Put(Span<byte> pixel, Vector3 light, float grain)
    {
        // Bright glows bend towards white instead of clipping in one channel.
        var mapped = light / (Vector3.One + light * 0.35f) * 1.35f;
        for (var i = 0; i < 3; i++)
        {
            pixel[i] = (byte)Math.Clamp(MathF.Pow(Math.Clamp(mapped[i], 0, 1), 1 / 2.2f) * 255 + grain, 0, 255);
        }
    }

    // Film grain of ±2.5 steps: breaks the bands that smooth gradients would show.
    private static float Grain(int x, int y, int seed)
    {
        var hash = (uint)(x * 374761393 + y * 668265263 + seed * 362437);
        hash = (hash ^ (hash >> 13)) * 1274126177;
        return ((hash ^ (hash >> 16)) & 0xFFFF) / 65535f * 5 - 2.5f;
    }
}
