using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Lyrics;

namespace Son1kVers3.Studio.Composing;

/// <summary>A syllable before it has a note.</summary>
internal sealed record Syllable(string Text, bool EndsWord, string Word);

/// <summary>Sets the words on the melody: a line to a phrase, a syllable to a note.</summary>
/// <remarks>
/// More syllables than notes: the longest notes are divided. Fewer: short notes are tied to the one before.
/// More lines than phrases share one; a line that finds no sixteenths left is not sung.
/// </remarks>
internal static class VoicePlayer
{
    private const int PhraseBars = 2;

    /// <summary>Sung notes and their syllables, in the same order.</summary>
    public static (IReadOnlyList<StepNote> Notes, IReadOnlyList<Syllable> Syllables) Sing(
        Canvas canvas, GenrePart part, Instrument instrument)
    {
        var sheet = LyricSheet.Parse(canvas.Plan.Lyrics ?? "", canvas.Plan.Language);
        var notes = new List<StepNote>();
        var syllables = new List<Syllable>();
        var firstBar = 0;
        foreach (var section in canvas.Plan.Form)
        {
            if (section.LyricBlock >= 0 && section.LyricBlock < sheet.Blocks.Count)
            {
                var bars = canvas.Bars.Skip(firstBar).Take(section.Bars).Where(bar => !bar.Ending).ToList();
                SingSection(canvas, (part, instrument), sheet, sheet.Blocks[section.LyricBlock].Lines, bars, notes, syllables);
            }

            firstBar += section.Bars;
        }

        return (notes, syllables);
    }

    private static void SingSection(
        Canvas canvas, (GenrePart Part, Instrument Instrument) voice, LyricSheet sheet, IReadOnlyList<string> lines, List<Bar> bars,
            List<StepNote> notes, List<Syllable> syllables)
    {
        var phrases = bars.Chunk(PhraseBars).ToList();
        var share = lines.Count > phrases.Count ? (lines.Count + phrases.Count - 1) / phrases.Count : 1;
        var stride = Math.Max(1, phrases.Count / Math.Max(1, (lines.Count + share - 1) / share));
        for (var i = 0; i * share < lines.Count && i * stride < phrases.Count; i++)
        {
            var text = lines.Skip(i * share).Take(share).SelectMany(line => Divide(line, sheet.Language)).ToList();
            var phrase = phrases[i * stride];
            var sung = Fit(MelodyPlayer.Phrase(canvas, voice.Part, voice.Instrument, (phrase[0], phrase.Length)).ToList(), text.Count,
                phrase, canvas.StepsPerBar);
            notes.AddRange(sung);
            syllables.AddRange(Ended([.. text.Take(sung.Count)]));
        }
    }

    // A word that the phrase has no room for is as long as what is sung of it.
    private static List<Syllable> Ended(List<Syllable> sung)
    {
        if (sung.Count == 0 || sung[^1].EndsWord)
        {
            return sung;
        }

        var first = sung.FindLastIndex(syllable => syllable.EndsWord) + 1;
        var word = string.Concat(sung.Skip(first).Select(syllable => syllable.Text));
        return [.. sung.Take(first),
            .. sung.Skip(first).Select((syllable, i) => syllable with { Word = word, EndsWord = first + i == sung.Count - 1 })];
    }

    private static IEnumerable<Syllable> Divide(string line, string language)
    {
        foreach (var raw in line.Split([' ', '-', '—', '/'], StringSplitOptions.RemoveEmptyEntries))
        {
            var word = raw.Trim('"', '“', '”', '(', ')', '«', '»');
            if (!word.Any(char.IsLetter))
            {
                continue;
            }

            var parts = Syllables.Of(word, language);
            for (var i = 0; i < parts.Count; i++)
            {
                yield return new Syllable(parts[i], i == parts.Count - 1, word);
            }
        }
    }

    private static List<StepNote> Fit(List<StepNote> melody, int count, Bar[] phrase, int stepsPerBar)
    {
        var start = phrase[0].Index * stepsPerBar;
        var end = start + (phrase.Length * stepsPerBar);
        if (melody.Count == 0)
        {
            return [];
        }

        // Notes last until the next one: a voice connects.
        var notes = melody.Select((note, i) => note with { Steps = (i + 1 < melody.Count ? melody[i + 1].Step : end) - note.Step })
            .ToList();
        while (notes.Count > Math.Max(1, count))
        {
            Tie(notes);
        }

        while (notes.Count < count && notes.Any(note => note.Steps >= 2))
        {
            Divide(notes);
        }

        if (notes.Count < count && notes[0].Step > start)
        {
            // The line needs the whole phrase: begin it on its first beat.
            notes[0] = notes[0] with { Step = start, Steps = notes[0].Step + notes[0].Steps - start };
            while (notes.Count < count && notes.Any(note => note.Steps >= 2))
            {
                Divide(notes);
            }
        }

        // Breathe before the next line.
        notes[^1] = notes[^1] with { Steps = Math.Max(0.8, Math.Min(notes[^1].Steps, 8) - 0.5) };
        return notes;
    }

    private static void Tie(List<StepNote> notes)
    {
        var weakest = 1;
        for (var i = 1; i < notes.Count; i++)
        {
            var lighter = notes[i].Step % 4 != 0 && notes[weakest].Step % 4 == 0;
            var shorter = notes[i].Steps < notes[weakest].Steps && (notes[i].Step % 4 != 0) == (notes[weakest].Step % 4 != 0);
            weakest = lighter || shorter ? i : weakest;
        }

        notes[weakest - 1] = notes[weakest - 1] with { Steps = notes[weakest].Step + notes[weakest].Steps - notes[weakest - 1].Step };
        notes.RemoveAt(weakest);
    }

    private static void Divide(List<StepNote> notes)
    {
        var longest = 0;
        for (var i = 1; i < notes.Count; i++)
        {
            longest = notes[i].Steps > notes[longest].Steps ? i : longest;
        }

        var note = notes[longest];
        var half = note.Steps >= 4 ? Math.Floor(note.Steps / 4) * 2 : 1;
        notes[longest] = note with { Steps = half };
        notes.Insert(longest + 1, note with { Step = note.Step + (int)half, Steps = note.Steps - half, Accent = note.Accent * 0.92 });
    }
}
