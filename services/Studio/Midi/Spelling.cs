using System.Xml.Linq;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Midi;

/// <summary>
/// Names the notes of a staff by the chord and key of the moment, and shows accidentals where the key and the bar so far say otherwise.
/// </summary>
internal sealed class Spelling(Score score)
{
    private const int TicksPerStep = Score.TicksPerQuarter / 4;
    private const string SharpOrder = "FCGDAEB";

    private readonly Dictionary<(char Letter, int Octave), int> _shown = [];
    private int _fifths;

    /// <summary>The key at a sixteenth of the piece.</summary>
    public static Key KeyAt(Score score, int step) => MarkAt(score, step)?.Key ?? score.Key;

    /// <summary>A bar begins: accidentals of the last one are forgotten.</summary>
    public void Begin(Key key)
    {
        _shown.Clear();
        _fifths = key.Fifths;
    }

    /// <summary>
    /// The pitch element, and the accidental to be printed if there is one; what is tied from the note before prints none.
    /// </summary>
    public (XElement Pitch, XElement? Accidental) Write(int pitch, int step, bool tied)
    {
        var name = NameOf(score, pitch, step);
        var octave = name.OctaveOf(pitch);
        var element = new XElement(
            "pitch",
            new XElement("step", name.Letter),
            name.Alter != 0 ? new XElement("alter", name.Alter) : null,
            new XElement("octave", octave));
        var expected = _shown.TryGetValue((name.Letter, octave), out var shown) ? shown : Signature(name.Letter);
        if (tied || expected == name.Alter)
        {
            return (element, null);
        }

        _shown[(name.Letter, octave)] = name.Alter;
        return (element, new XElement("accidental", Sign(name.Alter)));
    }

    /// <summary>A tone of the chord as the chord spells it, any other as the key does.</summary>
    public static PitchName NameOf(Score score, int pitch, int step)
    {
        var mark = MarkAt(score, step);
        foreach (var tone in mark?.Tones ?? [])
        {
            if (tone.PitchClass == pitch % 12)
            {
                return Readable(tone);
            }
        }

        return Readable(PitchName.In(mark?.Key ?? score.Key, pitch % 12));
    }

    private static HarmonyMark? MarkAt(Score score, int step)
    {
        HarmonyMark? found = null;
        foreach (var mark in score.Harmony)
        {
            if (mark.Tick > step * TicksPerStep)
            {
                break;
            }

            found = mark;
        }

        return found;
    }

    // Nobody writes three sharps to one note.
    private static PitchName Readable(PitchName name) =>
        name.Alter > 2 ? new(name.Fifths - 12) : name.Alter < -2 ? new(name.Fifths + 12) : name;

    private int Signature(char letter)
    {
        var place = SharpOrder.IndexOf(letter, StringComparison.Ordinal);
        return place < _fifths ? 1 : 6 - place < -_fifths ? -1 : 0;
    }

    private static string Sign(int alter) => alter switch
    {
        -2 => "flat-flat",
        -1 => "flat",
        0 => "natural",
        1 => "sharp",
        _ => "double-sharp",
    };
}
