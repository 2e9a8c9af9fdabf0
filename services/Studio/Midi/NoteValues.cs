using System.Xml.Linq;

namespace Son1kVers3.Studio.Midi;

/// <summary>Lengths in sixteenths as notes can be written.</summary>
internal static class NoteValues
{
    private static readonly (int Sixteenths, string Type, bool Dotted)[] Values =
    [
        (16, "whole", false), (12, "half", true), (8, "half", false), (6, "quarter", true), (4, "quarter", false),
        (3, "eighth", true), (2, "eighth", false), (1, "16th", false),
    ];

    /// <summary>A length as a sum of written ones, long to short.</summary>
    public static IEnumerable<int> Split(int sixteenths)
    {
        foreach (var (value, _, _) in Values)
        {
            while (sixteenths >= value)
            {
                yield return value;
                sixteenths -= value;
            }
        }
    }

    /// <summary>The type and dot of a written length.</summary>
    public static IReadOnlyList<XElement> Type(int sixteenths)
    {
        var (_, type, dotted) = Values.First(value => value.Sixteenths == sixteenths);
        return dotted ? [new XElement("type", type), new XElement("dot")] : [new XElement("type", type)];
    }
}
