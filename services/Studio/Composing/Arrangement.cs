using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>Who is silent for a while where the section would let him play: later entries, gaps, and air before what follows.</summary>
internal static class Arrangement
{
    private enum Gap { Entry, Middle, End }

    /// <summary>Whether a part leaves the bar to others; who was asked for by name never does.</summary>
    public static bool Rests(Canvas canvas, GenrePart part, Bar bar)
    {
        if (bar.Section.Bars < 4 || canvas.Plan.Voices.Any(voice => voice.Part == part.Id && voice.Asked))
        {
            return false;
        }

        return part.Role switch
        {
            PartRole.Bass => StopsBefore(canvas, part, bar) && Carries(canvas, part, bar, PartRole.Drums),
            _ when IsColour(part.Role) => InGap(canvas, part, bar) && Carries(canvas, part, bar, PartRole.Chords, PartRole.Pad),
            _ => false,
        };
    }

    private static bool IsColour(PartRole role) =>
        role is PartRole.Arpeggio or PartRole.Counter or PartRole.Strings or PartRole.Percussion or PartRole.Pad;

    // The drums' fill leads alone into a fuller section.
    private static bool StopsBefore(Canvas canvas, GenrePart part, Bar bar) =>
        bar.Last && bar.Index + 1 < canvas.Bars.Count && canvas.Bars[bar.Index + 1].Section.Energy > bar.Section.Energy + 0.1
        && canvas.Dice(part.Id, bar, "stop").Chance(0.6);

    // A chorus begins with everybody.
    private static bool InGap(Canvas canvas, GenrePart part, Bar bar)
    {
        var gap = (Gap)canvas.Dice(part.Id, bar, "gap").Below(3);
        return gap switch
        {
            Gap.Entry when bar.Section.Energy < 0.8 => bar.InSection < 2,
            Gap.End => bar.Last,
            _ => bar.InSection % 8 is 4 or 5 && !bar.Last,
        };
    }

    // Somebody else of these roles fills the bar.
    private static bool Carries(Canvas canvas, GenrePart part, Bar bar, params PartRole[] roles) =>
        canvas.Plan.Voices.Any(voice => voice.Part != part.Id && roles.Contains(voice.Role)
            && canvas.Genre.FindPart(voice.Part) is { } other && Band.PlaysIn(other, bar)
            && (voice.Role != PartRole.Pad || part.Role != PartRole.Pad));
}
