using System.Xml.Linq;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Midi;

/// <summary>Lengths in sixteenths as notes can be written, so that the beats of the bar stay visible.</summary>
internal static class NoteValues
{
    private static readonly (int Sixteenths, string Type, bool Dotted)[] Values =
    [
        (24, "whole", true), (16, "whole", false), (12, "half", true), (8, "half", false), (6, "quarter", true), (4, "quarter", false),
        (3, "eighth", true), (2, "eighth", false), (1, "16th", false),
    ];

    /// <summary>What lies between two steps of a bar, as a sum of written lengths.</summary>
    /// <remarks>
    /// Nothing crosses the middle of a bar but what begins on its first beat; what begins off the beat ends with it, except a syncopated
    /// quarter between two beats. Rests are never syncopated (Gould, Behind Bars, 2011, pp. 151–172).
    /// </remarks>
    public static IEnumerable<int> Split(TimeSignature meter, int start, int end, bool rest)
    {
        for (var at = start; at < end;)
        {
            var value = Values.First(value => value.Sixteenths <= end - at && Fits(meter, at, value.Sixteenths, end - at, rest)).Sixteenths;
            yield return value;
            at += value;
        }
    }

    /// <summary>The type and dot of a written length.</summary>
    public static IReadOnlyList<XElement> Type(int sixteenths)
    {
        var (_, type, dotted) = Values.First(value => value.Sixteenths == sixteenths);
        return dotted ? [new XElement("type", type), new XElement("dot")] : [new XElement("type", type)];
    }

    /// <summary>Flags or beams that a length has.</summary>
    public static int Beams(int sixteenths) => sixteenths switch { 1 => 2, 2 or 3 => 1, _ => 0 };

    private static bool Fits(TimeSignature meter, int at, int value, int left, bool rest)
    {
        var beat = meter.Beats.Last(start => start <= at);
        var next = meter.Beats.FirstOrDefault(start => start > at, meter.StepsPerBar);
        return at + value <= next ? FitsBeat(at - beat, next - beat, value, left, rest) : FitsBar(meter, at, value, rest);
    }

    // Within a beat of four: 16th, dotted eighths and eighths; of six: eighths three to the beat.
    private static bool FitsBeat(int within, int beat, int value, int left, bool rest)
    {
        if (within % 2 != 0)
        {
            return value == 1 || (value == 2 && left == 2 && within == 1 && beat == 4 && !rest);
        }

        return !rest || beat == value || within % value == 0;
    }

    private static bool FitsBar(TimeSignature meter, int at, int value, bool rest)
    {
        var end = at + value;
        var onBeat = meter.Beats.Contains(at);
        var crosses = at < meter.Middle && end > meter.Middle && HasMiddle(meter);
        if (!onBeat)
        {
            return !rest && !meter.IsCompound && at % 2 == 0 && value == 4 && !crosses;
        }

        var ends = end == meter.StepsPerBar || meter.Beats.Contains(end);
        var dotted = value == 6 && !rest && !meter.IsCompound;
        return (ends || dotted) && (!crosses || (at == 0 && (end == meter.StepsPerBar || (meter.Numerator == 4 && !rest))));
    }

    // Three beats have no middle that the eye looks for.
    private static bool HasMiddle(TimeSignature meter) => meter.Numerator is not (3 or 9);
}
