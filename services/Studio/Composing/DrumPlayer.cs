using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Studio.Composing;

/// <summary>Plays the genre's grooves: fills in last bars, a crash where a section starts, strokes that come now and then.</summary>
internal static class DrumPlayer
{
    private static readonly Dictionary<string, int> Pitches = new(StringComparer.Ordinal)
    {
        ["kick"] = 36,
        ["kick2"] = 35,
        ["rim"] = 37,
        ["snare"] = 38,
        ["clap"] = 39,
        ["snare2"] = 40,
        ["floor"] = 41,
        ["hat"] = 42,
        ["lowtom"] = 45,
        ["pedal"] = 44,
        ["open"] = 46,
        ["tom"] = 47,
        ["hightom"] = 50,
        ["crash"] = 49,
        ["ride"] = 51,
        ["china"] = 52,
        ["bell"] = 53,
        ["tambourine"] = 54,
        ["splash"] = 55,
        ["cowbell"] = 56,
        ["crash2"] = 57,
        ["ride2"] = 59,
        ["hibongo"] = 60,
        ["lobongo"] = 61,
        ["muteconga"] = 62,
        ["hiconga"] = 63,
        ["loconga"] = 64,
        ["hitimbale"] = 65,
        ["lotimbale"] = 66,
        ["agogo"] = 67,
        ["loagogo"] = 68,
        ["cabasa"] = 69,
        ["maracas"] = 70,
        ["guiro"] = 73,
        ["longguiro"] = 74,
        ["claves"] = 75,
        ["hiblock"] = 76,
        ["loblock"] = 77,
        ["triangle"] = 81,
        ["shaker"] = 82,
    };

    /// <summary>No human is as exact as this.</summary>
    private const double MachineLooseness = 2;

    // What is struck with a stick, the most telling first: crash, snare and toms, bell and cymbals, time keeping last.
    private static readonly int[] InHand = [49, 57, 52, 55, 38, 40, 37, 50, 47, 45, 41, 65, 66, 46, 53, 56, 51, 59, 42];

    /// <summary>Whether a genre file may use this name.</summary>
    public static bool Knows(string line) => Pitches.ContainsKey(line);

    public static IEnumerable<StepNote> Play(Canvas canvas, GenrePart part)
    {
        var grooves = Defaults.Grooves(canvas, part);
        foreach (var bar in canvas.Bars.Where(bar => Band.Plays(canvas, part, bar)))
        {
            var dice = canvas.Dice(part.Id, bar, FormattableString.Invariant($"bar{bar.InSection}"));
            var start = bar.Index * canvas.StepsPerBar;
            if (bar.Ending)
            {
                foreach (var note in Final(part, start, bar.Energy))
                {
                    yield return note;
                }

                continue;
            }

            foreach (var note in HandsOf(canvas, part, Bar(canvas, part, grooves, bar, dice)))
            {
                yield return note with { Step = note.Step + start };
            }
        }
    }

    private static IEnumerable<StepNote> Bar(Canvas canvas, GenrePart part, IReadOnlyList<Groove> grooves, Bar bar, Dice dice)
    {
        var groove = grooves.LastOrDefault(groove => groove.At <= bar.Energy) ?? grooves[0];
        var fill = FillOf(canvas, part, bar, dice);
        foreach (var (line, strokes) in groove.Lines.OrderBy(line => line.Key, StringComparer.Ordinal))
        {
            foreach (var note in Line(line, strokes, bar, canvas.StepsPerBar, fill?.SilentFrom(line) ?? canvas.StepsPerBar, dice))
            {
                yield return note;
            }
        }

        foreach (var note in fill is null ? [] : Strokes(fill))
        {
            yield return note;
        }

        if (part.Role == Scores.PartRole.Drums && bar.First && bar.Index > 0 && bar.Energy > 0.5)
        {
            yield return new StepNote(0, 8, Pitches["crash"], 0.72);
        }
    }

    /// <summary>
    /// A drummer has two hands: where more is written, time keeping waits. Machines, and who claps or shakes beside the kit, have as many
    /// as they like.
    /// </summary>
    private static IEnumerable<StepNote> HandsOf(Canvas canvas, GenrePart part, IEnumerable<StepNote> written)
    {
        if (part.Role != Scores.PartRole.Drums || canvas.Genre.Looseness <= MachineLooseness)
        {
            return written;
        }

        return written.GroupBy(note => note.Step).SelectMany(group =>
        {
            var hands = group.Where(note => InHand.Contains(note.Pitch)).DistinctBy(note => note.Pitch)
                .OrderBy(note => Array.IndexOf(InHand, note.Pitch)).Take(2).ToList();
            return group.Where(note => !InHand.Contains(note.Pitch)).Concat(hands);
        });
    }

    private static IEnumerable<StepNote> Line(string line, string strokes, Bar bar, int stepsPerBar, int until, Dice dice)
    {
        var offset = bar.InSection * stepsPerBar % strokes.Length;
        for (var step = 0; step < stepsPerBar; step++)
        {
            var stroke = strokes[offset + step];
            var accent = Patterns.Accent(stroke);
            var sounds = accent > 0 && (stroke != '?' || dice.Chance(0.4));
            if (sounds && step < until)
            {
                yield return new StepNote(step, 1, Pitches[line], accent);
            }
        }
    }

    // A fill ends a section, and a smaller one every eighth bar.
    private static Fill? FillOf(Canvas canvas, GenrePart part, Bar bar, Dice dice)
    {
        var fills = Defaults.Fills(canvas);
        var wanted = bar.Last || (bar.InSection % 8 == 7 && dice.Chance(0.5));
        return !wanted || part.Role != Scores.PartRole.Drums || fills.Count == 0 || bar.Energy < 0.4 ? null : new Fill(dice.Pick(fills));
    }

    private static IEnumerable<StepNote> Strokes(Fill fill) =>
        from line in fill.Lines.OrderBy(line => line.Key, StringComparer.Ordinal)
        from step in Enumerable.Range(0, line.Value.Length)
        let accent = Patterns.Accent(line.Value[step])
        where accent > 0
        select new StepNote(step, 1, Pitches[line.Key], accent);

    private static IEnumerable<StepNote> Final(GenrePart part, int start, double energy)
    {
        if (part.Role == Scores.PartRole.Drums)
        {
            yield return new StepNote(start, 8, Pitches["kick"], 0.8);
            yield return new StepNote(start, 24, Pitches["crash"], energy > 0.4 ? 0.75 : 0.5);
        }
    }

    /// <summary>Strokes that stand in for the groove.</summary>
    private sealed record Fill(IReadOnlyDictionary<string, string> Lines)
    {
        private readonly int hands = Lines.Where(line => !IsFoot(line.Key))
            .SelectMany(line => line.Value.Select((stroke, step) => Patterns.Accent(stroke) > 0 ? step : int.MaxValue))
            .DefaultIfEmpty(int.MaxValue).Min();

        /// <summary>
        /// The step from which the groove's line is silent: the hands keep time until they are needed, the foot plays one pattern or the
        /// other.
        /// </summary>
        public int SilentFrom(string line) => IsFoot(line) && Lines.ContainsKey(line) ? 0 : hands;

        private static bool IsFoot(string line) => line is "kick" or "kick2" or "pedal";
    }
}
