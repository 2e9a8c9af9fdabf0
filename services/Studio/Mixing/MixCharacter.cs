using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Studio.Mixing;

/// <summary>What kind of record a style is mixed as.</summary>
public enum MixFamily
{
    /// <summary>Electric and popular groups: a close, dry picture.</summary>
    Band,

    /// <summary>Orchestras, folk groups and pads: heard in one wide room, lows and all.</summary>
    Ensemble,

    /// <summary>Made for a floor: lows in the middle, steady level.</summary>
    Club,
}

/// <summary>The engineer's taste for one piece: drawn anew for each, so that two pieces of a style don't share one sound.</summary>
/// <param name="Width">Scales what is different left and right in each part.</param>
/// <param name="Room">Scales the style's room.</param>
/// <param name="Bass">dB of the octaves up to 125 Hz above the slope.</param>
/// <param name="Tilt">Slope of the octave levels up to 4 kHz, dB an octave.</param>
/// <param name="TopTilt">Slope above 4 kHz.</param>
/// <param name="Headroom">dB above a part's loudness at which saturation rounds its peaks.</param>
/// <param name="SwellDecibels">How far an ensemble's phrases rise and fall around their mean.</param>
/// <param name="PhraseBars">Length of such a phrase.</param>
public sealed record MixCharacter(
    MixFamily Family, double Width, double Room, double Bass, double Tilt, double TopTilt, double Headroom, double SwellDecibels,
    int PhraseBars)
{
    private static readonly string[] Ensembles = ["ambient", "cinematic", "classical", "folk"];
    private static readonly string[] Clubs = ["drum-and-bass", "electronic", "house", "synthwave", "techno", "trap"];

    /// <summary>What stands where nobody drew: the middle of every range of a band.</summary>
    public static MixCharacter Neutral { get; } = For("", "", () => 0.5);

    /// <param name="unit">Draws from 0 to 1.</param>
    public static MixCharacter For(string genre, string mood, Func<double> unit)
    {
        var family = Ensembles.Contains(genre) ? MixFamily.Ensemble : Clubs.Contains(genre) ? MixFamily.Club : MixFamily.Band;
        var bright = MoodCatalog.Find(mood)?.Energy ?? 0;
        return new MixCharacter(
            family,
            Width: family == MixFamily.Ensemble ? Between(0.6, 1.1) : Between(1.1, 1.5),
            Room: family == MixFamily.Ensemble ? Between(0.9, 1.7) : 1,
            Bass: Between(-3, 3),
            // Commercial masters fall by about 5 dB an octave of spectral density, 2 dB of octave levels, up to 4 kHz and faster above
            // (Pestana et al. 2013, Spectral Characteristics of Popular Commercial Recordings 1950–2010).
            Tilt: Between(-4.4, -2) + bright,
            TopTilt: Between(-10, -4) + bright,
            Headroom: family == MixFamily.Ensemble ? Between(14, 20) : Between(9, 14),
            SwellDecibels: Between(2, 5.5),
            PhraseBars: unit() < 0.5 ? 4 : 8);

        double Between(double low, double high) => low + (unit() * (high - low));
    }
}
