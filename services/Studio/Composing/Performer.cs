using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>
/// Plays what is written the way people do: swing, push and drag, small errors of time and touch, louder where the piece rises.
/// </summary>
internal static class Performer
{
    /// <summary>How much of a player's lateness goes on to the next note: people hurry and drag for a while, not at random.</summary>
    private const double Inertia = 0.6;

    /// <summary>What a player adds to the band's drift; their squares sum to one.</summary>
    private const double OwnShare = 0.6;

    public static List<Note> Perform(Canvas canvas, GenrePart part, PlanVoice voice, IEnumerable<StepNote> written)
    {
        var dice = canvas.Dice(part.Id, "hands");
        var end = ((canvas.Bars.Count - 1) * canvas.StepsPerBar) + canvas.RingSteps;
        var notes = new List<Note>();
        var drift = 0.0;
        foreach (var group in written.OrderBy(note => note.Step).ThenBy(note => note.Pitch).GroupBy(note => note.Step))
        {
            // Hands strike a chord together and roll it a little.
            drift = (Inertia * drift) + (Math.Sqrt(1 - (Inertia * Inertia)) * dice.Gaussian(OwnShare * canvas.Genre.Looseness));
            var late = canvas.Drift[Math.Min(group.Key, canvas.Drift.Count - 1)] + drift + part.Push;
            var roll = 0.0;
            var bar = canvas.Bars[Math.Min(group.Key / canvas.StepsPerBar, canvas.Bars.Count - 1)];
            foreach (var note in group)
            {
                var tick = Math.Max(0, (int)Math.Floor(Swung(canvas, note.Step) + (group.Key == 0 ? 0 : late) + roll + 0.5));
                var stop = Math.Min(Swung(canvas, note.Step + note.Steps), end * Canvas.TicksPerStep);
                roll += voice.Role is PartRole.Drums or PartRole.Percussion ? 0 : canvas.Genre.Looseness * 0.4;
                var velocity = Velocity(canvas, bar, note.Accent) + dice.Gaussian(canvas.Genre.Looseness > 0 ? 3.5 : 1);
                notes.Add(new Note(
                    tick, Math.Max(30, (int)Math.Floor(stop + 0.5) - tick), note.Pitch, Math.Clamp((int)Math.Floor(velocity + 0.5), 1, 127))
                {
                    Written = new WrittenNote(note.Step, Math.Max(1, (int)Math.Floor(note.Steps + 0.5))),
                });
            }
        }

        return Untangled(notes);
    }

    /// <summary>How the piece swings, in small numbers; null where it is straight.</summary>
    public static SwingMark? SwingOf(Canvas canvas)
    {
        if (!Swings(canvas))
        {
            return null;
        }

        var swing = canvas.Genre.Swing;
        // 0.667 and 0.65 are 2:1 and 13:7.
        var whole = new[] { 3, 20, 100 }
            .First(parts => parts == 100 || Math.Abs((swing.Ratio * parts) - Math.Round(swing.Ratio * parts)) < 0.01);
        var first = (int)Math.Round(swing.Ratio * whole);
        return new SwingMark(first, whole - first, swing.Unit);
    }

    // Compound beats have their own three; pairs that a bar does not hold wholly have none.
    private static bool Swings(Canvas canvas) =>
        canvas.Genre.Swing.Ratio > 0.5 && !canvas.Meter.IsCompound && canvas.StepsPerBar % Pair(canvas.Genre.Swing) == 0;

    private static int Pair(Swing swing) => swing.Unit == 8 ? 4 : 2;

    // The off-beat of a pair is late by the swing ratio; positions between are stretched with it.
    private static double Swung(Canvas canvas, double step)
    {
        var straight = step * Canvas.TicksPerStep;
        if (!Swings(canvas))
        {
            return straight;
        }

        var swing = canvas.Genre.Swing;
        double pair = Pair(swing);
        var start = Math.Floor(step / pair) * pair;
        var share = (step - start) / pair;
        var bent = share < 0.5 ? share * 2 * swing.Ratio : swing.Ratio + ((share - 0.5) * 2 * (1 - swing.Ratio));
        return (start + (bent * pair)) * Canvas.TicksPerStep;
    }

    private static double Velocity(Canvas canvas, Bar bar, double accent)
    {
        var level = 0.62 + (0.3 * canvas.Drive(bar)) + (0.12 * canvas.Plan.Energy);
        return 118 * accent * level;
    }

    // A pitch that is struck again ends first.
    private static List<Note> Untangled(List<Note> notes)
    {
        notes.Sort((a, b) => a.Tick != b.Tick ? a.Tick.CompareTo(b.Tick) : a.Pitch.CompareTo(b.Pitch));
        var last = new Dictionary<int, int>();
        for (var i = 0; i < notes.Count; i++)
        {
            if (last.TryGetValue(notes[i].Pitch, out var before) && notes[before].Tick + notes[before].Duration > notes[i].Tick)
            {
                notes[before] = notes[before] with { Duration = Math.Max(1, notes[i].Tick - notes[before].Tick) };
            }

            last[notes[i].Pitch] = i;
        }

        // Two strokes at one tick sound as one.
        return [.. notes.DistinctBy(note => (note.Tick, note.Pitch))];
    }
}
