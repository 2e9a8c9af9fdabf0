using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Planning;

/// <summary>Chooses the band: the genre's chairs, the instruments that were asked for, none that were excluded.</summary>
internal static class Casting
{
    /// <summary>The synthesiser has sixteen channels, one of them for the kit.</summary>
    public const int MostVoices = 15;

    /// <summary>The voices of a piece; never empty.</summary>
    public static IReadOnlyList<PlanVoice> Cast(Genre genre, PromptReading reading, Dice dice, bool sung)
    {
        var era = Common.Data.Eras.FirstOrDefault(candidate => candidate.Name == reading.Era);
        var seats = Seats(genre, reading);
        var voices = new List<PlanVoice>();
        foreach (var part in genre.Parts)
        {
            var present = dice.Chance(part.Chance);
            var allowed = part.Instruments.Where(slug => !reading.Excluded.Contains(slug) && !reading.Style.Without.Contains(slug));
            var choices = Free(genre, part, [.. allowed], [.. seats.Values.Select(taken => taken.Slug)], voices);
            var usual = choices.Count > 0 ? dice.Pick(choices) : null;
            if (seats.TryGetValue(part.Id, out var seat))
            {
                voices.Add(new PlanVoice(part.Id, seat.Slug, part.Role) { Asked = true });
            }
            else if (present && usual is not null && !reading.AskedOnly)
            {
                voices.Add(
                    new PlanVoice(part.Id, choices.FirstOrDefault(slug => era?.Instruments.Contains(slug) == true) ?? usual, part.Role));
            }
        }

        foreach (var wish in Wishes(reading).Where(wish => !seats.Values.Any(seat => seat.Wish.Slug == wish.Slug)))
        {
            voices.Add(wish.Solo ? Soloist(genre, wish) : Extra(wish.Slug, voices));
        }

        voices = reading.AskedOnly ? Alone(genre, reading, voices) : voices;
        if (sung)
        {
            voices.RemoveAll(voice => voice.Role == PartRole.Voice);
            voices.Add(new PlanVoice("voice", "voice-oohs", PartRole.Voice));
        }

        return voices.Count > 0 ? [.. voices.Take(MostVoices)] : Fallback(reading);
    }

    /// <summary>
    /// The same band with who is asked for and without who is excluded; a chair that loses its instrument takes another one of its own.
    /// </summary>
    public static IReadOnlyList<PlanVoice> Change(
        Genre genre, IReadOnlyList<PlanVoice> band, IReadOnlyList<AskedInstrument> asked, IReadOnlyList<string> excluded)
    {
        var voices = new List<PlanVoice>();
        foreach (var voice in band)
        {
            var choices = (genre.FindPart(voice.Part)?.Instruments ?? []).Except(excluded);
            var instrument = excluded.Contains(voice.Instrument)
                ? choices.OrderBy(slug => band.Concat(voices).Any(other => other.Instrument == slug)).FirstOrDefault()
                : voice.Instrument;
            if (instrument is not null)
            {
                voices.Add(voice with { Instrument = instrument });
            }
        }

        foreach (var wish in asked.Where(wish => !voices.Exists(voice => voice.Instrument == wish.Slug)))
        {
            var newcomer = wish.Solo ? Soloist(genre, wish) : Extra(wish.Slug, voices);
            // There is one kit and one bass.
            var seat = newcomer.Role is PartRole.Drums or PartRole.Bass ? voices.FindIndex(voice => voice.Role == newcomer.Role) : -1;
            if (seat >= 0)
            {
                voices[seat] = voices[seat] with { Instrument = wish.Slug, Asked = true };
            }
            else
            {
                voices.Add(newcomer);
            }
        }

        return voices.Count > 0 ? [.. voices.Take(MostVoices)] : Fallback(new PromptReading { Excluded = excluded });
    }

    // One instrument sits in one chair, unless the style doubles it. The melody is played all the same.
    private static List<string> Free(
        Genre genre, GenrePart part, IReadOnlyList<string> allowed, IReadOnlyList<string> asked, IReadOnlyList<PlanVoice> seated)
    {
        if (seated.FirstOrDefault(voice => voice.Part == part.Doubles) is { } doubled && allowed.Contains(doubled.Instrument))
        {
            return [doubled.Instrument];
        }

        var free = allowed.Where(slug => !asked.Contains(slug) && !seated.Any(voice => voice.Instrument == slug)).ToList();
        var left = free.Where(slug => !genre.Parts.Any(other => other != part && other.Instruments is [var only] && only == slug)).ToList();
        return left.Count > 0 ? left : free.Count > 0 || part.Role != PartRole.Lead ? free : [.. allowed];
    }

    // What was asked for, then what the sub-genre is known by.
    private static List<AskedInstrument> Wishes(PromptReading reading) =>
    [
        .. reading.Asked,
        .. reading.Style.Instruments.Where(
            slug => !reading.AskedOnly && !reading.Excluded.Contains(slug) && !reading.Asked.Any(asked => asked.Members.Contains(slug)))
            .Select(slug => new AskedInstrument(slug, [slug])),
    ];

    // Each wish takes the chair that suits it best and is free.
    private static Dictionary<string, (AskedInstrument Wish, string Slug)> Seats(Genre genre, PromptReading reading)
    {
        var seats = new Dictionary<string, (AskedInstrument, string)>(StringComparer.Ordinal);
        foreach (var wish in Wishes(reading))
        {
            // Who plays a solo has the melody.
            var chair = genre.Parts.Where(part => !seats.ContainsKey(part.Id) && (!wish.Solo || part.Role == PartRole.Lead))
                .Select(part => (Part: part, Match: Match(part, wish, reading))).Where(entry => entry.Match.Slug is not null)
                .OrderByDescending(entry => entry.Match.Fit).FirstOrDefault();
            if (chair.Part is not null && (!wish.Solo || chair.Match.Fit > 1))
            {
                seats[chair.Part.Id] = (wish, chair.Match.Slug!);
            }
        }

        return seats;
    }

    // A chair takes what it lists, or an instrument that plays its role by nature.
    private static (string? Slug, int Fit) Match(GenrePart part, AskedInstrument wish, PromptReading reading)
    {
        if (part.Instruments.Contains(wish.Slug))
        {
            return (wish.Slug, 3);
        }

        var member = part.Instruments.FirstOrDefault(slug => wish.Members.Contains(slug) && !reading.Excluded.Contains(slug));
        var own = InstrumentCatalog.Get(wish.Slug).Role;
        var natural = (own == part.Role && own is PartRole.Lead or PartRole.Bass or PartRole.Drums or PartRole.Percussion)
            || (own == PartRole.Voice && part.Role == PartRole.Lead);
        return member is not null ? (member, own == part.Role || wish.Solo ? 2 : 1) : natural ? (wish.Slug, 1) : (null, 0);
    }

    // Of a family, the one that the style plays.
    private static PlanVoice Soloist(Genre genre, AskedInstrument wish) =>
        new($"solo-{wish.Slug}", genre.Parts.SelectMany(part => part.Instruments).FirstOrDefault(wish.Members.Contains)
            ?? wish.Slug, PartRole.Lead)
        { Asked = true };

    // A family by itself is an ensemble; a band of one or two still has a melody and something under it.
    private static List<PlanVoice> Alone(Genre genre, PromptReading reading, List<PlanVoice> voices)
    {
        var family = reading.Asked.Count == 1
            ? Common.Data.Families.FirstOrDefault(family => family.Asked == reading.Asked[0].Slug
                && family.Members.SequenceEqual(reading.Asked[0].Members)) : null;
        var ensemble = family?.Ensemble?.Where(seat => !reading.Excluded.Contains(seat.Instrument)).ToList();
        if (ensemble is { Count: > 0 })
        {
            return [.. ensemble.Select(seat => new PlanVoice(Chair(genre, seat)
                ?? $"asked-{seat.Instrument}", seat.Instrument, seat.Role) { Asked = true })];
        }

        Complete(voices);
        return voices;
    }

    private static string? Chair(Genre genre, EnsembleSeat seat) =>
        genre.Parts.FirstOrDefault(part => part.Role == seat.Role && part.Instruments.Contains(seat.Instrument))?.Id;

    private static PlanVoice Extra(string slug, List<PlanVoice> voices)
    {
        var role = InstrumentCatalog.Get(slug).Role;
        role = role == PartRole.Voice ? PartRole.Pad : role;
        var lead = role == PartRole.Lead && voices.Any(voice => voice.Role == PartRole.Lead);
        return new PlanVoice($"asked-{slug}", slug, lead ? PartRole.Counter : role) { Asked = true };
    }

    // The same instrument takes both.
    private static void Complete(List<PlanVoice> voices)
    {
        var first = voices.FirstOrDefault(voice => voice.Role is not (PartRole.Drums or PartRole.Percussion or PartRole.Bass));
        if (first is null)
        {
            return;
        }

        if (!voices.Any(voice => voice.Role is PartRole.Lead))
        {
            voices.Add(new PlanVoice($"asked-lead-{first.Instrument}", first.Instrument, PartRole.Lead) { Asked = true });
        }

        if (!voices.Any(voice => voice.Role is PartRole.Chords or PartRole.Arpeggio or PartRole.Pad))
        {
            voices.Add(new PlanVoice($"asked-chords-{first.Instrument}", first.Instrument, PartRole.Chords) { Asked = true });
        }
    }

    // Everything was excluded: something soft that is not on the list, or at last the piano.
    private static List<PlanVoice> Fallback(PromptReading reading)
    {
        string[] soft = ["grand-piano", "nylon-guitar", "warm-pad", "strings", "harp", "vibraphone", "flute", "marimba", "organ", "choir",
            "accordion", "kalimba"];
        var slug = soft.FirstOrDefault(candidate => !reading.Excluded.Contains(candidate))
            ?? InstrumentCatalog.All.FirstOrDefault(instrument => !reading.Excluded.Contains(instrument.Slug))?.Slug ?? "grand-piano";
        return [new PlanVoice("asked-chords", slug, PartRole.Chords) { Asked = true },
            new PlanVoice("asked-lead", slug, PartRole.Lead) { Asked = true }];
    }
}
