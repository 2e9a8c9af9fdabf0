using System.Globalization;
using System.Xml.Linq;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Midi;

/// <summary>Scores as MusicXML 4.0 (partwise): melodic parts and chords, quantised to sixteenths; kits are left out.</summary>
public static class MusicXml
{
    private const int TicksPerDivision = Score.TicksPerQuarter / 4;

    /// <summary>The document. Every measure of every part is full.</summary>
    public static string Write(Score score)
    {
        var parts = score.Parts.Where(part => !part.IsDrums && part.Bank != 128 && part.Role != PartRole.Effects).ToList();
        var root = new XElement(
            "score-partwise",
            new XAttribute("version", "4.0"),
            new XElement("work", new XElement("work-title", score.Title.Length > 0 ? score.Title : "Son1kVers3")),
            new XElement("identification", new XElement("encoding", new XElement("software", "Son1kVers3"))),
            new XElement("part-list", parts.Select((part, i) => new XElement(
                "score-part", new XAttribute("id", Id(i)), new XElement("part-name", part.Name)))),
            parts.Select((part, i) => new XElement("part", new XAttribute("id", Id(i)), Measures(score, part, first: i == 0))));
        var document = new XDocument(
            new XDeclaration("1.0", "UTF-8", "no"),
            new XDocumentType("score-partwise", "-//Recordare//DTD MusicXML 4.0 Partwise//EN", "http://www.musicxml.org/dtds/partwise.dtd", null),
            root);
        return document.Declaration + "\n" + document;
    }

    private static string Id(int index) => FormattableString.Invariant($"P{index + 1}");

    private static IEnumerable<XElement> Measures(Score score, Part part, bool first)
    {
        var perBar = score.TicksPerBar / TicksPerDivision;
        var bars = score.EndTick / score.TicksPerBar;
        var slices = Slices.Of(part, bars * perBar);
        var lyrics = part.Role == PartRole.Voice ? score.Lyrics.ToDictionary(syllable => Slices.Division(syllable.Tick)) : [];
        var bass = slices.Count > 0 && slices.Average(slice => slice.Pitches.Average()) < 55;
        for (var bar = 0; bar < bars; bar++)
        {
            var measure = new XElement("measure", new XAttribute("number", bar + 1));
            if (bar == 0)
            {
                measure.Add(Attributes(score, bass));
            }

            if (first)
            {
                measure.Add(Directions(score, bar));
            }

            measure.Add(Fill(slices, bar * perBar, (bar + 1) * perBar, score, lyrics));
            yield return measure;
        }
    }

    private static XElement Attributes(Score score, bool bass) => new(
        "attributes",
        new XElement("divisions", 4),
        new XElement("key", new XElement("fifths", score.Key.Fifths), new XElement("mode", score.Key.Minor ? "minor" : "major")),
        new XElement("time", new XElement("beats", score.TimeSignature.Numerator), new XElement("beat-type", score.TimeSignature.Denominator)),
        new XElement("clef", new XElement("sign", bass ? "F" : "G"), new XElement("line", bass ? 4 : 2)));

    private static IEnumerable<XElement> Directions(Score score, int bar)
    {
        if (score.Sections.FirstOrDefault(section => section.StartBar == bar) is { } section)
        {
            yield return new XElement(
                "direction", new XAttribute("placement", "above"), new XElement("direction-type", new XElement("rehearsal", section.Name)));
        }

        if (bar == 0)
        {
            var tempo = score.Tempos[0].BeatsPerMinute.ToString("0.###", CultureInfo.InvariantCulture);
            yield return new XElement(
                "direction",
                new XAttribute("placement", "above"),
                new XElement("direction-type", new XElement("metronome", new XElement("beat-unit", "quarter"), new XElement("per-minute", tempo))),
                new XElement("sound", new XAttribute("tempo", tempo)));
        }
    }

    private static IEnumerable<XElement> Fill(IReadOnlyList<Slice> slices, int from, int to, Score score, Dictionary<int, LyricSyllable> lyrics)
    {
        var at = from;
        foreach (var slice in slices.Where(slice => slice.Start < to && slice.End > from))
        {
            var start = Math.Max(slice.Start, from);
            var end = Math.Min(slice.End, to);
            foreach (var rest in NoteValues.Split(start - at))
            {
                yield return new XElement("note", new XElement("rest"), Duration(rest));
            }

            var position = start;
            foreach (var value in NoteValues.Split(end - start))
            {
                foreach (var note in Chord(slice, position, value, score, lyrics))
                {
                    yield return note;
                }

                position += value;
            }

            at = end;
        }

        foreach (var rest in NoteValues.Split(to - at))
        {
            yield return new XElement("note", new XElement("rest"), Duration(rest));
        }
    }

    private static IEnumerable<XElement> Chord(Slice slice, int position, int value, Score score, Dictionary<int, LyricSyllable> lyrics)
    {
        var from = position > slice.Start;
        var on = position + value < slice.End;
        for (var i = 0; i < slice.Pitches.Count; i++)
        {
            var tied = new XElement("notations", from ? new XElement("tied", new XAttribute("type", "stop")) : null, on ? new XElement("tied", new XAttribute("type", "start")) : null);
            yield return new XElement(
                "note",
                i > 0 ? new XElement("chord") : null,
                Spelling.Pitch(slice.Pitches[i], score.Key),
                new XElement("duration", value),
                from ? new XElement("tie", new XAttribute("type", "stop")) : null,
                on ? new XElement("tie", new XAttribute("type", "start")) : null,
                NoteValues.Type(value),
                from || on ? tied : null,
                i == 0 && !from && lyrics.TryGetValue(slice.Start, out var syllable) ? Lyric(syllable) : null);
        }
    }

    private static XElement Lyric(LyricSyllable syllable)
    {
        var begins = syllable.Word.StartsWith(syllable.Text, StringComparison.Ordinal);
        var kind = syllable.EndsWord ? begins && syllable.Text == syllable.Word ? "single" : "end" : begins ? "begin" : "middle";
        return new XElement("lyric", new XElement("syllabic", kind), new XElement("text", syllable.Text));
    }

    private static object[] Duration(int value) => [new XElement("duration", value), .. NoteValues.Type(value)];
}
