using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Studio.Composing;

/// <summary>What a genre file does not say for a meter comes from <c>common.json</c>.</summary>
internal static class Defaults
{
    public static IReadOnlyList<Groove> Grooves(Genre genre, GenrePart part, string meter)
    {
        var percussion = part.Role == Scores.PartRole.Percussion;
        var own = genre.Grooves.Where(groove => groove.Meter == meter && groove.Percussion == percussion).OrderBy(groove => groove.At).ToList();
        return own.Count > 0 ? own
            : [.. Common.Data.Grooves.Where(groove => groove.Meter == meter && groove.Percussion == percussion).OrderBy(groove => groove.At)];
    }

    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Fills(Genre genre, int stepsPerBar)
    {
        var own = genre.Fills.Where(fill => fill.Values.All(line => line.Length == stepsPerBar)).ToList();
        return own.Count > 0 ? own : [.. Common.Data.Fills.Where(fill => fill.Values.All(line => line.Length == stepsPerBar))];
    }

    /// <summary>The pattern of a part, or the usual one of its role in the meter.</summary>
    public static string Pattern(GenrePart part, double energy, int stepsPerBar)
    {
        if (Patterns.For(part, energy, stepsPerBar) is { } own)
        {
            return own;
        }

        var common = Common.Data.Parts.First(candidate => candidate.Role == part.Role);
        return Patterns.For(common, energy, stepsPerBar) ?? throw new InvalidDataException($"common.json has no {part.Role} pattern of {stepsPerBar} steps.");
    }
}
