using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Studio.Planning;

/// <summary>Reads a prompt in Spanish or English, phrase by phrase; what it does not know it passes over.</summary>
internal sealed class PromptReader
{
    private readonly string[] _words;
    private readonly List<Meaning> _found = [];
    private readonly List<AskedInstrument> _asked = [];
    private readonly List<string> _excluded = [];
    private readonly List<string> _wanted = [];
    private readonly List<string> _unwanted = [];
    private bool _negated;
    private bool _only;
    private bool _askedOnly;

    private PromptReader(string prompt) => _words = Words.Split(prompt);

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
                i++;
                continue;
            }

            var (meanings, length) = Lexicon.Default.At(_words, i);
            if (meanings.Count == 0)
            {
                _negated = false;
                _only = false;
            }

            foreach (var meaning in meanings)
            {
                Take(meaning, i + length);
            }

            i += length;
        }
    }

    private void Take(Meaning meaning, int next)
    {
        switch (meaning.Kind)
        {
            case MeaningKind.Not:
                _negated = true;
                break;
            case MeaningKind.Only:
                TakeSolo(next);
                break;
            case MeaningKind.Filler:
                break;
            case MeaningKind.Instrument:
                TakeInstrument(meaning);
                break;
            case MeaningKind.Section:
                (_negated ? _unwanted : _wanted).Add(meaning.Value);
                break;
            default:
                if (!_negated)
                {
                    _found.Add(meaning);
                }

                break;
        }
    }

    // "solo piano" is a band of one; "guitar solo" and "solo de guitarra" are a section.
    private void TakeSolo(int next)
    {
        var before = next >= 2 ? Lexicon.Default.At(_words, next - 2) : ([], 1);
        var afterInstrument = before.Item1.Any(meaning => meaning.Kind == MeaningKind.Instrument) && _words[next - 1] == "solo";
        if (afterInstrument || (_words[next - 1] == "solo" && next < _words.Length && _words[next] is "de" or "section"))
        {
            (_negated ? _unwanted : _wanted).Add("solo");
        }
        else
        {
            _only = true;
        }
    }

    private void TakeInstrument(Meaning meaning)
    {
        if (_negated)
        {
            _excluded.AddRange(meaning.Members);
            return;
        }

        _asked.Add(new AskedInstrument(meaning.Value, meaning.Members));
        _askedOnly |= _only;
    }

    private PromptReading Result()
    {
        var genreWord = _found.Where(meaning => meaning.Kind == MeaningKind.Genre)
            .OrderByDescending(meaning => meaning.Number).ThenByDescending(meaning => meaning.Phrase.Count(c => c == ' ')).FirstOrDefault();
        var genre = GenreCatalog.Find(genreWord?.Value);
        var key = KeyReader.Read(_words);
        return new PromptReading
        {
            Genre = genre,
            Style = StyleOf(genre),
            Mood = MoodCatalog.Find(First(MeaningKind.Mood)?.Value),
            Tempo = NumberReader.Tempo(_words) ?? (First(MeaningKind.Tempo) is { } italian ? (int)italian.Number : null),
            Pace = First(MeaningKind.Pace)?.Number ?? 0,
            Key = key.Key,
            Minor = key.Minor,
            Meter = First(MeaningKind.Meter)?.Value,
            Energy = Math.Clamp(_found.Where(meaning => meaning.Kind == MeaningKind.Energy).Sum(meaning => meaning.Number), -0.5, 0.5),
            Asked = [.. _asked.DistinctBy(asked => asked.Slug).Where(asked => !_excluded.Contains(asked.Slug)).Take(8)],
            Excluded = [.. _excluded.Distinct()],
            AskedOnly = _askedOnly,
            Era = First(MeaningKind.Era)?.Value,
            DurationSeconds = NumberReader.Duration(_words),
            WantedSections = [.. _wanted.Distinct()],
            UnwantedSections = [.. _unwanted.Distinct()],
            KeyChange = First(MeaningKind.KeyChange) is not null,
        };
    }

    private Meaning? First(MeaningKind kind) => _found.FirstOrDefault(meaning => meaning.Kind == kind);

    private Style StyleOf(Genre? genre) =>
        genre is null ? new Style()
        : _found.Where(meaning => meaning.Kind == MeaningKind.Genre && meaning.Value == genre.Slug)
            .Select(meaning => genre.Styles.GetValueOrDefault(meaning.Phrase)).FirstOrDefault(style => style is not null) ?? new Style();
}
