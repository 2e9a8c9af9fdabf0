using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Studio.Planning;

/// <summary>Lays out the sections of a piece with their start, bars and energy.</summary>
internal static class FormBuilder
{
    public static IReadOnlyList<PlanSection> Build(Genre genre, double durationSeconds, double barSeconds, Dice dice, double energy)
    {
        var fitted = FormFitter.Fit(genre.Forms, FormFitter.BarsBeforeEnd(durationSeconds, barSeconds), dice);
        var sections = new List<PlanSection>(fitted.Count);
        var bar = 0;
        foreach (var (section, bars) in fitted)
        {
            var occurrence = sections.Count(other => other.Section == section);
            var curve = SectionEnergy.Of(section, occurrence, fitted.Count(other => other.Section == section));
            sections.Add(new PlanSection(section, Math.Round(bar * barSeconds, 3), bars)
            {
                Energy = Math.Round(Math.Clamp(curve + ((energy - genre.Energy) * 0.25), 0.1, 1), 3),
            });
            bar += bars;
        }

        return sections;
    }
}
