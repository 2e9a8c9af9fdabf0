using System.Xml.Linq;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Midi;

/// <summary>Names pitches as the key would: sharps in sharp keys, flats in flat ones.</summary>
internal static class Spelling
{
    private static readonly (string Step, int Alter)[] Sharps =
        [("C", 0), ("C", 1), ("D", 0), ("D", 1), ("E", 0), ("F", 0), ("F", 1), ("G", 0), ("G", 1), ("A", 0), ("A", 1), ("B", 0)];

    private static readonly (string Step, int Alter)[] Flats =
        [("C", 0), ("D", -1), ("D", 0), ("E", -1), ("E", 0), ("F", 0), ("G", -1), ("G", 0), ("A", -1), ("A", 0), ("B", -1), ("B", 0)];

    public static XElement Pitch(int pitch, Key key)
    {
        var (step, alter) = (key.Fifths >= 0 ? Sharps : Flats)[pitch % 12];
        return new XElement(
            "pitch",
            new XElement("step", step),
            alter != 0 ? new XElement("alter", alter) : null,
            new XElement("octave", (pitch / 12) - 1));
    }
}
