using System.Xml.Linq;
using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Midi;

/// <summary>Sheets to look at.</summary>
internal static class Sheets
{
    public static IEnumerable<(int Start, int Length, bool IsRest)> Lengths(XElement measure)
    {
        var at = 0;
        foreach (var note in measure.Elements("note").Where(note => note.Element("chord") is null))
        {
            var length = (int)note.Element("duration")!;
            yield return (at, length, note.Element("rest") is not null);
            at += length;
        }
    }

    public static XDocument Sheet(Score score) => XDocument.Parse(MusicXml.Write(score));

    public static Score Score(string prompt, string? key, int seed = 7) =>
        Composer.Compose(Planner.Read(new StudioRequest { Prompt = prompt, Key = key, DurationSeconds = 30, Seed = seed }));
}
