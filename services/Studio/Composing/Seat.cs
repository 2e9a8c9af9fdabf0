using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>Where a part sits in the mix: loudness against the lead in dB, panorama, reverb.</summary>
internal readonly record struct Seat(double Gain, double Pan, double Reverb)
{
    /// <summary>The genre's wish, or the usual place of the role.</summary>
    public static Seat Of(GenrePart part)
    {
        var usual = part.Role switch
        {
            PartRole.Drums => new Seat(-1, 0, 0.12),
            PartRole.Percussion => new Seat(-7, 0.3, 0.2),
            PartRole.Bass => new Seat(-2, 0, 0.04),
            PartRole.Chords => new Seat(-5, -0.2, 0.25),
            PartRole.Pad => new Seat(-9, 0, 0.45),
            PartRole.Strings => new Seat(-7, 0.15, 0.45),
            PartRole.Arpeggio => new Seat(-8, 0.35, 0.35),
            PartRole.Counter => new Seat(-6, 0.25, 0.35),
            PartRole.Effects => new Seat(-9, 0, 0.5),
            // Words are lost before a melody is.
            PartRole.Voice => new Seat(2, 0, 0.25),
            _ => new Seat(0, 0, 0.3),
        };
        return new Seat(part.Gain ?? usual.Gain, part.Pan ?? usual.Pan, part.Reverb ?? usual.Reverb);
    }
}
