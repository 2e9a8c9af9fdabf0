using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Studio.Composing;

/// <summary>Chooses and reads the sixteenth-note strings of the genre files.</summary>
internal static class Patterns
{
    /// <summary>The pattern for an energy: the list runs from quiet to full. Null when none is of the meter.</summary>
    /// <param name="turns">A bar that differs from those before it: the next fuller pattern, or the next quieter one of the
    /// fullest.</param>
    public static string? For(GenrePart part, double energy, int stepsPerBar, bool turns = false)
    {
        var fitting = Fitting(part.Patterns, stepsPerBar).ToList();
        if (fitting.Count == 0)
        {
            return null;
        }

        var index = Math.Clamp((int)(energy * 0.999 * fitting.Count), 0, fitting.Count - 1);
        return fitting[turns ? Math.Max(0, index + 1 < fitting.Count ? index + 1 : index - 1) : index];
    }

    /// <summary>Whether one of them is of the meter.</summary>
    public static bool Fit(IReadOnlyList<string> patterns, int stepsPerBar) => Fitting(patterns, stepsPerBar).Any();

    /// <summary>How many of them are of the meter.</summary>
    public static int Count(IReadOnlyList<string> patterns, int stepsPerBar) => Fitting(patterns, stepsPerBar).Count();

    /// <summary>Loudness of a stroke; 0 for a rest.</summary>
    public static double Accent(char stroke) => stroke switch
    {
        '.' or '-' => 0,
        'X' => 1,
        'o' => 0.42,
        '?' => 0.5,
        _ => 0.78,
    };

    /// <summary>Steps from <paramref name="step"/> to where the note ends: over the <c>-</c> that follow it.</summary>
    public static int Length(string pattern, int step)
    {
        var length = 1;
        while (step + length < pattern.Length && pattern[step + length] == '-')
        {
            length++;
        }

        return length;
    }

    private static IEnumerable<string> Fitting(IReadOnlyList<string> patterns, int stepsPerBar) =>
        patterns.Select(Clean).Where(pattern => pattern.Length % stepsPerBar == 0);

    /// <summary>Without what makes it easy to read.</summary>
    public static string Clean(string pattern) =>
        pattern.Replace(" ", "", StringComparison.Ordinal).Replace("|", "", StringComparison.Ordinal);
}
