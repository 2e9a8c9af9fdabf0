using System.Globalization;
using System.Xml.Linq;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Midi;

/// <summary>The head of a sheet: each part with the instruments that play it, so that who opens the file hears what was composed.</summary>
internal static class PartList
{
    private const double UsualVolume = 80;

    public static XElement Of(Score score)
    {
        var channels = MidiFile.Channels(score.Parts);
        return new XElement("part-list", score.Parts.Select((part, i) => Of(part, i, channels[i])));
    }

    /// <summary>Id of a part.</summary>
    public static string Id(int index) => FormattableString.Invariant($"P{index + 1}");

    /// <summary>Id of a part's instrument, or of the sound of its kit at a pitch.</summary>
    public static string InstrumentId(int index, int? pitch) => FormattableString.Invariant($"P{index + 1}-I{pitch + 1 ?? 1}");

    /// <summary>The sounds of a kit that a part uses, lowest key first.</summary>
    public static IReadOnlyList<int> SoundsOf(Part part) => [.. part.Notes.Select(note => note.Pitch).Distinct().Order()];

    private static XElement Of(Part part, int index, int channel)
    {
        IReadOnlyList<int?> sounds = part.IsDrums ? [.. SoundsOf(part).Select(pitch => (int?)pitch)] : [null];
        return new XElement(
            "score-part",
            new XAttribute("id", Id(index)),
            new XElement("part-name", part.Name),
            sounds.Select(pitch => new XElement(
                "score-instrument",
                new XAttribute("id", InstrumentId(index, pitch)),
                new XElement("instrument-name", pitch is { } key ? KitSounds.Of(key).Name : part.Name),
                new XElement("instrument-sound", pitch is { } sound ? KitSounds.Of(sound).Sound : ProgramSounds.Of(part.Program)))),
            sounds.Select(pitch => Midi(part, index, pitch, channel)));
    }

    // Numbers that count from 0 in MIDI count from 1 here.
    private static XElement Midi(Part part, int index, int? pitch, int channel) => new(
        "midi-instrument",
        new XAttribute("id", InstrumentId(index, pitch)),
        new XElement("midi-channel", channel + 1),
        part.Bank > 0 && !part.IsDrums ? new XElement("midi-bank", (part.Bank * 128) + 1) : null,
        new XElement("midi-program", part.Program + 1),
        pitch is { } key ? new XElement("midi-unpitched", key + 1) : null,
        new XElement("volume", Number(Math.Clamp(UsualVolume * Math.Pow(10, part.Gain / 40), 20, 100))),
        new XElement("pan", Number(part.Pan * 90)));

    private static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
