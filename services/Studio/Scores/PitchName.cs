namespace Son1kVers3.Studio.Scores;

/// <summary>A spelled pitch class as its place on the line of fifths: … F = −1, C = 0, G = 1 … F♯ = 6, C♯ = 7 …</summary>
/// <remarks>Places of one pitch class lie twelve apart: F♯ is 6, G♭ −6.</remarks>
public readonly record struct PitchName(int Fifths)
{
    private const string Letters = "FCGDAEB";

    /// <summary>C = 0 … B = 11.</summary>
    public int PitchClass => Modulo(Fifths * 7, 12);

    public char Letter => Letters[Modulo(Fifths + 1, 7)];

    /// <summary>Sharps (positive) or flats (negative).</summary>
    public int Alter => (int)Math.Floor((Fifths + 1) / 7.0);

    /// <summary>The octave in which a MIDI pitch of this name is written: B♯3 and C4 are one key of the piano.</summary>
    public int OctaveOf(int pitch) => ((pitch - Alter) / 12) - 1;

    /// <summary>
    /// How a key names a pitch class: from the lowered second to the raised fourth degree, whatever is nearest to the tonic.
    /// </summary>
    /// <remarks>
    /// Both modes alike: major's own seven are −1 … 5 fifths from the tonic, natural minor's −4 … 2, its raised sixth and seventh are 3 and
    /// 5.
    /// </remarks>
    public static PitchName In(Key key, int pitchClass)
    {
        var tonic = TonicOf(key).Fifths;
        return new PitchName(tonic - 5 + Modulo((pitchClass * 7) - tonic + 5, 12));
    }

    /// <summary>The tonic as the key signature spells it.</summary>
    public static PitchName TonicOf(Key key) => new(key.Minor ? key.Fifths + 3 : key.Fifths);

    private static int Modulo(int value, int divisor) => ((value % divisor) + divisor) % divisor;
}
