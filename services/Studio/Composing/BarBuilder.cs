using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>Turns the form and the sketch's progressions into bars.</summary>
internal static class BarBuilder
{
    public static IReadOnlyList<Bar> Build(Plan plan)
    {
        var (key, meter) = (plan.Key, plan.TimeSignature);
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
                    Chords = Spread(progression[b % progression.Count], meter),
                    Energy = Math.Min(1, section.Energy + (rise * b / section.Bars)),
                    Ending = false,
                });
            }
        }

        Close(bars, plan);
        return bars;
    }

    /// <summary>The progression of a section kind, borrowed from its relative when it has none of its own.</summary>
    private static string HarmonyOf(Sketch sketch, string section) =>
        sketch.Harmony.TryGetValue(section, out var own) ? own
        : sketch.Harmony.TryGetValue(SectionEnergy.Material(section), out var related) ? related
        : sketch.Harmony["chorus"];

    // The last bar is the tonic, and the one before it leads there.
    private static void Close(List<Bar> bars, Plan plan)
    {
        var last = bars[^1];
        var tonic = plan.Sketch.Harmony.GetValueOrDefault("tonic") ?? FinalTonic(plan);
        bars[^1] = last with { Ending = true, Chords = Spread([Chord.Parse(tonic)], plan.TimeSignature) };
        if (bars.Count > 2 && plan.Sketch.Harmony.TryGetValue("cadence", out var cadence))
        {
            var chords = Chord.Progression(cadence)[0];
            bars[^2] = bars[^2] with { Chords = Spread(chords, plan.TimeSignature) };
        }
    }

    private static string FinalTonic(Plan plan)
    {
        // Keep the colour of the style: a tonic with a seventh where the progressions have one.
        var first = Chord.Progression(plan.Sketch.Harmony["chorus"]).SelectMany(bar => bar).FirstOrDefault(chord => chord.Root == 0);
        return first is not null && first.IsMinor == plan.Key.Minor ? first.Numeral : plan.Key.Minor ? "i" : "I";
    }

    // Chords of one bar share it evenly; where its halves are not alike, each begins on a beat.
    private static List<ChordSpan> Spread(IReadOnlyList<Chord> chords, TimeSignature meter)
    {
        var starts = chords.Select((_, i) => Start(i, chords.Count, meter)).Append(meter.StepsPerBar).ToList();
        return [.. chords.Select((chord, i) => new ChordSpan(starts[i], starts[i + 1] - starts[i], chord))];
    }

    private static int Start(int index, int count, TimeSignature meter)
    {
        var even = index * (meter.StepsPerBar / count);
        return !meter.IsUneven ? even : count == 2 ? index * meter.Middle : meter.Beats.Last(beat => beat <= even);
    }
}
