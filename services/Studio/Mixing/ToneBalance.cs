namespace Son1kVers3.Studio.Mixing;

/// <summary>An equalizer an octave wide a band that brings a finished mix towards the slope of its character.</summary>
/// <remarks>
/// It goes part of the way and not far: the piece keeps its own colour. Boosts stay small, because an octave that nobody plays holds
/// only noise.
/// </remarks>
internal sealed class ToneBalance
{
    private const double Share = 0.7;
    private const double LargestCut = 8;
    private const double LargestBoost = 3;

    /// <summary>Below this octave the slope doesn't go on: lows are the style's own.</summary>
    private const double Flat = 125;

    private const double TopStart = 4000;

    private readonly Biquad[] filters;

    /// <param name="levels">dB of the mix's octaves.</param>
    public ToneBalance(IReadOnlyList<double> levels, MixCharacter character) =>
        filters = [.. Gains(levels, character).Select((gain, i) => Biquad.Peak(OctaveMeter.Centres[i], gain, 1.2))];

    /// <summary>dB to add to each octave.</summary>
    public static double[] Gains(IReadOnlyList<double> levels, MixCharacter character)
    {
        var missing = Target(character).Zip(levels, (wished, heard) => wished - heard).ToArray();
        // The shape counts, not the level: between 125 Hz and 2 kHz nothing is lost on average.
        var offset = missing[1..6].Average();
        return [.. missing.Select(decibels => Math.Clamp(Share * (decibels - offset), -LargestCut, LargestBoost))];
    }

    /// <summary>dB of each octave on the slope of a character.</summary>
    public static double[] Target(MixCharacter character) =>
    [
        .. OctaveMeter.Centres.Select(hertz => (hertz <= Flat ? character.Bass : 0)
            + (character.Tilt * Math.Log2(Math.Clamp(hertz, Flat, TopStart) / Flat))
            + (character.TopTilt * Math.Log2(Math.Max(hertz, TopStart) / TopStart))),
    ];

    public void Process(Span<float> left, Span<float> right)
    {
        foreach (var filter in filters)
        {
            filter.Process(left, right);
        }
    }
}
