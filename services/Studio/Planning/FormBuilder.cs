using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Lyrics;

namespace Son1kVers3.Studio.Planning;

/// <summary>What a form has to fulfil.</summary>
internal sealed record FormConstraints(Genre Genre, double DurationSeconds, double BarSeconds, double Energy)
{
    public IReadOnlyList<string> RequiredSections { get; init; } = [];

    public IReadOnlyList<string> ExcludedSections { get; init; } = [];

    /// <summary>The form that the prompt tells section by section; empty for one of the genre's.</summary>
    public IReadOnlyList<string> GivenForm { get; init; } = [];

    /// <summary>Begins quietly and grows to the end.</summary>
    public bool Rising { get; init; }

    public bool KeyChange { get; init; }

    public LyricSheet? Sung { get; init; }
}

/// <summary>Lays out the sections of a piece with their start, bars and energy.</summary>
internal static class FormBuilder
{
    /// <summary>Pieces shorter than this don't change key.</summary>
    private const double KeyChangeFrom = 75;

    public static IReadOnlyList<PlanSection> Build(FormConstraints constraints, Dice dice)
    {
        var bars = FormFitter.BarsBeforeEnd(constraints.DurationSeconds, constraints.BarSeconds);
        IReadOnlyList<string> forms = constraints.Sung is not null ? constraints.Sung.Forms(constraints.Genre.Forms)
            : constraints.GivenForm.Count > 0 ? [string.Join(' ', constraints.GivenForm)]
            : [.. constraints.Genre.Forms.Select(form => Adjust(form, constraints, bars)).Distinct()];
        var fitted = FormFitter.Fit(
            forms, bars, dice, constraints.Genre.Strophe, constraints.Sung is null ? FormFitter.Wide : FormFitter.Close);
        var sections = Place(Joined(fitted, constraints), 0, constraints);
        sections = constraints.Sung is null ? sections : Assign(constraints.Sung, sections);
        return constraints.KeyChange && constraints.DurationSeconds >= KeyChangeFrom ? Lift(sections) : sections;
    }

    /// <summary>Sections with their start and energy, from <paramref name="firstBar"/> on.</summary>
    public static List<PlanSection> Place(IReadOnlyList<(string Section, int Bars)> fitted, int firstBar, FormConstraints constraints)
    {
        var sections = new List<PlanSection>(fitted.Count);
        var bar = firstBar;
        double last = Math.Max(1, firstBar + fitted.Sum(section => section.Bars));
        foreach (var (section, bars) in fitted)
        {
            var occurrence = sections.Count(other => other.Section == section);
            var curve = SectionEnergy.Of(section, occurrence, fitted.Count(other => other.Section == section));
            var grown = Grown(curve, (bar + (bars / 2.0)) / last, constraints);
            sections.Add(new PlanSection(section, Math.Round(bar * constraints.BarSeconds, 3), bars)
            {
                Energy = Math.Round(Math.Clamp(grown + ((constraints.Energy - constraints.Genre.Energy) * 0.2), 0.1, 1), 3),
            });
            bar += bars;
        }

        return sections;
    }

    // Half the usual curve, half a straight line up.
    private static double Grown(double curve, double share, FormConstraints constraints) =>
        constraints.Rising ? (0.45 * curve) + (0.55 * (0.2 + (0.8 * share))) : curve;

    // A long intro is two in one.
    private static List<(string Section, int Bars)> Joined(IReadOnlyList<(string Section, int Bars)> fitted, FormConstraints constraints)
    {
        var joined = new List<(string Section, int Bars)>(fitted.Count);
        foreach (var (section, bars) in fitted)
        {
            if (joined.Count > 0 && joined[^1].Section == section && constraints.RequiredSections.Contains($"long {section}"))
            {
                joined[^1] = (section, joined[^1].Bars + bars);
            }
            else
            {
                joined.Add((section, bars));
            }
        }

        return joined;
    }

    // Structure that the prompt asked for, where there is room for it.
    private static string Adjust(string form, FormConstraints constraints, int bars)
    {
        var sections = form.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(section => !constraints.ExcludedSections.Contains(section)).ToList();
        foreach (var wanted in constraints.RequiredSections.Where(wanted => bars >= 12 && !sections.Contains(wanted)))
        {
            // A long one comes beside the one that is there.
            var section = wanted.StartsWith("long ", StringComparison.Ordinal) ? wanted[5..] : wanted;
            var chorus = sections.LastIndexOf("chorus");
            sections.Insert(section == "intro" ? 0 : section == "outro" ? sections.Count
                : Math.Max(0, sections.Contains(section) ? sections.IndexOf(section) : chorus), section);
        }

        return sections.Count > 0 ? string.Join(' ', sections) : "chorus";
    }

    // Says which section sings which stanza. Choruses come again; other stanzas come again only when all have been sung.
    private static List<PlanSection> Assign(LyricSheet sheet, IReadOnlyList<PlanSection> sections)
    {
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        var assigned = new List<PlanSection>(sections.Count);
        foreach (var section in sections)
        {
            var own = Enumerable.Range(0, sheet.Blocks.Count)
                .Where(i => sheet.Blocks[i].Kind == section.Section && sheet.Blocks[i].Lines.Count > 0).ToList();
            var turn = used.GetValueOrDefault(section.Section);
            used[section.Section] = turn + 1;
            assigned.Add(own.Count == 0 ? section : section with { LyricBlock = own[turn % own.Count] });
        }

        return assigned;
    }

    // The last chorus and what follows it, a whole tone up.
    private static List<PlanSection> Lift(List<PlanSection> sections)
    {
        var last = sections.FindLastIndex(section => section.Section == "chorus");
        var choruses = sections.Count(section => section.Section == "chorus");
        return choruses < 2 ? sections : [.. sections.Select((section, i) => i >= last ? section with { KeyShift = 2 } : section)];
    }
}
