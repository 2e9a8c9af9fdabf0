using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Composing;

/// <summary>Meters that the genres' files do not spell out.</summary>
[Trait("Category", "Unit")]
public class MeterTests
{
    private static readonly string[] Derived = ["2/4", "5/4", "7/8", "9/8", "12/8"];

    public static TheoryData<string> Meters => [.. Derived];

    [Theory]
    [MemberData(nameof(Meters))]
    public void Compose_WhenAMeterIsAsked_EveryGenreFillsItsBars(string meter)
    {
        foreach (var genre in GenreCatalog.All)
        {
            var score = Pieces.Of(genre.Slug, 40, seed: 3, prompt: $"in {meter}");

            Assert.Equal(meter, score.TimeSignature.ToString());
            Assert.InRange(score.Parts.Count(part => part.Notes.Count > 4), 2, 15);
            Assert.InRange(Pieces.LongestSilence(score), 0, 4);
            Assert.InRange(score.SecondsAt(score.EndTick), 34, 46);
        }
    }

    // A listener counts a bar by its first beat.
    [Theory]
    [MemberData(nameof(Meters))]
    public void Compose_WhenAMeterIsAsked_TheBassMarksTheBar(string meter)
    {
        var (first, other) = (0, 0);
        foreach (var slug in new[] { "pop", "rock", "folk", "jazz", "metal", "blues" })
        {
            var score = Pieces.Of(slug, 60, seed: 5, prompt: $"in {meter}");
            var steps = score.TimeSignature.StepsPerBar;
            var notes = score.Parts.Where(part => part.Role == PartRole.Bass).SelectMany(part => part.Notes).ToList();
            first += notes.Count(note => note.Written!.Value.Step % steps == 0);
            other += Enumerable.Range(1, steps - 1).Max(step => notes.Count(note => note.Written!.Value.Step % steps == step));
        }

        Assert.True(first >= other, $"{first} on the first beat, {other} elsewhere");
    }

    [Theory]
    [InlineData("jazz", "2/4", "X...x...o.o.x...", "X...x...o.o.x...")]
    [InlineData("jazz", "5/4", "X...x...o.o.x...", "X...x...o.o.o.o.x...")]
    [InlineData("jazz", "7/8", "X...x...o.o.x...", "X...x...o.x...")]
    [InlineData("jazz", "12/8", "x.x.x---x..x....", "x...x.x-----x....x......")]
    [InlineData("jazz", "9/8", "x.x.x---x..x....", "x...x.x-----x....x")]
    [InlineData("folk", "12/8", "x...x.x.x.x.", "x...x.x.x.x.x...x.x.x.x.")]
    [InlineData("folk", "9/8", "x...x.o.x.x.", "x...x.o.x.x.o.x.x.")]
    public void Patterns_WhenTurned_KeepTheirBeats(string genre, string meter, string pattern, string turned)
    {
        var patterns = new MeterPatterns(GenreCatalog.Find(genre)!, TimeSignature.Parse(meter));
        var part = patterns.In(GenreCatalog.Find(genre)!.Parts[0] with { Patterns = [pattern], Takes = [] });

        Assert.Equal(turned, part.Patterns[0].Replace("x-.", "x..", StringComparison.Ordinal));
    }

    [Fact]
    public void Compose_WhenAPlanInAnOddMeterIsStored_GivesTheSameScore()
    {
        foreach (var meter in Derived)
        {
            var plan = Planner.Read(new StudioRequest { Prompt = $"rock in {meter}", Seed = 12, DurationSeconds = 30 });
            var stored = System.Text.Json.JsonSerializer.Deserialize<Plan>(System.Text.Json.JsonSerializer.Serialize(plan))!;

            Assert.Equal(Studio.Midi.MidiFile.Write(Composer.Compose(plan)), Studio.Midi.MidiFile.Write(Composer.Compose(stored)));
        }
    }

    [Fact]
    public void Chords_WhenABarHasTwo_ChangeOnABeat()
    {
        foreach (var meter in Derived)
        {
            var time = TimeSignature.Parse(meter);
            var plan = Planner.Read(new StudioRequest { Prompt = $"jazz in {meter}", Seed = 2, DurationSeconds = 60 });
            var canvas = new Canvas(plan, GenreCatalog.Find("jazz")!);

            Assert.All(canvas.Bars.SelectMany(bar => bar.Chords), span => Assert.Contains(span.Step, time.Beats));
            Assert.All(canvas.Bars, bar => Assert.Equal(time.StepsPerBar, bar.Chords.Sum(span => span.Steps)));
        }
    }
}
