using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Planning;

internal enum MeaningKind
{
    Genre, Mood, Instrument, Era, Pace, Tempo, Energy, Meter, Section, KeyChange, Rise, Long, With, Not, Only,
    Filler, Idiom
}

/// <summary>
/// What a phrase means. Members are what an exclusion covers; the number of a genre's word is negative where any other genre goes before
/// it.
/// </summary>
internal sealed record Meaning(MeaningKind Kind, string Phrase, string Value, IReadOnlyList<string> Members, double Number = 0);

/// <summary>All phrases that prompts are read by: those of the data files and the fixed ones below.</summary>
internal sealed class Lexicon
{
    private const int LongestPhrase = 4;

    private static readonly Lazy<Lexicon> Loaded = new(() => new Lexicon());

    private static readonly (MeaningKind Kind, string Words, double Number)[] Fixed =
    [
        (MeaningKind.Pace, "very slow|muy lenta|muy lento|super slow|slowest", -0.95),
        (MeaningKind.Pace, "slow|slowly|lenta|lento|despacio|slow tempo|pausada|pausado|down tempo|tempo lento|ballad|balada", -0.6),
        (MeaningKind.Pace, "mid tempo|midtempo|medium tempo|medio tiempo|tempo medio", 0.001),
        (MeaningKind.Pace, "fast|quick|rapida|rapido|uptempo|up tempo|fast tempo|veloz|acelerada|acelerado|speedy|ritmo rapido", 0.6),
        (MeaningKind.Pace, "very fast|muy rapida|muy rapido|super fast|frantic|frenetica|frenetico", 0.95),
        (MeaningKind.Tempo, "lento assai|larghetto", 54), (MeaningKind.Tempo, "adagio", 68), (MeaningKind.Tempo, "andante|andantino", 84),
        (MeaningKind.Tempo, "moderato", 108), (MeaningKind.Tempo, "allegretto", 116), (MeaningKind.Tempo, "allegro", 132),
        (MeaningKind.Tempo, "vivace", 160), (MeaningKind.Tempo, "presto", 180),
        (MeaningKind.Energy, "high energy|full power|hard hitting|hits hard|banger|fuerte|mucha energia|explosive|explosiva|epic drop",
        0.3),
        (MeaningKind.Energy,
        "low energy|minimal|minimalist|minimalista|sparse|simple|sencilla|background|de fondo|subtle|sutil|delicate|delicada", -0.3),
        (MeaningKind.KeyChange, "key change|modulation|modulacion|cambio de tono|cambio de tonalidad|modulating", 0),
        (MeaningKind.Rise,
        "starts quiet|starts quietly|starts soft|starts softly|starts slow|starts slowly|starts small|starts calm|starting quiet|"
            + "starting soft|builds|builds up|building up|slow build|slowly building|gradual build|gradually builds|keeps growing|"
            + "growing intensity|in crescendo|crescendo", 0),
        (MeaningKind.Rise,
        "empieza suave|empieza tranquilo|empieza tranquila|empieza lento|empieza despacio|comienza suave|comienza tranquilo|"
            + "va creciendo|creciendo|va subiendo|cada vez mas intenso|cada vez mas fuerte|de menos a mas|que crece", 0),
        (MeaningKind.Long, "long|longer|extended|larga|largo|extensa|extenso", 0),
        (MeaningKind.With, "with|con|featuring|feat|plus|including|incluye|anade|agrega|add", 0),
        (MeaningKind.Not,
        "no|without|sin|not|minus|except|excepto|menos|nada de|free of|ninguna|ningun|no quiero|don't want|avoid|evita|evitar|leave out|"
            + "quita", 0),
        (MeaningKind.Not,
        "sans|ohne|sem|senza|w/o|zero|lacking|lacks|excluding|exclude|omit|skip|remove|don't use|do not use|do not want|don't add|"
            + "do not add|doesn't have", 0),
        (MeaningKind.Not,
        "does not have|without using|quitar|quitale|quitando|elimina|excluye|excluyendo|sin usar|no uses|no incluyas|no pongas|no metas|"
            + "que no haya|prescinde de", 0),
        (MeaningKind.Only,
        "solo|only|just|solamente|unicamente|nothing but|nada mas que|a cappella de|a cappella|acapella|a capella|string quartet|"
            + "cuarteto de cuerdas|string trio|string orchestra|string ensemble|orquesta de cuerdas|for|para|for solo|para solo|duo de|"
            + "trio de|cuarteto de", 0),
        (MeaningKind.Filler,
        "and|or|nor|y|e|o|u|ni|any|the|un|una|el|la|los|las|a|an|of|de|algun|alguna|some|tampoco|&|too|so|very|muy|tan|demasiado|really|"
            + "overly|particularly|mas o menos|any kind of|ningun tipo de|music for|musica para", 0),
    ];

    private static readonly (string Words, string Meter)[] Meters =
    [
        ("3/4|waltz time|tres por cuatro|triple meter|in three", "3/4"), ("6/8|six eight|seis por ocho|compound time", "6/8"),
        ("4/4|cuatro por cuatro", "4/4"),
        ("2/4|dos por cuatro", "2/4"), ("5/4|cinco por cuatro", "5/4"), ("7/8|siete por ocho|seven eight", "7/8"),
        ("9/8|nueve por ocho", "9/8"),
        ("12/8|doce por ocho", "12/8"),
    ];

    private static readonly (string Words, string Section)[] Sections =
    [
        ("intro|introduction|introduccion|entrada", "intro"), ("bridge|puente", "bridge"), ("outro|ending|final|coda", "outro"),
        ("verse|verses|verso|versos|estrofa|estrofas", "verse"), ("chorus|choruses|hook|refrain|estribillo|estribillos", "chorus"),
        ("drop|drops|build up|buildup|build-up|build", "build"), ("breakdown|break down|break", "break"),
        ("pre chorus|prechorus|pre coro|precoro", "pre-chorus"),
        ("solo section|solos", "solo"),
    ];

    private readonly Dictionary<string, List<Meaning>> _phrases = new(StringComparer.Ordinal);

    private Lexicon()
    {
        // First: "a cappella" says both that nothing else sounds and what does.
        AddFixed();
        AddAll(MeaningKind.Idiom, Common.Data.Idioms, "", []);
        foreach (var genre in GenreCatalog.All)
        {
            var names = new[] { genre.Slug, genre.Name.En, genre.Name.Es }.Select(Words.Plain);
            foreach (var word in genre.Words.Select(Words.Plain).Concat(names).Distinct(StringComparer.Ordinal))
            {
                Add(new Meaning(MeaningKind.Genre, word, genre.Slug, [], genre.Faint.Contains(word) ? -1 : 0));
            }
        }

        foreach (var mood in MoodCatalog.All)
        {
            AddAll(MeaningKind.Mood, mood.Words.Append(mood.Slug), mood.Slug, []);
        }

        foreach (var family in Common.Data.Families)
        {
            AddAll(MeaningKind.Instrument, family.Words, family.Asked, family.Members);
        }

        foreach (var instrument in InstrumentCatalog.All)
        {
            AddAll(MeaningKind.Instrument, instrument.Words.Append(instrument.Name), instrument.Slug, [instrument.Slug]);
        }

        foreach (var era in Common.Data.Eras)
        {
            AddAll(MeaningKind.Era, era.Words, era.Name, []);
        }
    }

    public static Lexicon Default => Loaded.Value;

    /// <summary>The longest known phrase that starts at a word, and how many words it takes; empty when there is none.</summary>
    public (IReadOnlyList<Meaning> Meanings, int Words) At(string[] words, int start)
    {
        for (var length = Math.Min(LongestPhrase, words.Length - start); length > 0; length--)
        {
            if (_phrases.TryGetValue(string.Join(' ', words, start, length), out var meanings))
            {
                return (meanings, length);
            }
        }

        return ([], 1);
    }

    private void AddFixed()
    {
        foreach (var (kind, words, number) in Fixed)
        {
            foreach (var word in words.Split('|'))
            {
                Add(new Meaning(kind, Words.Plain(word), word, [], number));
            }
        }

        foreach (var (words, meter) in Meters)
        {
            AddAll(MeaningKind.Meter, words.Split('|'), meter, []);
        }

        foreach (var (words, section) in Sections)
        {
            AddAll(MeaningKind.Section, words.Split('|'), section, []);
        }
    }

    private void AddAll(MeaningKind kind, IEnumerable<string> words, string value, IReadOnlyList<string> members)
    {
        foreach (var word in words)
        {
            Add(new Meaning(kind, Words.Plain(word), value, members));
        }
    }

    // A family is added before its instruments, and stays the meaning of a word that both claim.
    private void Add(Meaning meaning)
    {
        if (!_phrases.TryGetValue(meaning.Phrase, out var meanings))
        {
            _phrases[meaning.Phrase] = meanings = [];
        }

        if (!meanings.Any(other => other.Kind == meaning.Kind))
        {
            meanings.Add(meaning);
        }
    }
}
