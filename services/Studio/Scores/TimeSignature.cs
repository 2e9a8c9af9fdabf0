using System.Text.Json.Serialization;

namespace Son1kVers3.Studio.Scores;

/// <summary>A time signature such as 4/4, 6/8 or 7/8; JSON holds that text.</summary>
[JsonConverter(typeof(TimeSignatureJsonConverter))]
public readonly record struct TimeSignature(int Numerator, int Denominator)
{
    /// <summary>What the studio composes in.</summary>
    public static IReadOnlyList<TimeSignature> Offered { get; } =
        [new(2, 4), new(3, 4), new(4, 4), new(5, 4), new(6, 8), new(7, 8), new(9, 8), new(12, 8)];

    /// <summary>The beat is a dotted quarter: 6/8, 9/8, 12/8.</summary>
    public bool IsCompound => Denominator == 8 && Numerator % 3 == 0;

    /// <summary>Bars whose halves are not alike: 5/4 is 3 + 2, 7/8 is 2 + 2 + 3, 9/8 is three equal beats.</summary>
    public bool IsUneven => this is { Denominator: 4, Numerator: 5 } or { Denominator: 8, Numerator: 7 or 9 };

    /// <summary>Sixteenths in a bar.</summary>
    public int StepsPerBar => Numerator * 16 / Denominator;

    /// <summary>Sixteenths in the beat that tempos count.</summary>
    public int StepsPerBeat => IsCompound ? 6 : 4;

    /// <summary>Beats that tempos count in a bar; three and a half in 7/8.</summary>
    public double BeatsPerBar => StepsPerBar / (double)StepsPerBeat;

    /// <summary>The sixteenth on which the second half of a bar begins.</summary>
    public int Middle => this switch
    {
        { Denominator: 4, Numerator: 5 } => 12,
        { Denominator: 8, Numerator: 7 } => 8,
        { Denominator: 8, Numerator: 9 } => 12,
        _ => StepsPerBar / 2,
    };

    /// <summary>Where the beats that are felt begin, in sixteenths of the bar; the last group of 7/8 is the longer one.</summary>
    public IReadOnlyList<int> Beats =>
        this is { Denominator: 8, Numerator: 7 } ? [0, 4, 8] : [.. Enumerable.Range(0, (int)BeatsPerBar).Select(StartOf)];

    /// <summary>Reads <c>3/4</c>; anything that is not offered is 4/4.</summary>
    public static TimeSignature Parse(string text) => Offered.FirstOrDefault(meter => meter.ToString() == text, new TimeSignature(4, 4));

    public override string ToString() => FormattableString.Invariant($"{Numerator}/{Denominator}");

    private int StartOf(int beat) => beat * StepsPerBeat;
}
