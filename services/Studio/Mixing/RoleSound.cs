using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Mixing;

/// <summary>How a role is treated at the desk.</summary>
/// <param name="HighPass">Hz; leaves the low end to kick and bass.</param>
/// <param name="Presence">dB at <paramref name="PresenceFrequency"/>.</param>
/// <param name="Air">dB of a shelf above 8 kHz.</param>
/// <param name="Ratio">Compression above the part's own loudness; 1 is none.</param>
/// <param name="Attack">Seconds.</param>
/// <param name="Duck">Share of the style's ducking.</param>
/// <param name="Chorus">Amount of chorus.</param>
/// <param name="Width">What is different left and right, as a share of what is the same.</param>
internal sealed record RoleSound(double HighPass, double PresenceFrequency, double Presence, double Air, double Ratio, double Attack,
    double Duck, float Chorus, float Width)
{
    public static RoleSound For(PartRole role) => role switch
    {
        PartRole.Drums => new(28, 4500, 1.5, 1.5, 2.5, 0.012, 0, 0, 0),
        PartRole.Percussion => new(120, 6000, 1, 1, 2, 0.01, 0, 0, 0.35f),
        PartRole.Bass => new(32, 900, 1.5, 0, 3.5, 0.02, 1, 0, 0),
        PartRole.Chords => new(120, 350, -2, 1, 2, 0.02, 0.6, 0, 0.6f),
        PartRole.Pad => new(160, 350, -2, 1, 1.5, 0.05, 1, 0.45f, 0.6f),
        PartRole.Strings => new(140, 2500, 1, 1.5, 1.5, 0.05, 0.6, 0.25f, 0.6f),
        PartRole.Lead => new(140, 2800, 2, 1, 2.5, 0.01, 0, 0, 0.2f),
        PartRole.Counter => new(160, 2000, 0.5, 0.5, 2, 0.02, 0.2, 0, 0.4f),
        PartRole.Arpeggio => new(180, 3000, 1, 1, 2, 0.01, 0.5, 0.2f, 0.6f),
        PartRole.Voice => new(110, 3000, 2.5, 2, 3, 0.008, 0, 0, 0.15f),
        _ => new(80, 1000, 0, 0, 1.5, 0.02, 0.3, 0, 0.4f),
    };
}
