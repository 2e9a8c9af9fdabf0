namespace Son1kVers3.Studio.Composing;

/// <summary>A chord relative to the tonic of the key.</summary>
/// <param name="Root">Semitones above the tonic, 0–11.</param>
/// <param name="Intervals">Chord tones in semitones above the root, the root first.</param>
/// <param name="Numeral">As written in the progression.</param>
internal sealed record Chord(int Root, IReadOnlyList<int> Intervals, string Numeral)
{
    private static readonly (string Numeral, int Semitones)[] Numerals =
    [
        ("vii", 11), ("iii", 4), ("vi", 9), ("iv", 5), ("ii", 2), ("v", 7), ("i", 0),
    ];

    private static readonly Dictionary<string, int[]> Qualities = new(StringComparer.Ordinal)
    {
        ["maj7"] = [0, 4, 7, 11],
        ["maj9"] = [0, 4, 7, 11, 14],
        ["6"] = [0, 4, 7, 9],
        ["69"] = [0, 4, 7, 9, 14],
        ["add9"] = [0, 4, 7, 14],
        ["sus2"] = [0, 2, 7],
        ["sus4"] = [0, 5, 7],
        ["7sus4"] = [0, 5, 7, 10],
        ["5"] = [0, 7],
        ["aug"] = [0, 4, 8],
        ["dim"] = [0, 3, 6],
        ["dim7"] = [0, 3, 6, 9],
        ["m7b5"] = [0, 3, 6, 10],
        ["7b9"] = [0, 4, 7, 10, 13],
        ["7#9"] = [0, 4, 7, 10, 15],
        ["13"] = [0, 4, 7, 10, 21],
        ["7alt"] = [0, 4, 8, 10, 13],
    };

    // Places on the line of fifths of the major scale's degrees, and of the tones of chords above their root by their semitones.
    private static readonly Dictionary<int, int> DegreeFifths = new() { [0] = 0, [2] = 2, [4] = 4, [5] = -1, [7] = 1, [9] = 3, [11] = 5 };

    private static readonly Dictionary<int, int> IntervalFifths = new()
    {
        [0] = 0,
        [2] = 2,
        [3] = -3,
        [4] = 4,
        [5] = -1,
        [6] = -6,
        [7] = 1,
        [8] = 8,
        [9] = 3,
        [10] = -2,
        [11] = 5,
        [13] = -5,
        [14] = 2,
        [15] = 9,
        [17] = -1,
        [21] = 3,
    };

    /// <summary>The root's place on the line of fifths from the tonic: a lowered sixth is −4, not a raised fifth.</summary>
    public int RootFifths { get; private init; }

    /// <summary>The tones' places on the line of fifths from the tonic, the root first.</summary>
    public IEnumerable<int> Fifths =>
        Intervals.Select(interval => RootFifths + (IsDiminishedSeventh(interval) ? -9 : IntervalFifths[interval]));

    /// <summary>Whether the third is minor.</summary>
    public bool IsMinor => Intervals.Contains(3) && !Intervals.Contains(4);

    /// <summary>Reads <c>vi</c>, <c>bVII</c>, <c>V7</c>, <c>iim7b5</c>, <c>IVmaj7</c>, <c>V7/ii</c>.</summary>
    /// <exception cref="FormatException">Not a numeral the studio knows.</exception>
    public static Chord Parse(string numeral)
    {
        var slash = numeral.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0)
        {
            var target = Parse(numeral[(slash + 1)..]);
            var applied = Parse(numeral[..slash]);
            return applied with
            {
                Root = (applied.Root + target.Root) % 12,
                RootFifths = applied.RootFifths + target.RootFifths,
                Numeral = numeral
            };
        }

        var rest = numeral;
        var shift = 0;
        while (rest.Length > 0 && rest[0] is 'b' or '#')
        {
            shift += rest[0] == 'b' ? -1 : 1;
            rest = rest[1..];
        }

        foreach (var (name, semitones) in Numerals)
        {
            if (rest.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                var minor = char.IsLower(rest[0]);
                return new Chord((semitones + shift + 12) % 12, Quality(rest[name.Length..], minor, numeral), numeral)
                {
                    RootFifths = DegreeFifths[semitones] + (7 * shift),
                };
            }
        }

        throw new FormatException($"'{numeral}' is no chord.");
    }

    /// <summary>Splits a progression into bars of chords.</summary>
    public static IReadOnlyList<IReadOnlyList<Chord>> Progression(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(bar => bar.Split(',').Select(Parse).ToList())];

    /// <summary>Pitch classes of the tones when the tonic is <paramref name="tonic"/>.</summary>
    public IEnumerable<int> PitchClasses(int tonic) => Intervals.Select(interval => (tonic + Root + interval) % 12);

    private bool IsDiminishedSeventh(int interval) => interval == 9 && Intervals.Contains(3) && Intervals.Contains(6);

    private static IReadOnlyList<int> Quality(string suffix, bool minor, string numeral)
    {
        if (minor)
        {
            return suffix switch
            {
                "" => [0, 3, 7],
                "7" => [0, 3, 7, 10],
                "9" => [0, 3, 7, 10, 14],
                "6" => [0, 3, 7, 9],
                "add9" => [0, 3, 7, 14],
                "11" => [0, 3, 7, 10, 17],
                "maj7" => [0, 3, 7, 11],
                _ => Qualities.TryGetValue(suffix, out var found) ? found : throw new FormatException($"'{numeral}' is no chord."),
            };
        }

        return suffix switch
        {
            "" => [0, 4, 7],
            "7" => [0, 4, 7, 10],
            "9" => [0, 4, 7, 10, 14],
            _ => Qualities.TryGetValue(suffix, out var found) ? found : throw new FormatException($"'{numeral}' is no chord."),
        };
    }
}
