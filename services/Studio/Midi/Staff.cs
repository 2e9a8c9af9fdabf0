using System.Xml.Linq;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Midi;

/// <summary>One part on paper, bar by bar.</summary>
internal sealed class Staff
{
    /// <summary>Below this average pitch a part reads the bass clef.</summary>
    private const double BassClefBelow = 57;

    private readonly Score _score;
    private readonly Part _part;
    private readonly int _index;
    private readonly IReadOnlyList<Slice> _slices;
    private readonly Dictionary<int, LyricSyllable> _lyrics;
    private readonly Spelling _spelling;

    public Staff(Score score, int index)
    {
        (_score, _index, _part) = (score, index, score.Parts[index]);
        _slices = Slices.Of(_part, Meter, score.EndTick / score.TicksPerBar * Meter.StepsPerBar);
        _lyrics = _part.Role == PartRole.Voice ? Syllables(score, _part) : [];
        _spelling = new Spelling(score);
    }

    private TimeSignature Meter => _score.TimeSignature;

    /// <summary>What a bar says before its notes: all of it in the first, the new key where it changes.</summary>
    public XElement? Attributes(int bar)
    {
        var key = KeyOf(bar);
        _spelling.Begin(key);
        if (bar > 0)
        {
            return _part.IsDrums || KeyOf(bar - 1) == key ? null : new XElement("attributes", Signature(key));
        }

        var sounds = _part.IsDrums ? PartList.SoundsOf(_part).Count : 1;
        return new XElement(
            "attributes",
            new XElement("divisions", 4),
            _part.IsDrums ? null : Signature(key),
            new XElement("time", new XElement("beats", Meter.Numerator), new XElement("beat-type", Meter.Denominator)),
            sounds > 1 ? new XElement("instruments", sounds) : null,
            Clef());
    }

    /// <summary>The notes and rests of a bar.</summary>
    public IEnumerable<XElement> Notes(int bar)
    {
        var items = Items(bar * Meter.StepsPerBar);
        if (items.TrueForAll(item => item.Slice is null))
        {
            return [new XElement("note", new XElement("rest", new XAttribute("measure", "yes")),
                new XElement("duration", Meter.StepsPerBar), Voice())];
        }

        return items
            .GroupBy(item => Meter.Beats.Last(beat => beat <= item.Start))
            .SelectMany(beat => beat.Zip(Beams.Of([.. beat.Select(item => item.Slice is null ? 0 : item.Length)])))
            .SelectMany(pair => Write(bar * Meter.StepsPerBar, pair.First, pair.Second));
    }

    private Key KeyOf(int bar) => Spelling.KeyAt(_score, bar * Meter.StepsPerBar);

    private static XElement Signature(Key key) =>
        new("key", new XElement("fifths", key.Fifths), new XElement("mode", key.Minor ? "minor" : "major"));

    private XElement Clef()
    {
        if (_part.IsDrums)
        {
            return new XElement("clef", new XElement("sign", "percussion"));
        }

        var bass = _slices.Count > 0 && _slices.Average(slice => slice.Pitches.Average()) < BassClefBelow;
        return new XElement("clef", new XElement("sign", bass ? "F" : "G"), new XElement("line", bass ? 4 : 2));
    }

    // Written lengths in order, counted from the start of the bar; without a slice they are rests.
    private List<Item> Items(int from)
    {
        var items = new List<Item>();
        var at = 0;
        foreach (var slice in _slices.Where(slice => slice.Start < from + Meter.StepsPerBar && slice.End > from))
        {
            var start = Math.Max(0, slice.Start - from);
            var end = Math.Min(Meter.StepsPerBar, slice.End - from);
            Add(items, at, start, null);
            Add(items, start, end, slice);
            at = end;
        }

        Add(items, at, Meter.StepsPerBar, null);
        return items;
    }

    private void Add(List<Item> items, int start, int end, Slice? slice)
    {
        foreach (var length in NoteValues.Split(Meter, start, end, rest: slice is null))
        {
            items.Add(new Item(start, length, slice));
            start += length;
            // A drum can't be tied: what a stroke's first value leaves of its beat is a rest.
            slice = _part.IsDrums ? null : slice;
        }
    }

    private IEnumerable<XElement> Write(int from, Item item, IReadOnlyList<XElement> beams)
    {
        if (item.Slice is not { } slice)
        {
            yield return new XElement(
                "note", new XElement("rest"), new XElement("duration", item.Length), Voice(), NoteValues.Type(item.Length));
            yield break;
        }

        var tiedFrom = !_part.IsDrums && from + item.Start > slice.Start;
        var tiedOn = !_part.IsDrums && from + item.Start + item.Length < slice.End;
        for (var i = 0; i < slice.Pitches.Count; i++)
        {
            var first = i == 0 && !tiedFrom;
            yield return new XElement(
                "note",
                i > 0 ? new XElement("chord") : null,
                Head(slice.Pitches[i], from + item.Start, tiedFrom, out var accidental),
                new XElement("duration", item.Length),
                Ties("tie", tiedFrom, tiedOn),
                // Who has one instrument needs not say which.
                _part.IsDrums ? new XElement("instrument", new XAttribute("id", PartList.InstrumentId(_index, slice.Pitches[i]))) : null,
                Voice(),
                NoteValues.Type(item.Length),
                accidental,
                _part.IsDrums ? Stem(slice.Pitches[i]) : null,
                i == 0 ? beams : null,
                tiedFrom || tiedOn ? new XElement("notations", Ties("tied", tiedFrom, tiedOn)) : null,
                first && _lyrics.TryGetValue(slice.Start, out var syllable) ? Lyric(syllable) : null);
        }
    }

    private XElement Head(int pitch, int step, bool tied, out XElement? accidental)
    {
        if (!_part.IsDrums)
        {
            (var named, accidental) = _spelling.Write(pitch, step, tied);
            return named;
        }

        accidental = null;
        var place = KitSounds.Of(pitch).Place;
        return new XElement("unpitched", new XElement("display-step", place[..1]), new XElement("display-octave", place[1..]));
    }

    private static object[] Stem(int pitch)
    {
        var head = KitSounds.Of(pitch).Head;
        return head.Length == 0 ? [new XElement("stem", "up")] : [new XElement("stem", "up"), new XElement("notehead", head)];
    }

    private static XElement Voice() => new("voice", 1);

    private static IEnumerable<XElement> Ties(string name, bool tiedFrom, bool tiedOn) =>
        new[] { tiedFrom ? "stop" : "", tiedOn ? "start" : "" }.Where(type => type.Length > 0)
            .Select(type => new XElement(name, new XAttribute("type", type)));

    // By the note that carries it: a syllable knows when it sounds, the note where it is written.
    private static Dictionary<int, LyricSyllable> Syllables(Score score, Part part)
    {
        var steps = part.Notes.GroupBy(note => note.Tick)
            .ToDictionary(group => group.Key, group => (group.First().Written ?? Slices.Heard(group.First())).Step);
        return score.Lyrics.Where(syllable => steps.ContainsKey(syllable.Tick)).DistinctBy(syllable => steps[syllable.Tick])
            .ToDictionary(syllable => steps[syllable.Tick]);
    }

    private static XElement Lyric(LyricSyllable syllable)
    {
        var begins = syllable.Word.StartsWith(syllable.Text, StringComparison.Ordinal);
        var kind = syllable.EndsWord ? begins && syllable.Text == syllable.Word ? "single" : "end" : begins ? "begin" : "middle";
        return new XElement("lyric", new XElement("syllabic", kind), new XElement("text", syllable.Text));
    }

    private sealed record Item(int Start, int Length, Slice? Slice);
}
