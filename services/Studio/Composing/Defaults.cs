using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>What a genre file does not say for a meter comes from <c>common.json</c>.</summary>
internal static class Defaults
{
    /// <summary>The grooves that the piece keeps to, from low to high energy.</summary>
    public static IReadOnlyList<Groove> Grooves(Canvas canvas, GenrePart part)
    {
        var own = Fitting(canvas.Genre.Grooves, canvas, part);
        own = own.Count > 0 ? own : Fitting(Common.Data.Grooves, canvas, part);
        var take = canvas.Take(part.Role, [.. own.Select(groove => groove.Take).Distinct()]);
        return [.. own.Where(groove => groove.Take == take).OrderBy(groove => groove.At)];
    }

    /// <summary>Fills of the meter; a line may end before the bar does.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Fills(Genre genre, int stepsPerBar)
    {
        var own = genre.Fills.Where(fill => fill.Values.Max(line => line.Length) == stepsPerBar).ToList();
        return own.Count > 0 ? own : [.. Common.Data.Fills.Where(fill => fill.Values.Max(line => line.Length) == stepsPerBar)];
    }

    /// <summary>The pattern of a part, or the usual one of its role in the meter.</summary>
    public static string Pattern(Canvas canvas, GenrePart part, Bar bar)
    {
        // Held sounds have no bar to turn; who plays rhythm marks where eight bars or the section end.
        var turns = (bar.InSection % 8 == 7 || (bar.Last && bar.InSection > 2)) && part.Role is not (PartRole.Pad or PartRole.Strings or PartRole.Effects);
        if (Patterns.For(part, canvas.Drive(bar), canvas.StepsPerBar, turns) is { } own)
        {
            return own;
        }

        var common = Common.Data.Parts.First(candidate => candidate.Role == part.Role);
        return Patterns.For(common, canvas.Drive(bar), canvas.StepsPerBar, turns) ?? throw new InvalidDataException($"common.json has no {part.Role} pattern of {canvas.StepsPerBar} steps.");
    }

    private static List<Groove> Fitting(IReadOnlyList<Groove> grooves, Canvas canvas, GenrePart part) =>
        [.. grooves.Where(groove => groove.Meter == canvas.Meter.ToString() && groove.Percussion == (part.Role == PartRole.Percussion))];
}
