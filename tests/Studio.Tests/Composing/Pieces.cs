using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Composing;

/// <summary>Pieces to look at.</summary>
internal static class Pieces
{
    public static TheoryData<string> Genres => [.. GenreCatalog.All.Select(genre => genre.Slug)];

    public static Score Of(string genre, int seconds = 60, int seed = 1, string prompt = "") =>
        Composer.Compose(Planner.Read(new StudioRequest { Prompt = prompt, Genre = genre, DurationSeconds = seconds, Seed = seed }));

    /// <summary>Notes that start within a section.</summary>
    public static IEnumerable<Note> NotesIn(Score score, Section section, Func<Part, bool>? which = null)
    {
        var from = section.StartBar * score.TicksPerBar;
        var to = from + (section.Bars * score.TicksPerBar);
        return score.Parts.Where(which ?? (_ => true)).SelectMany(part => part.Notes).Where(note => note.Tick >= from && note.Tick < to);
    }

    /// <summary>The longest time in which nothing sounds, from the first note to the wanted end.</summary>
    public static double LongestSilence(Score score)
    {
        var heard = 0.0;
        var longest = 0.0;
        foreach (var note in score.Parts.SelectMany(part => part.Notes).OrderBy(note => note.Tick))
        {
            longest = Math.Max(longest, score.SecondsAt(note.Tick) - heard);
            heard = Math.Max(heard, score.SecondsAt(note.Tick + note.Duration));
        }

        return Math.Max(longest, score.LengthSeconds - heard);
    }
}
