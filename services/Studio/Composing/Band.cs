using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Studio.Composing;

/// <summary>Who plays, when, and on what.</summary>
internal static class Band
{
    /// <summary>The chair that a voice of the plan sits in: the genre's, or the common one of its role.</summary>
    public static GenrePart Chair(Canvas canvas, PlanVoice voice)
    {
        var own = canvas.Genre.FindPart(voice.Part);
        var chair = own is not null ? canvas.Patterns.In(own) : Defaults.Chair(canvas, voice.Role) with { Id = voice.Part };
        // Parts of a role go together: two guitars play one riff.
        var takes = chair.Takes.Prepend(chair.Patterns).Index().Where(take => Patterns.Fit(take.Item, canvas.StepsPerBar))
            .ToDictionary(take => take.Index, take => take.Item);
        chair = takes.Count == 0 ? chair : chair with { Patterns = takes[canvas.Take(chair.Role, [.. takes.Keys.Order()])] };
        // Who plays alone needs more than one way of doing it.
        var few = canvas.AllAsked && Patterns.Count(chair.Patterns, canvas.StepsPerBar) < 3;
        chair = few ? chair with { Patterns = Defaults.Chair(canvas, voice.Role).Patterns } : chair;
        chair = voice.Asked ? chair with { Only = [], From = Math.Min(chair.From, 0.4), To = 1.1 } : chair;
        return IsSoloist(voice) && HasSolo(canvas) ? chair with { Only = ["solo"], From = 0 } : chair;
    }

    // The melody is the soloist's while there is a solo.
    private static bool IsSoloist(PlanVoice voice) => voice.Part.StartsWith("solo-", StringComparison.Ordinal);

    private static bool HasSolo(Canvas canvas) => canvas.Plan.Form.Any(section => section.Section == "solo");

    public static bool Plays(Canvas canvas, GenrePart part, Bar bar)
    {
        if (bar.Ending)
        {
            // Whoever played last holds the last chord.
            var before = canvas.Bars.LastOrDefault(other => !other.Ending);
            return before is null || PlaysIn(part, before.Section.Section, before.Energy)
                || part.Role is Scores.PartRole.Chords or Scores.PartRole.Pad;
        }

        var rests = part.Role == Scores.PartRole.Lead && bar.Section.Section == "solo" && part.Only.Count == 0
            && canvas.Plan.Voices.Any(IsSoloist);
        return !rests && PlaysIn(part, bar) && !Arrangement.Rests(canvas, part, bar);
    }

    /// <summary>Whether the section and its energy are the part's.</summary>
    public static bool PlaysIn(GenrePart part, Bar bar) => PlaysIn(part, bar.Section.Section, bar.Energy);

    private static bool PlaysIn(GenrePart part, string section, double energy) =>
        energy >= part.From && energy <= part.To
        && (part.Only.Count == 0 || part.Only.Contains(section) || part.Only.Contains(SectionEnergy.Material(section)));
}
