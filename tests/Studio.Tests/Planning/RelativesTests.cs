using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Planning;

[Trait("Category", "Unit")]
public class RelativesTests
{
    private static Plan Original => Planner.Read(new StudioRequest { Prompt = "pop", Key = "A minor", Seed = 11, DurationSeconds = 60 });

    [Fact]
    public void Remix_WhenTheStyleChanges_KeepsHarmonyAndMotifs()
    {
        var remix = Relatives.Remix(Original, new RemixOptions(Style: "techno"));

        Assert.Equal("techno", remix.Genre);
        Assert.Equal(Original.Form.Select(section => section.Section), remix.Form.Select(section => section.Section));
        Assert.Equal(Original.Sketch.Harmony.OrderBy(pair => pair.Key), remix.Sketch.Harmony.OrderBy(pair => pair.Key));
        Assert.Equal("A minor", remix.Key.Name);
        Assert.InRange(remix.Tempo, 126, 140);
        Assert.NotEqual(Original.Instruments, remix.Instruments);
    }

    [Fact]
    public void Remix_WhenKeyAndTempoChange_TheMelodyIsTransposed()
    {
        var remix = Relatives.Remix(Original, new RemixOptions(Tempo: 90, Key: "C minor"));
        var before = Lead(Composer.Compose(Original));
        var after = Lead(Composer.Compose(remix));

        Assert.Equal(90, remix.Tempo);
        Assert.Equal(before.Count, after.Count);
        Assert.True(before.Zip(after).Count(pair => (pair.Second.Pitch - pair.First.Pitch + 120) % 12 == 3) > before.Count * 0.8);
    }

    [Fact]
    public void Remix_WhenInstrumentsAreExcluded_TheyGo()
    {
        var remix = Relatives.Remix(Original, new RemixOptions(Prompt: "sin batería, con trompeta"));

        Assert.DoesNotContain(remix.Voices, voice => voice.Role is PartRole.Drums or PartRole.Percussion);
        Assert.Contains("Trumpet", remix.Instruments);
    }

    [Fact]
    public void Remix_WhenAnInstrumentIsAsked_ItJoinsTheBandThatPlays()
    {
        var remix = Relatives.Remix(Original, new RemixOptions(Prompt: "con trompeta"));
        var (before, after) = (Composer.Compose(Original), Composer.Compose(remix));

        Assert.Equal(Original.Instruments.Append("Trumpet"), remix.Instruments);
        Assert.All(before.Parts, part => Assert.Equal(part.Notes, after.Parts.Single(other => other.Name == part.Name).Notes));
        Assert.True(after.Parts.Single(part => part.Name == "Trumpet").Notes.Count > 4);
    }

    [Fact]
    public void Extend_WhenSecondsAreAdded_TheFirstSectionsStay()
    {
        var extended = Relatives.Extend(Original, 40);
        var before = Composer.Compose(Original);
        var after = Composer.Compose(extended);
        var kept = before.SecondsAt((before.Sections[^1].StartBar - 1) * before.TicksPerBar);

        Assert.Equal(100, after.LengthSeconds);
        Assert.InRange(after.SecondsAt(after.EndTick - after.TicksPerBar), 100 - 6, 100 - 1.5);
        Assert.True(after.Sections.Count > before.Sections.Count);
        foreach (var part in before.Parts)
        {
            var same = after.Parts.Single(other => other.Name == part.Name);
            Assert.Equal(
                part.Notes.Where(note => before.SecondsAt(note.Tick) < kept).Select(note => (note.Tick, note.Pitch)),
                same.Notes.Where(note => after.SecondsAt(note.Tick) < kept).Select(note => (note.Tick, note.Pitch)));
        }
    }

    [Fact]
    public void Extend_WhenItIsLongAlready_StopsAtTheLongest() =>
        Assert.Equal(300, Relatives.Extend(Planner.Read(new StudioRequest { Prompt = "jazz", DurationSeconds = 290 }), 60).DurationSeconds);

    [Fact]
    public void Vary_WhenTwoTakesAreMade_TheyShareChordsAndDifferInMelody()
    {
        var first = Relatives.Vary(Original, 1);
        var second = Relatives.Vary(Original, 2);

        Assert.Equal(first.Sketch.Harmony["chorus"], second.Sketch.Harmony["chorus"]);
        Assert.NotEqual(
            Lead(Composer.Compose(first)).Select(note => note.Pitch), Lead(Composer.Compose(second)).Select(note => note.Pitch));
    }

    [Fact]
    public void Read_WhenAMelodyWasHummed_ItIsTheMotif()
    {
        int[] pitches = [64, 67, 69, 67, 64, 62, 60, 62];
        var melody = pitches.Select((pitch, i) => new MelodyNote(i * 0.5, 0.45, pitch, 0.9)).ToList();

        var plan = Planner.Read(
            new StudioRequest { Prompt = "pop 120 bpm in 4/4", Key = "C major", Melody = melody, Seed = 1, DurationSeconds = 60 });
        var verse = Composer.Compose(plan);
        var section = verse.Sections.First(candidate => candidate.Name == "verse");
        var lead = Lead(verse).Where(note => note.Tick >= (section.StartBar * verse.TicksPerBar) - 60).Take(8)
            .Select(note => note.Pitch % 12);

        Assert.Equal(pitches.Select(pitch => pitch % 12), lead);
    }

    [Fact]
    public void Read_WhenAMelodyWasHummedWithoutAKey_TheKeyFitsIt()
    {
        int[] pitches = [69, 71, 72, 74, 76, 72, 69, 64, 69];
        var melody = pitches.Select((pitch, i) => new MelodyNote(i * 0.4, 0.4, pitch, 0.9)).ToList();

        Assert.Equal("A minor", Planner.Read(new StudioRequest { Prompt = "", Melody = melody }).Key.Name);
    }

    private static List<Note> Lead(Score score) => [.. score.Parts.First(part => part.Role == PartRole.Lead).Notes];
}
