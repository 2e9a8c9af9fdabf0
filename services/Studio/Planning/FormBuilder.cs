using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Lyrics;

namespace Son1kVers3.Studio.Planning;

/// <summary>What a form has to fulfil.</summary>
internal sealed record FormWish(Genre Genre, double DurationSeconds, double BarSeconds, double Energy)
{
    public IReadOnlyList<string> Wanted { get; init; } = [];

    public IReadOnlyList<string> Unwanted { get; init; } = [];

    public bool KeyChange { get; init; }

    public LyricSheet? Sung { get; init; }
}

/// <summary>Lays out the sections of a piece with their start, bars and energy.</summary>
internal static class FormBuilder
{
    /// <summary>Pieces shorter than this don't change key.</summary>
    private const double KeyChangeFrom = 75;

    public static IReadOnlyList<PlanSection> Build(FormWish wish, Dice dice)
    {
        var bars = FormFitter.BarsBeforeEnd(wish.DurationSeconds, wish.BarSeconds);
        var forms = wish.Sung is null ? wish.Genre.Forms : wish.Sung.Forms(wish.Genre.Forms);
        var fitted = FormFitter.Fit([.. forms.Select(form => Adjust(form, wish, bars)).Distinct()], bars, dice, wish.Genre.Strophe);
        var sections = Place(fitted, 0, wish);
        sections = wish.Sung is null ? sections : wish.Sung.Assign(sections);
        return wish.KeyChange && wish.DurationSeconds >= KeyChangeFrom ? Lift(sections) : sections;
    }

    /// <summary>Sections with their start and energy, from <paramref name="firstBar"/> on.</summary>
    public static List<PlanSection> Place(IReadOnlyList<(string Section, int Bars)> fitted, int firstBar, FormWish wish)
    {
        var sections = new List<PlanSection>(fitted.Count);
        var bar = firstBar;
        foreach (var (section, bars) in fitted)
        {
            var occurrence = sections.Count(other => other.Section == section);
            var curve = SectionEnergy.Of(section, occurrence, fitted.Count(other => other.Section == section));
            sections.Add(new PlanSection(section, Math.Round(bar * wish.BarSeconds, 3), bars)
            {
                Energy = Math.Round(Math.Clamp(curve + ((wish.Energy - wish.Genre.Energy) * 0.2), 0.1, 1), 3),
            });
            bar += bars;
        }

        return sections;
    }

    // Structure that the prompt asked for, where there is room for it.
    private static string Adjust(string form, FormWish wish, int bars)
    {
        var sections = form.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(section => !wish.Unwanted.Contains(section)).ToList();
        foreach (var wanted in wish.Wanted.Where(wanted => !sections.Contains(wanted) && bars >= 12))
        {
            var chorus = sections.LastIndexOf("chorus");
            sections.Insert(wanted == "intro" ? 0 : wanted == "outro" ? sections.Count : Math.Max(0, chorus), wanted);
        }

        return sections.Count > 0 ? string.Join(' ', sections) : "chorus";
    }

    // The last chorus and what follows it, a whole tone up.
    private static List<PlanSection> Lift(List<PlanSection> sections)
    {
        var last = sections.FindLastIndex(section => section.Section == "chorus");
        var choruses = sections.Count(section => section.Section == "chorus");
        return choruses < 2 ? sections : [.. sections.Select((section, i) => i >= last ? section with { KeyShift = 2 } : section)];
    }
}
