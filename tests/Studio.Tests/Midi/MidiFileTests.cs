using System.Xml.Linq;
using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;
using Son1kVers3.Studio.Tests.Composing;

namespace Son1kVers3.Studio.Tests.Midi;

[Trait("Category", "Unit")]
public class MidiFileTests
{
    public static TheoryData<string> Genres => Pieces.Genres;

    [Theory]
    [MemberData(nameof(Genres))]
    public void Write_WhenReadBack_HasEveryNote(string genre)
    {
        var score = Pieces.Of(genre, 45, seed: 12);

        var (division, tracks) = MidiReader.Read(MidiFile.Write(score));

        Assert.Equal(Score.TicksPerQuarter, division);
        Assert.Equal(score.Parts.Select(part => part.Name), tracks.Skip(1).Select(track => track.Name));
        foreach (var (part, track) in score.Parts.Zip(tracks.Skip(1)))
        {
            var notes = track.Events.Where(e => (e.Status & 0xF0) == 0x90).Select(e => (e.Tick, e.A, e.B));
            Assert.Equal(part.Notes.Select(note => (note.Tick, note.Pitch, note.Velocity)).Order(), notes.Order());
            Assert.Equal(part.Notes.Count, track.Events.Count(e => (e.Status & 0xF0) == 0x80));
            Assert.Equal(part.IsDrums, track.Events.All(e => (e.Status & 0x0F) == MidiFile.DrumChannel));
        }
    }

    [Fact]
    public void Write_WhenTheScoreHasATempoAndAMeter_TheConductorSaysThem()
    {
        var score = Composer.Compose(
            Planner.Read(new StudioRequest { Prompt = "vals en fa menor a 150 bpm", Title = "Canción ñ", Seed = 1 }));

        var conductor = MidiReader.Read(MidiFile.Write(score)).Tracks[0];
        var tempo = conductor.Metas.Single(meta => meta.Kind == 0x51).Data;

        Assert.Equal("Canción ñ", conductor.Name);
        Assert.Equal(400_000, (tempo[0] << 16) | (tempo[1] << 8) | tempo[2]);
        Assert.Equal([3, 2, 24, 8], conductor.Metas.Single(meta => meta.Kind == 0x58).Data);
        Assert.Equal([unchecked((byte)-4), 1], conductor.Metas.Single(meta => meta.Kind == 0x59).Data);
        Assert.Equal(score.Sections.Select(section => section.Name), conductor.Metas.Where(meta => meta.Kind == 6).Select(
            meta => System.Text.Encoding.UTF8.GetString(meta.Data)));
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void MusicXml_WhenWritten_EveryMeasureIsFull(string genre)
    {
        var score = Pieces.Of(genre, 30, seed: 6);

        var document = XDocument.Parse(MusicXml.Write(score));
        var expected = score.TicksPerBar / 120;
        var parts = document.Root!.Elements("part").ToList();

        Assert.Equal(document.Descendants("score-part").Select(part => part.Attribute("id")!.Value), parts.Select(
            part => part.Attribute("id")!.Value));
        Assert.NotEmpty(parts);
        foreach (var part in parts)
        {
            Assert.Equal(score.EndTick / score.TicksPerBar, part.Elements("measure").Count());
            Assert.All(part.Elements("measure"), measure => Assert.Equal(
                expected, measure.Elements("note").Where(note => note.Element("chord") is null).Sum(
                    note => (int)note.Element("duration")!)));
        }
    }

    [Fact]
    public void MusicXml_WhenSung_HasTheSyllables()
    {
        var score = Composer.Compose(Planner.Read(new StudioRequest
        {
            Prompt = "pop",
            Lyrics = "[Verse]\nunder the silver moon",
            Instrumental = false,
            Seed = 2,
            DurationSeconds = 30
        }));

        var texts = XDocument.Parse(MusicXml.Write(score)).Descendants("lyric")
            .Select(lyric => ((string)lyric.Element("syllabic")!, (string)lyric.Element("text")!));

        Assert.Equal(
            [("begin", "un"), ("end", "der"), ("single", "the"), ("begin", "sil"), ("end", "ver"), ("single", "moon")], texts.Take(6));
    }
}
