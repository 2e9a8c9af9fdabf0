using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Lyrics;

/// <summary>A sung word and when it sounds, in seconds from the start of the score.</summary>
public sealed record WordTiming(string Word, double StartSeconds, double EndSeconds);

/// <summary>Karaoke: the words of a score in time.</summary>
public static class WordTimings
{
    /// <summary>Every sung word in order.</summary>
    public static IReadOnlyList<WordTiming> Of(Score score)
    {
        var words = new List<WordTiming>();
        int? start = null;
        foreach (var syllable in score.Lyrics)
        {
            start ??= syllable.Tick;
            if (syllable.EndsWord)
            {
                words.Add(new WordTiming(syllable.Word, score.SecondsAt(start.Value), score.SecondsAt(syllable.Tick + syllable.Duration)));
                start = null;
            }
        }

        return words;
    }
}
