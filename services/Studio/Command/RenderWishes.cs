using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Lyrics;
using Son1kVers3.Studio.Mixing;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Rendering;
using Son1kVers3.Studio.Singing;

namespace Son1kVers3.Studio.Command;

/// <summary>What a plan asks of its rendering.</summary>
public static class RenderWishes
{
    /// <summary>
    /// Options with the plan's length, its genre's mix in the piece's own character, and the language and kind of voice of its lyrics.
    /// </summary>
    public static RenderOptions RenderOptions(this Plan plan, StudioQuality quality, string outputDirectory)
    {
        var genre = GenreCatalog.Find(plan.Genre);
        var language = plan.Lyrics is null ? "en" : LyricSheet.Parse(plan.Lyrics, plan.Language).Language;
        return new RenderOptions(quality, outputDirectory, plan.DurationSeconds)
        {
            Mix = genre?.Mix ?? MixSettings.Default,
            Character = MixCharacter.For(plan.Genre, plan.Mood, Dice.For(plan.Seed, $"mix/{plan.Genre}/{plan.Variation}").Unit),
            Voice = new VoiceSettings(language, plan.Vocoder ?? genre?.Vocoder == true),
        };
    }
}
