using Son1kVers3.Studio.Composing;
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
        var waiting = reading.Asked.ToList();
        var voices = new List<PlanVoice>();
        foreach (var part in genre.Parts)
        {
            var present = dice.Chance(part.Chance);
            var choices = part.Instruments.Where(slug => !reading.Excluded.Contains(slug)).ToList();
            var usual = choices.Count > 0 ? dice.Pick(choices) : null;
            var asked = waiting.FirstOrDefault(wish => Match(part, wish) is not null);
            if (asked is not null)
            {
                waiting.Remove(asked);
                voices.Add(new PlanVoice(part.Id, Match(part, asked)!, part.Role) { Asked = true });
            }
            else if (present && usual is not null && !reading.AskedOnly)
            {
                voices.Add(new PlanVoice(part.Id, choices.FirstOrDefault(slug => era?.Instruments.Contains(slug) == true) ?? usual, part.Role));
            }
        }

        foreach (var slug in waiting.Select(wish => wish.Slug))
        {
            voices.Add(Extra(slug, voices));
        }

        if (reading.AskedOnly)
        {
            Complete(voices);
        }

        if (sung)
        {
            voices.RemoveAll(voice => voice.Role == PartRole.Voice);
            voices.Add(new PlanVoice("voice", "voice-oohs", PartRole.Voice));
        }

        return voices.Count > 0 ? [.. voices.Take(MostVoices)] : Fallback(reading);
    }

    // A chair takes what it lists, or an instrument that plays its role by nature.
    private static string? Match(GenrePart part, AskedInstrument wish)
    {
        var natural = InstrumentCatalog.Get(wish.Slug).Role == part.Role && part.Role is PartRole.Lead or PartRole.Bass or PartRole.Drums or PartRole.Percussion;
        return part.Instruments.Contains(wish.Slug) ? wish.Slug
            : part.Instruments.FirstOrDefault(wish.Members.Contains) ?? (natural && !wish.Members.Intersect(part.Instruments).Any() ? wish.Slug : null);
    }

    private static PlanVoice Extra(string slug, List<PlanVoice> voices)
    {
        var role = InstrumentCatalog.Get(slug).Role;
        role = role == PartRole.Voice ? PartRole.Pad : role;
        var lead = role == PartRole.Lead && voices.Any(voice => voice.Role == PartRole.Lead);
        return new PlanVoice($"asked-{slug}", slug, lead ? PartRole.Counter : role) { Asked = true };
    }

    // A band of one or two still has a melody and something under it: the same instrument takes both.
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
        string[] soft = ["grand-piano", "nylon-guitar", "warm-pad", "strings", "harp", "vibraphone", "flute", "marimba", "organ", "choir", "accordion", "kalimba"];
        var slug = soft.FirstOrDefault(candidate => !reading.Excluded.Contains(candidate))
            ?? InstrumentCatalog.All.FirstOrDefault(instrument => !reading.Excluded.Contains(instrument.Slug))?.Slug ?? "grand-piano";
        return [new PlanVoice("asked-chords", slug, PartRole.Chords) { Asked = true }, new PlanVoice("asked-lead", slug, PartRole.Lead) { Asked = true }];
    }
}
