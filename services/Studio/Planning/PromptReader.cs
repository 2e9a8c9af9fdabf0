using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;
using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Planning;

/// <summary>Reads a prompt in Spanish or English, phrase by phrase; what it does not know it passes over.</summary>
internal sealed class PromptReader
{
    private readonly string[] _words;
    private readonly List<(Meaning Meaning, int At, int Next)> _found = [];
    private readonly List<AskedInstrument> _asked = [];
    private readonly List<string> _excluded = [];
    private readonly List<string> _wanted = [];
    private readonly List<string> _unwanted = [];
    private List<string> _form = [];
    private List<string> _sequence = [];
    private bool _negated;
    private bool _only;
    private bool _long;
    private bool _added;
    private bool _soloFor;
    private bool _askedOnly;
    private int _sectionEnd = -1;

    private PromptReader(string prompt) => _words = Words.Split(NoteMarks.Plain(prompt));

    /// <summary>What the prompt says.</summary>
    public static PromptReading Read(string prompt)
    {
        var reader = new PromptReader(prompt);
        reader.Scan();
        return reader.Result();
    }

    private void Scan()
    {
        for (var i = 0; i < _words.Length;)
        {
            if (_words[i] == ",")
            {
                _negated = false;
                _only = false;
                _long = false;
                i++;
                continue;
            }

            var (meanings, length) = Lexicon.Default.At(_words, i);
            if (meanings.Count == 0 && Lessness(_words[i]) is { } members)
            {
                _excluded.AddRange(members);
            }
            else if (meanings.Count == 0 || meanings[0].Kind == MeaningKind.Idiom)
            {
                Forget();
            }

            foreach (var meaning in meanings)
            {
                Take(meaning, i, i + length);
            }

            i += length;
        }
    }

    // What is not understood ends what was begun.
    private void Forget()
    {
        _negated = false;
        _only = false;
        _long = false;
        _soloFor = false;
        _sequence = [];
    }

    private void Take(Meaning meaning, int at, int next)
    {
        switch (meaning.Kind)
        {
            case MeaningKind.Not:
                _negated = true;
                break;
            case MeaningKind.Only:
                TakeSolo(at, next);
                break;
            case MeaningKind.With:
                _added = true;
                _only = false;
                break;
            case MeaningKind.Long when at == _sectionEnd && !_negated:
                _wanted.Add("long " + _wanted[^1]);
                break;
            case MeaningKind.Long:
                _long = true;
                break;
            case MeaningKind.Filler or MeaningKind.Idiom:
                break;
            case MeaningKind.Instrument:
                TakeInstrument(meaning, next);
                break;
            case MeaningKind.Section:
                TakeSection(meaning.Value);
                _sectionEnd = next;
                break;
            case MeaningKind.Genre when ThingReader.IsThing(_words, meaning.Phrase, at, next):
                Forget();
                break;
            default:
                if (!_negated)
                {
                    _found.Add((meaning, at, next));
                }

                break;
        }
    }

    // "solo piano" is a band of one, and so is "piano solo" by itself; "a guitar solo" and "solo de guitarra" are a section.
    private void TakeSolo(int at, int next)
    {
        var before = at > 0 ? Lexicon.Default.At(_words, at - 1) : ([], 1);
        var afterInstrument = _words[at] is "solo" && before.Meanings.Any(meaning => meaning.Kind == MeaningKind.Instrument);
        if (afterInstrument && !_added && !_negated && StandsAlone(at) && _asked.Count == 1)
        {
            _askedOnly = true;
        }
        else if (afterInstrument)
        {
            (_negated ? _unwanted : _wanted).Add("solo");
            if (_asked.Count > 0 && !_negated)
            {
                _asked[^1] = _asked[^1] with { Solo = true };
            }
        }
        else if (_words[at] == "solo" && next < _words.Length && _words[next] is "de" or "section")
        {
            (_negated ? _unwanted : _wanted).Add("solo");
            _soloFor = !_negated;
        }
        else
        {
            _only = true;
        }
    }

    // No genre was named for the soloist to play in, and the instrument needs nobody beside it.
    private bool StandsAlone(int at)
    {
        var begins = Array.LastIndexOf(_words, ",", at) + 1;
        return _found.TrueForAll(found => found.Meaning.Kind != MeaningKind.Genre)
            && !_words[begins..at].Any(word => word is "a" or "un" or "an") && Accompanies(_asked[0]);
    }

    private static bool Accompanies(AskedInstrument asked) =>
        InstrumentCatalog.Get(asked.Slug).Role is PartRole.Chords or PartRole.Arpeggio or PartRole.Pad or PartRole.Strings;

    // "Drumless", "beatless".
    private static IReadOnlyList<string>? Lessness(string word) =>
        word.EndsWith("less", StringComparison.Ordinal)
            ? Lexicon.Default.At([word[..^4]], 0).Meanings.FirstOrDefault(meaning => meaning.Kind == MeaningKind.Instrument)?.Members
            : null;

    // "Drum-free", "guitar less"; "drums, free jazz" has a comma, and "guitar free jazz" none.
    private bool IsRefused(int next) =>
        next < _words.Length
            && (_words[next] is "less" or "off"
                || (_words[next] is "free" && (next + 1 == _words.Length || _words[next + 1] is not "jazz")));

    private void TakeInstrument(Meaning meaning, int next)
    {
        if (_negated || IsRefused(next))
        {
            _excluded.AddRange(meaning.Members);
            return;
        }

        _asked.Add(new AskedInstrument(meaning.Value, meaning.Members, _soloFor));
        _askedOnly |= _only;
        _soloFor = false;
    }

    private void TakeSection(string section)
    {
        (_negated ? _unwanted : _wanted).Add(section);
        if (_negated)
        {
            return;
        }

        if (_long)
        {
            _wanted.Add("long " + section);
            _long = false;
        }

        _sequence.Add(section);
        _form = _sequence.Count > _form.Count ? _sequence : _form;
    }

    private PromptReading Result()
    {
        var genre = GenreCatalog.Find(GenreWord()?.Value);
        var key = KeyReader.Read(_words);
        var told = _form.Count >= 3 && _form.Exists(section => section is "verse" or "chorus");
        // Nothing but instruments and moods: they are the band, if one of them can carry a song.
        var band = genre is null && !_added && _asked.Exists(Accompanies);
        return new PromptReading
        {
            Genre = genre,
            Style = StyleOf(genre),
            Mood = MoodCatalog.Find(First(MeaningKind.Mood)?.Value),
            Tempo = NumberReader.Tempo(_words) ?? (First(MeaningKind.Tempo) is { } italian ? (int)italian.Number : null),
            Pace = First(MeaningKind.Pace)?.Number ?? 0,
            Key = key.Key,
            Minor = key.Minor,
            Meter = MeterReader.Read(_words).FirstOrDefault(MeterReader.IsOffered),
            Ignored = UnofferedWishes.In(_words),
            Energy = Math.Clamp(
                _found.Where(found => found.Meaning.Kind == MeaningKind.Energy).Sum(found => found.Meaning.Number), -0.5, 0.5),
            Asked = [.. _asked.DistinctBy(asked => asked.Slug).Where(asked => !_excluded.Contains(asked.Slug)).Take(8)],
            Excluded = [.. _excluded.Distinct()],
            AskedOnly = _askedOnly || band,
            Era = First(MeaningKind.Era)?.Value,
            DurationSeconds = NumberReader.Duration(_words),
            WantedSections = [.. _wanted.Where(section => section is not ("verse" or "chorus")).Distinct()],
            UnwantedSections = [.. _unwanted.Distinct()],
            Form = told ? _form : [],
            Rising = First(MeaningKind.Rise) is not null,
            KeyChange = First(MeaningKind.KeyChange) is not null,
        };
    }

    private Meaning? First(MeaningKind kind) => _found.FirstOrDefault(found => found.Meaning.Kind == kind).Meaning;

    // The first that is named, but of two side by side the second: folk metal is metal.
    private Meaning? GenreWord()
    {
        var named = _found.Where(found => found.Meaning.Kind == MeaningKind.Genre).OrderByDescending(found => found.Meaning.Number)
            .ToList();
        var chosen = named.FirstOrDefault();
        foreach (var other in named.Where(other => other.At == chosen.Next && chosen.Meaning.Number == 0 && other.Meaning.Number == 0)
            .Take(1))
        {
            chosen = other;
        }

        return chosen.Meaning;
    }

    private Style StyleOf(Genre? genre) =>
        genre is null ? new Style()
        : _found.Where(found => found.Meaning.Kind == MeaningKind.Genre && found.Meaning.Value == genre.Slug)
            .Select(found => genre.Styles.GetValueOrDefault(found.Meaning.Phrase)).FirstOrDefault(style => style is not null)
                ?? new Style();
}
