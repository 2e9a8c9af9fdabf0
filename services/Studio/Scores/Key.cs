namespace Son1kVers3.Studio.Scores;

public readonly partial record struct Key
{
    private static readonly string[] MajorNames = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
    private static readonly string[] MinorNames = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"];
    private static readonly int[] MajorSteps = [0, 2, 4, 5, 7, 9, 11];
    private static readonly int[] MinorSteps = [0, 2, 3, 5, 7, 8, 10];

    // Position on the line of fifths of each tonic as it is spelled above; sharps positive, flats negative.
    private static readonly int[] MajorFifths = [0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5];
    private static readonly int[] MinorFifths = [-3, 4, -1, -6, 1, -4, 3, -2, 5, 0, -5, 2];

    /// <summary>Semitones of the seven degrees above the tonic: major, or natural minor.</summary>
    public IReadOnlyList<int> Steps => Minor ? MinorSteps : MajorSteps;

    /// <summary>Sharps (positive) or flats (negative) of the key signature.</summary>
    public int Fifths => Minor ? MinorFifths[Tonic] : MajorFifths[Tonic];

    /// <summary>The key with its usual spelling.</summary>
    public static Key Of(int tonic, bool minor)
    {
        var pitchClass = ((tonic % 12) + 12) % 12;
        return new(pitchClass, minor, $"{(minor ? MinorNames : MajorNames)[pitchClass]} {(minor ? "minor" : "major")}");
    }

    /// <summary>The key <paramref name="semitones"/> higher.</summary>
    public Key Transpose(int semitones) => Of(Tonic + semitones, Minor);

    /// <summary>
    /// Reads <c>A minor</c>, <c>Bb major</c>, <c>F# minor</c>, <c>Am</c>, <c>C</c>, <c>La menor</c>, <c>Sib mayor</c>; case and spaces do
    /// not matter.
    /// </summary>
    public static bool TryParse(string? text, out Key key)
    {
        key = default;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 40)
        {
            return false;
        }

        var words = text.Trim().ToLowerInvariant().Replace('♭', 'b').Replace('♯', '#')
            .Split([' ', '-', '_'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length is > 0 and <= 4 && KeyWords.TryRead(words, out key, out var used) && used == words.Length;
    }
}
