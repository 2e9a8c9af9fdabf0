using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Composing;

[Trait("Category", "Unit")]
public class KeyTests
{
    [Theory]
    [InlineData("A minor", 9, true)]
    [InlineData("Bb major", 10, false)]
    [InlineData("F# minor", 6, true)]
    [InlineData("gb major", 6, false)]
    [InlineData("  C  ", 0, false)]
    [InlineData("Am", 9, true)]
    [InlineData("Sol menor", 7, true)]
    [InlineData("Sib mayor", 10, false)]
    [InlineData("E♭ minor", 3, true)]
    [InlineData("Cb major", 11, false)]
    public void TryParse_WhenItIsAKey_ReadsIt(string text, int tonic, bool minor)
    {
        Assert.True(Key.TryParse(text, out var key));
        Assert.Equal((tonic, minor), (key.Tonic, key.Minor));
    }

    [Theory]
    [InlineData("H minor")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("A")]
    [InlineData("minor")]
    [InlineData("A minor please")]
    [InlineData("A dorian")]
    public void TryParse_WhenItIsNone_SaysSo(string? text) => Assert.Equal(text == "A", Key.TryParse(text, out _));

    [Fact]
    public void Of_WhenNamed_ReadsBack()
    {
        for (var i = 0; i < 24; i++)
        {
            var key = Key.Of(i % 12, i >= 12);

            Assert.True(Key.TryParse(key.Name, out var again));
            Assert.Equal(key, again);
        }
    }

    [Fact]
    public void Compose_WhenAKeyIsAsked_TheNotesAreInItOrItsRelative()
    {
        var right = 0;
        var all = 0;
        foreach (var genre in GenreCatalog.All)
        {
            foreach (var name in new[] { "A minor", "Eb major" })
            {
                Assert.True(Key.TryParse(name, out var asked));
                var score = Composer.Compose(
                    Planner.Read(new StudioRequest { Prompt = "", Genre = genre.Slug, Key = name, DurationSeconds = 90, Seed = all }));
                var notes = score.Parts.Where(part => part.Bank != 128).SelectMany(part => part.Notes)
                    .Select(note => new MelodyNoteEstimate(0, note.Duration, note.Pitch, 1));
                var found = KeyEstimator.FromNotes(notes);
                right += found.IsSameOrRelative(asked.Tonic, asked.Minor) ? 1 : 0;
                all++;
            }
        }

        Assert.True(right >= 0.9 * all, $"{right} of {all}");
    }
}
