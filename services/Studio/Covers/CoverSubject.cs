namespace Son1kVers3.Studio.Covers;

/// <summary>What a cover is drawn from.</summary>
/// <param name="Mood">Chooses the palette; Spanish or English.</param>
/// <param name="Levels">Outline of the sound, 0–1 or wider, for equal stretches of the piece; a thousand are enough, none are
/// allowed.</param>
/// <param name="Sections">Start (share of the piece, 0–1) and energy (0–1) of each section, in order; none are allowed.</param>
/// <param name="Seed">The generation's seed: chooses the composition of the picture and its details.</param>
public sealed record CoverSubject(string Mood, IReadOnlyList<float> Levels, IReadOnlyList<CoverSection> Sections, int Seed);

/// <param name="Start">Share of the piece, 0–1.</param>
/// <param name="Energy">0–1.</param>
public readonly record struct CoverSection(double Start, double Energy);

/// <summary>File formats of covers.</summary>
public enum CoverFormat { Png, WebP }

/// <summary>Pixels of a cover.</summary>
public readonly record struct CoverSize
{
    private const int Largest = 4096;

    /// <exception cref="ArgumentOutOfRangeException">A side is not within 16–4096.</exception>
    public CoverSize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Largest);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Largest);
        (Width, Height) = (width, height);
    }

    /// <summary>What Open Graph previews want.</summary>
    public static CoverSize OpenGraph { get; } = new(1200, 630);

    public int Width { get; }

    public int Height { get; }

    public static CoverSize Square(int side) => new(side, side);
}
