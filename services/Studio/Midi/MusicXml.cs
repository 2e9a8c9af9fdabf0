using System.Globalization;
using System.Xml.Linq;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Midi;

/// <summary>
/// Scores as MusicXML 4.0 (partwise), on a grid of sixteenths: every part with its instrument, kits on percussion staves, swing as a
/// direction.
/// </summary>
public static class MusicXml
{
    private const string PublicId = "-//Recordare//DTD MusicXML 4.0 Partwise//EN";

    /// <summary>The document. Every measure of every part is full.</summary>
    public static string Write(Score score)
    {
        var root = new XElement(
            "score-partwise",
            new XAttribute("version", "4.0"),
            new XElement("work", new XElement("work-title", score.Title.Length > 0 ? score.Title : "Son1kVers3")),
            new XElement("identification", new XElement("encoding", new XElement("software", "Son1kVers3"))),
            Page(score.Parts.Count),
            PartList.Of(score),
            score.Parts.Select((_, i) => new XElement("part", new XAttribute("id", PartList.Id(i)), Measures(score, i))));
        var document = new XDocument(
            new XDeclaration("1.0", "UTF-8", "no"),
            new XDocumentType("score-partwise", PublicId, "http://www.musicxml.org/dtds/partwise.dtd", null),
            root);
        return document.Declaration + "\n" + document;
    }

    // A4, with staves as high as lets two systems of all parts stand on it, between 3.6 and 7 mm. Positions count in tenths of the space
    // between lines.
    private static XElement Page(int parts)
    {
        var staff = Math.Clamp(50.0 / Math.Max(1, parts), 3.6, 7);
        string Tenths(double millimetres) => Number(millimetres / staff * 40);
        return new XElement(
            "defaults",
            new XElement("scaling", new XElement("millimeters", Number(staff)), new XElement("tenths", 40)),
            new XElement(
                "page-layout",
                new XElement("page-height", Tenths(297)),
                new XElement("page-width", Tenths(210)),
                new XElement(
                    "page-margins",
                    new XAttribute("type", "both"),
                    new XElement("left-margin", Tenths(15)),
                    new XElement("right-margin", Tenths(12)),
                    new XElement("top-margin", Tenths(12)),
                    new XElement("bottom-margin", Tenths(12)))));
    }

    private static IEnumerable<XElement> Measures(Score score, int index)
    {
        var staff = new Staff(score, index);
        var bars = score.EndTick / score.TicksPerBar;
        for (var bar = 0; bar < bars; bar++)
        {
            yield return new XElement(
                "measure",
                new XAttribute("number", bar + 1),
                staff.Attributes(bar),
                index == 0 ? Directions(score, bar) : null,
                staff.Notes(bar),
                bar == bars - 1 ? new XElement("barline", new XAttribute("location", "right"), new XElement("bar-style", "light-heavy"))
                    : null);
        }
    }

    private static IEnumerable<XElement> Directions(Score score, int bar)
    {
        if (score.Sections.FirstOrDefault(section => section.StartBar == bar) is { } section)
        {
            yield return Direction(new XElement("rehearsal", section.Name));
        }

        if (bar == 0)
        {
            yield return Tempo(score);
            if (score.Swing is { } swing)
            {
                yield return Direction(
                    new XElement("words", swing.Value == 8 ? "Swing" : "Swing 16ths"), new XElement("sound", Swing(swing)));
            }
        }
    }

    // The beat that is counted: a dotted quarter in compound time.
    private static XElement Tempo(Score score)
    {
        var quarters = score.Tempos[0].BeatsPerMinute;
        var compound = score.TimeSignature.IsCompound;
        return Direction(
            new XElement(
                "metronome",
                new XElement("beat-unit", "quarter"),
                compound ? new XElement("beat-unit-dot") : null,
                new XElement("per-minute", Number(compound ? quarters / 1.5 : quarters))),
            new XElement("sound", new XAttribute("tempo", Number(quarters))));
    }

    private static XElement Swing(SwingMark swing) => new(
        "swing",
        new XElement("first", swing.First),
        new XElement("second", swing.Second),
        new XElement("swing-type", swing.Value == 8 ? "eighth" : "16th"));

    private static XElement Direction(XElement type, XElement? sound = null) =>
        new("direction", new XAttribute("placement", "above"), new XElement("direction-type", type), sound);

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
