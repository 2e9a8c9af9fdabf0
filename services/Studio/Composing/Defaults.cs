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
        return [.. own.Where(groove => groove.Take == take).OrderBy(groove => groove.At).Select(canvas.Patterns.In)];
    }

    /// <summary>Fills of the meter; a line may end before the bar does.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Fills(Canvas canvas)
    {
        var own = canvas.Patterns.In(canvas.Genre.Fills);
        return own.Count > 0 ? own : canvas.Patterns.In(Common.Data.Fills);
    }

    /// <summary>The usual chair of a role.</summary>
    public static GenrePart Chair(Canvas canvas, PartRole role) => canvas.Patterns.In(Common.Data.Parts.First(part => part.Role == role));

    /// <summary>The pattern of a part, or the usual one of its role in the meter.</summary>
    public static string Pattern(Canvas canvas, GenrePart part, Bar bar)
    {
        // Held sounds have no bar to turn; who plays rhythm marks where eight bars or the section end.
        var turns = (bar.InSection % 8 == 7 || (bar.Last && bar.InSection > 2))
            && part.Role is not (PartRole.Pad or PartRole.Strings or PartRole.Effects);
        if (Patterns.For(part, canvas.Drive(bar), canvas.StepsPerBar, turns) is { } own)
        {
            return own;
        }

        return Patterns.For(Chair(canvas, part.Role), canvas.Drive(bar), canvas.StepsPerBar, turns)
            ?? throw new InvalidDataException($"common.json has no {part.Role} pattern of {canvas.StepsPerBar} steps.");
    }

    private static List<Groove> Fitting(IReadOnlyList<Groove> grooves, Canvas canvas, GenrePart part) =>
        [.. grooves.Where(groove => groove.Meter == canvas.Patterns.Source && groove.Percussion == (part.Role == PartRole.Percussion))];
}
