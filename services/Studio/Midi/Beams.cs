using System.Xml.Linq;

namespace Son1kVers3.Studio.Midi;

/// <summary>Joins what has flags within a beat.</summary>
internal static class Beams
{
    /// <summary>The beam elements of each item of one beat, in order.</summary>
    /// <param name="beat">Written lengths in sixteenths; 0 for a rest.</param>
    public static IReadOnlyList<IReadOnlyList<XElement>> Of(IReadOnlyList<int> beat)
    {
        var levels = beat.Select(value => value == 0 ? 0 : NoteValues.Beams(value)).ToList();
        return [.. levels.Select((level, i) => Enumerable.Range(1, level)
            .Select(number => (Number: number, State: State(levels, i, number)))
            .Where(beam => beam.State is not null)
            .Select(beam => new XElement("beam", new XAttribute("number", beam.Number), beam.State)).ToList())];
    }

    private static string? State(List<int> levels, int i, int number)
    {
        var before = i > 0 && levels[i - 1] >= number;
        var after = i + 1 < levels.Count && levels[i + 1] >= number;
        if (before || after)
        {
            return before && after ? "continue" : before ? "end" : "begin";
        }

        // A lonely sixteenth leans on the eighth it is joined to.
        var joinsBefore = i > 0 && levels[i - 1] >= 1;
        var joinsAfter = i + 1 < levels.Count && levels[i + 1] >= 1;
        return number == 1 ? null : joinsBefore ? "backward hook" : joinsAfter ? "forward hook" : null;
    }
}
