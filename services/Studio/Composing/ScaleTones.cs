using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>Which pitch classes sound right in a key over a chord.</summary>
internal static class ScaleTones
{
    /// <summary>
    /// Twelve flags. Chord tones are always in; scale notes a semitone from a chord tone that is foreign to the key are out.
    /// </summary>
    public static bool[] For(Key key, Chord chord, string scale)
    {
        var tones = new bool[12];
        foreach (var step in Steps(key, scale))
        {
            tones[(key.Tonic + step) % 12] = true;
        }

        var diatonic = new bool[12];
        foreach (var step in key.Steps)
        {
            diatonic[(key.Tonic + step) % 12] = true;
        }

        foreach (var pitchClass in chord.PitchClasses(key.Tonic))
        {
            if (!diatonic[pitchClass])
            {
                tones[(pitchClass + 1) % 12] = false;
                tones[(pitchClass + 11) % 12] = false;
            }
        }

        foreach (var pitchClass in chord.PitchClasses(key.Tonic))
        {
            tones[pitchClass] = true;
        }

        return tones;
    }

    private static IReadOnlyList<int> Steps(Key key, string scale) => (scale, key.Minor) switch
    {
        ("pentatonic", false) => [0, 2, 4, 7, 9],
        ("pentatonic", true) => [0, 3, 5, 7, 10],
        ("blues", false) => [0, 2, 3, 4, 7, 9],
        ("blues", true) => [0, 3, 5, 6, 7, 10],
        ("dorian", _) => [0, 2, 3, 5, 7, 9, 10],
        ("harmonic", true) => [0, 2, 3, 5, 7, 8, 11],
        ("phrygian", _) => [0, 1, 3, 5, 7, 8, 10],
        _ => key.Steps,
    };
}
