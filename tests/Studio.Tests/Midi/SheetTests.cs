using System.Xml.Linq;
using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;
using Son1kVers3.Studio.Tests.Composing;
using static Son1kVers3.Studio.Tests.Midi.Sheets;

namespace Son1kVers3.Studio.Tests.Midi;

/// <summary>Music on paper: what a musician expects of a sheet.</summary>
[Trait("Category", "Unit")]
public class SheetTests
{
    public static TheoryData<string> Genres => Pieces.Genres;

    [Theory]
    [InlineData("swing jazz", "F# major", "E#", "F")]
    [InlineData("swing jazz", "Eb minor", "Cb", "B")]
    [InlineData("viennese waltz, strings", "G minor", "F#", "Gb")]
    [InlineData("tango", "D minor", "C#", "Db")]
    [InlineData("tango", "C minor", "B", "Cb")]
    [InlineData("flamenco", "E minor", "D#", "Eb")]
    [InlineData("pop", "Db major", "Gb", "F#")]
    public void Notes_WhenTheKeyHasADegree_AreSpelledAsTheKeyDoes(string prompt, string key, string right, string wrong)
    {
        var names = Names(Piece(prompt, key: key));

        Assert.True(names.GetValueOrDefault(right) > 0, $"no {right}");
        Assert.True(
            names.GetValueOrDefault(wrong) <= names[right] / 10, $"{right} {names[right]}, {wrong} {names.GetValueOrDefault(wrong)}");
    }

    [Fact]
    public void Chords_WhenWritten_AreStackedInThirds()
    {
        foreach (var key in new[] { "C major", "F# major", "Eb minor", "G minor", "C# minor", "Bb major" })
        {
            var score = Score("jazz standard", key);
            foreach (var mark in score.Harmony)
            {
                // Letters of root, third, fifth and seventh lie two apart, whatever the accidentals.
                var letters = mark.Tones.Select(tone => "CDEFGAB".IndexOf(tone.Letter, StringComparison.Ordinal)).ToList();
                Assert.All(letters, letter => Assert.Equal(0, letters.Count(other => other == letter) - 1));
                Assert.Contains((letters[1] - letters[0] + 7) % 7, new[] { 1, 2, 3, 4 });
                Assert.All(mark.Tones, tone => Assert.InRange(Math.Abs(tone.Alter), 0, 3));
            }
        }
    }

    [Theory]
    [InlineData("C major", 1, "Db")]
    [InlineData("C major", 6, "F#")]
    [InlineData("A minor", 8, "G#")]
    [InlineData("A minor", 6, "F#")]
    [InlineData("F# major", 5, "E#")]
    [InlineData("Eb minor", 11, "Cb")]
    [InlineData("Eb minor", 2, "D")]
    [InlineData("G# minor", 7, "F##")]
    public void Name_WhenNoChordHoldsThePitch_IsTheKeys(string key, int pitchClass, string name)
    {
        Assert.True(Key.TryParse(key, out var parsed));
        Assert.Equal(name, Text(PitchName.In(parsed, pitchClass)));
    }

    [Fact]
    public void Key_WhenASectionIsLifted_IsWrittenThere()
    {
        var score = Composer.Compose(Planner.Read(new StudioRequest { Prompt = "pop with a key change", DurationSeconds = 150, Seed = 4 }));
        var lifted = score.Harmony.First(mark => mark.Key != score.Key);

        var measures = Sheet(score).Descendants("measure").Where(measure => measure.Descendants("fifths").Any())
            .Select(measure => (int)measure.Attribute("number")!).Distinct();

        Assert.Contains((lifted.Tick / score.TicksPerBar) + 1, measures);
    }

    [Fact]
    public void Octave_WhenANameCrossesTheC_IsItsOwn()
    {
        Assert.Equal(3, new PitchName(12).OctaveOf(60));
        Assert.Equal(4, new PitchName(-7).OctaveOf(59));
        Assert.Equal(4, new PitchName(0).OctaveOf(60));
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Midi_WhenTwoPartsAreDrums_TheChannelHasOneKit(string genre)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var score = Pieces.Of(genre, 20, seed);
            var setups = MidiReader.Read(MidiFile.Write(score)).Tracks.Skip(1)
                .SelectMany(track => track.Events.Where(e => (e.Status & 0xE0) is 0xA0 or 0xC0)).ToList();
            var kit = setups.Where(e => (e.Status & 0x0F) == MidiFile.DrumChannel && (e.Status & 0xF0) == 0xC0).ToList();

            Assert.Equal(score.Parts.Any(part => part.IsDrums) ? 1 : 0, kit.Count);
            Assert.All(kit, program =>
                Assert.Equal((score.Parts.FirstOrDefault(part => part.Role == PartRole.Drums)
                    ?? score.Parts.First(part => part.IsDrums)).Program, program.A));
            // Nothing sets a channel up twice.
            Assert.All(
                setups.GroupBy(e => (e.Status, e.Tick, e.A), e => e.B).Where(group => group.Key.Tick == 0), group => Assert.Single(group));
        }
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void PartList_WhenWritten_SaysWhoPlays(string genre)
    {
        var score = Pieces.Of(genre, 20, seed: 6);
        var sheet = Sheet(score);
        var channels = MidiFile.Channels(score.Parts);

        Assert.Equal(score.Parts.Select(part => part.Name), sheet.Descendants("part-name").Select(name => name.Value));
        foreach (var ((part, element), channel) in score.Parts.Zip(sheet.Descendants("score-part")).Zip(channels))
        {
            var instruments = element.Elements("score-instrument").Select(instrument => instrument.Attribute("id")!.Value).ToList();
            Assert.Equal(instruments, element.Elements("midi-instrument").Select(instrument => instrument.Attribute("id")!.Value));
            Assert.All(element.Elements("midi-instrument"), midi => Assert.Equal(
                (part.Program + 1, channel + 1), ((int)midi.Element("midi-program")!, (int)midi.Element("midi-channel")!)));
            Assert.All(element.Descendants("instrument-sound"), sound => Assert.Contains('.', sound.Value));
            var used = sheet.Descendants("part").Single(other =>
                other.Attribute("id")!.Value == element.Attribute("id")!.Value).Descendants("instrument").Select(id =>
                    id.Attribute("id")!.Value);
            Assert.Empty(used.Except(instruments));
        }
    }

    [Fact]
    public void Swing_WhenTheGenreSwings_IsADirectionAndTheNotesAreEven()
    {
        var sheet = Sheet(Score("swing jazz, 160 bpm", null, seed: 3));
        var swing = sheet.Descendants("swing").Single();
        var starts = sheet.Descendants("part").Where(part => part.Descendants("pitch").Any()).SelectMany(Starts).ToList();

        Assert.Equal(("13", "7", "eighth"),
            ((string)swing.Element("first")!, (string)swing.Element("second")!, (string)swing.Element("swing-type")!));
        Assert.True(starts.Count(start => start % 4 == 2) > 5 * starts.Count(start => start % 4 == 3), string.Join(
            ' ', starts.GroupBy(start => start % 4).Select(g => $"{g.Key}:{g.Count()}")));
    }

    [Theory]
    [InlineData("slow blues", "2", "1", "eighth")]
    [InlineData("lo-fi beats", "59", "41", "16th")]
    public void Swing_WhenItIsOfAnotherKind_SaysWhich(string prompt, string first, string second, string value)
    {
        var swing = Sheet(Score(prompt, null)).Descendants("swing").Single();

        Assert.Equal((first, second, value),
            ((string)swing.Element("first")!, (string)swing.Element("second")!, (string)swing.Element("swing-type")!));
    }

    [Theory]
    [InlineData("rock")]
    [InlineData("slow blues in 12/8")]
    public void Swing_WhenAPieceIsStraight_IsNotWritten(string prompt) => Assert.Empty(Sheet(Score(prompt, null)).Descendants("swing"));

    [Theory]
    [MemberData(nameof(Genres))]
    public void Parts_WhenTheyPlay_AllHaveAStaff(string genre)
    {
        var score = Pieces.Of(genre, 45, seed: 5);
        foreach (var (part, staff) in score.Parts.Zip(Sheet(score).Root!.Elements("part")))
        {
            Assert.Equal(part.IsDrums, staff.Descendants("sign").First().Value == "percussion");
            Assert.Equal(part.IsDrums ? "unpitched"
                : "pitch",
                    staff.Descendants("note").First(note => note.Element("rest") is null).Elements()
                        .First(e => e.Name != "chord").Name.LocalName);
        }
    }

    [Fact]
    public void Timpani_WhenTheyPlay_ReadTheBassClef()
    {
        var score = Score("epic cinematic with timpani", null);
        var index = score.Parts.Index().First(part => part.Item.Name == "Timpani").Index;

        Assert.Equal("F", Sheet(score).Root!.Elements("part").ElementAt(index).Descendants("sign").First().Value);
    }

    // Every note of the MIDI stands on paper, at its place and pitch.
    [Theory]
    [MemberData(nameof(Genres))]
    public void Sheet_WhenReadBack_HasEveryNoteOfTheScore(string genre)
    {
        var score = Pieces.Of(genre, 40, seed: 9);
        var end = score.EndTick / 120;
        foreach (var (part, staff) in score.Parts.Zip(Sheet(score).Root!.Elements("part")))
        {
            var written = part.Notes.Select(note => (note.Written!.Value.Step, note.Pitch)).Where(note => note.Step < end)
                .Distinct().Order();
            Assert.Equal(written, Onsets(staff, part.IsDrums).Order());
        }
    }

    private static IEnumerable<(int Step, int Pitch)> Onsets(XElement staff, bool kit)
    {
        var perBar = staff.Elements("measure").First().Descendants("note")
            .Where(note => note.Element("chord") is null).Sum(note => (int)note.Element("duration")!);
        foreach (var measure in staff.Elements("measure"))
        {
            var (at, last) = ((((int)measure.Attribute("number")!) - 1) * perBar, 0);
            foreach (var note in measure.Elements("note"))
            {
                at += note.Element("chord") is null ? last : 0;
                last = (int)note.Element("duration")!;
                if (note.Element("rest") is null && note.Elements("tie").All(tie => tie.Attribute("type")!.Value != "stop"))
                {
                    yield return (at, kit ? int.Parse(note.Element("instrument")!.Attribute("id")!.Value.Split("-I")[1]) - 1
                        : Pitch(note.Element("pitch")!));
                }
            }
        }
    }

    private static int Pitch(XElement pitch) =>
        (12 * ((int)pitch.Element("octave")! + 1)) + new[] { 9, 11, 0, 2, 4, 5,
            7 }[pitch.Element("step")!.Value[0] - 'A'] + ((int?)pitch.Element("alter") ?? 0);

    private static IEnumerable<int> Starts(XElement part) =>
        part.Elements("measure").SelectMany(measure => Lengths(measure).Where(note => !note.IsRest).Select(note => note.Start));

    private static Dictionary<string, int> Names(XDocument sheet) =>
        sheet.Descendants("pitch")
            .Select(pitch =>
                pitch.Element("step")!.Value + ((int?)pitch.Element("alter") switch
                {
                    1 => "#",
                    2 => "##",
                    -1 => "b",
                    -2 => "bb",
                    _ =>
                    ""
                }))
            .CountBy(name => name).ToDictionary();

    private static string Text(PitchName name) =>
        name.Letter + (name.Alter > 0 ? new string('#', name.Alter) : new string('b', -name.Alter));

    private static XDocument Piece(string prompt, string? key) => Sheet(Score(prompt, key));
}
