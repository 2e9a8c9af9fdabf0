using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Studio.Composing;

/// <summary>Turns the form and the sketch's progressions into bars.</summary>
internal static class BarBuilder
{
    public static IReadOnlyList<Bar> Build(Plan plan, int stepsPerBar)
    {
        var key = plan.Key;
        var bars = new List<Bar>();
        for (var s = 0; s < plan.Form.Count; s++)
        {
            var section = plan.Form[s];
            var progression = Chord.Progression(HarmonyOf(plan.Sketch, section.Section));
            for (var b = 0; b < section.Bars; b++)
            {
                var rise = section.Section is "build" or "pre-chorus" ? 0.14 : 0.05;
                bars.Add(new Bar
                {
                    Index = bars.Count,
                    SectionIndex = s,
                    Section = section,
                    InSection = b,
                    Key = key.Transpose(section.KeyShift),
                    Chords = Spread(progression[b % progression.Count], stepsPerBar),
                    Energy = Math.Min(1, section.Energy + (rise * b / section.Bars)),
                    Ending = false,
                });
            }
        }

        Close(bars, plan, stepsPerBar);
        return bars;
    }

    /// <summary>The progression of a section kind, borrowed from its relative when it has none of its own.</summary>
    private static string HarmonyOf(Sketch sketch, string section) =>
        sketch.Harmony.TryGetValue(section, out var own) ? own
        : sketch.Harmony.TryGetValue(SectionEnergy.Material(section), out var related) ? related
        : sketch.Harmony["chorus"];

    // The last bar is the tonic, and the one before it leads there.
    private static void Close(List<Bar> bars, Plan plan, int stepsPerBar)
    {
        var last = bars[^1];
        var tonic = plan.Sketch.Harmony.GetValueOrDefault("tonic") ?? FinalTonic(plan);
        bars[^1] = last with { Ending = true, Chords = Spread([Chord.Parse(tonic)], stepsPerBar) };
        if (bars.Count > 2 && plan.Sketch.Harmony.TryGetValue("cadence", out var cadence))
        {
            var chords = Chord.Progression(cadence)[0];
            bars[^2] = bars[^2] with { Chords = Spread(chords, stepsPerBar) };
        }
    }

    private static string FinalTonic(Plan plan)
    {
        // Keep the colour of the style: a tonic with a seventh where the progressions have one.
        var first = Chord.Progression(plan.Sketch.Harmony["chorus"]).SelectMany(bar => bar).FirstOrDefault(chord => chord.Root == 0);
        return first is not null && first.IsMinor == plan.Key.Minor ? first.Numeral : plan.Key.Minor ? "i" : "I";
    }

    private static List<ChordSpan> Spread(IReadOnlyList<Chord> chords, int stepsPerBar)
    {
        var each = stepsPerBar / chords.Count;
        return [.. chords.Select((chord, i) => new ChordSpan(i * each, i == chords.Count - 1 ? stepsPerBar - (i * each) : each, chord))];
    }
}
