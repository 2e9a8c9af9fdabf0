using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>Brings a genre's patterns into a meter that its files do not spell out.</summary>
/// <remarks>
/// Two bars of 2/4 are one of 4/4. 5/4 is three beats and then the second half of 4/4 (kick, snare, kick — kick, snare); 7/8 is 4/4 whose
/// third beat is short. 9/8 and 12/8 are bars of 6/8 put together where the genre has 6/8, else 4/4 with each beat spread over three
/// eighths: an off-beat falls where a shuffle plays it. 4/4, 3/4 and 6/8 stay as they are.
/// </remarks>
internal sealed class MeterPatterns
{
    private const int CommonTime = 16;
    private const int SixEight = 12;

    private readonly TimeSignature _meter;
    private readonly bool _compounds;

    public MeterPatterns(Genre genre, TimeSignature meter)
    {
        _meter = meter;
        _compounds = genre.Meters.Contains("6/8");
        Source = meter.ToString() switch
        {
            "2/4" or "5/4" or "7/8" => "4/4",
            "9/8" or "12/8" => _compounds ? "6/8" : "4/4",
            var own => own,
        };
    }

    /// <summary>The meter whose patterns are used.</summary>
    public string Source { get; }

    private bool Derived => Source != _meter.ToString();

    private int SourceSteps => Source == "4/4" ? CommonTime : SixEight;

    /// <summary>A chair with patterns of the meter.</summary>
    public GenrePart In(GenrePart part) =>
        Derived ? part with { Patterns = In(part.Patterns), Takes = [.. part.Takes.Select(In)] } : part;

    /// <summary>A groove of the meter.</summary>
    public Groove In(Groove groove) =>
        Derived ? groove with { Lines = groove.Lines.ToDictionary(line => line.Key, line => Turn(line.Value), StringComparer.Ordinal) }
            : groove;

    /// <summary>Fills of the meter, one bar each; a line may end before the bar does.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> In(IEnumerable<IReadOnlyDictionary<string, string>> fills)
    {
        var steps = Derived ? SourceSteps : _meter.StepsPerBar;
        var fitting = fills.Where(fill => fill.Values.Max(line => line.Length) == steps);
        return Derived
            ? [.. fitting.Select(fill =>
                Ending(fill.ToDictionary(line => line.Key, line => Turn(line.Value.PadRight(steps, '.')), StringComparer.Ordinal)))]
            : [.. fitting];
    }

    // Two bars of 2/4 make one of the source: the fill is the second.
    private Dictionary<string, string> Ending(Dictionary<string, string> fill) =>
        fill.ToDictionary(line => line.Key, line => line.Value[^_meter.StepsPerBar..], StringComparer.Ordinal);

    private List<string> In(IReadOnlyList<string> patterns) =>
        [.. patterns.Select(Composing.Patterns.Clean).Where(pattern => pattern.Length % SourceSteps == 0).Select(Turn)];

    private string Turn(string pattern)
    {
        var bars = pattern.Chunk(SourceSteps).Select(bar => new string(bar));
        return string.Concat(_meter.ToString() switch
        {
            "2/4" => bars,
            "5/4" => bars.Select(bar => bar[..12] + bar[8..]),
            "7/8" => bars.Select(bar => bar[..10] + bar[12..]),
            "9/8" when _compounds => bars.Select(bar => bar + bar[6..]),
            "9/8" => bars.Select(bar => Shuffled(bar[..12])),
            _ => bars.Select(bar => _compounds ? bar + bar : Shuffled(bar)),
        });
    }

    // Where two thirds of the beat is the off-beat, the four sixteenths of a beat fall on 0, 2, 4 and 5 of six.
    private static string Shuffled(string bar) =>
        string.Concat(bar.Chunk(4).Select(beat => new string([beat[0], Held(beat[0]), beat[1], Held(beat[1]), beat[2], beat[3]])));

    private static char Held(char symbol) => symbol == '.' ? '.' : '-';
}
