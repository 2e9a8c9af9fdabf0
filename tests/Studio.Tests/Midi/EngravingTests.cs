using System.Xml.Linq;
using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Scores;
using Son1kVers3.Studio.Tests.Composing;
using static Son1kVers3.Studio.Tests.Midi.Sheets;

namespace Son1kVers3.Studio.Tests.Midi;

/// <summary>How time is written: tempo marks, values, beams, rests, accidentals.</summary>
[Trait("Category", "Unit")]
public class EngravingTests
{
    public static TheoryData<string> Genres => Pieces.Genres;

    [Theory]
    [InlineData("irish jig in 6/8, 110 bpm", 36, "165", "110", true)]
    [InlineData("slow blues in 12/8, 60 bpm", 36, "90", "60", true)]
    [InlineData("waltz, 150 bpm", 24, "150", "150", false)]
    [InlineData("metal in 7/8 at 140 bpm", 12, "140", "140", false)]
    [InlineData("rock in 5/4 at 120 bpm", 24, "120", "120", false)]
    public void Tempo_WhenTheMeterIsCompound_CountsDottedQuarters(string prompt, int clocks, string quarters, string shown, bool dotted)
    {
        var score = Score(prompt, null);
        var sheet = Sheet(score);
        var meter = MidiReader.Read(MidiFile.Write(score)).Tracks[0].Metas.Single(meta => meta.Kind == 0x58).Data;

        Assert.Equal(clocks, meter[2]);
        Assert.Equal((shown, dotted), (sheet.Descendants("per-minute").Single().Value, sheet.Descendants("beat-unit-dot").Any()));
        Assert.Equal(quarters, sheet.Descendants("sound").First(sound => sound.Attribute("tempo") is not null).Attribute("tempo")!.Value);
    }

    [Theory]
    [InlineData("irish jig in 6/8", 6)]
    [InlineData("pop in 4/4", 8)]
    [InlineData("rock in 5/4", 12)]
    [InlineData("metal in 7/8", 8)]
    [InlineData("blues in 12/8", 12)]
    public void Notes_WhenABarHasHalves_DoNotHideTheMiddle(string prompt, int middle)
    {
        foreach (var measure in Sheet(Score(prompt, null)).Descendants("measure"))
        {
            var crossing = Lengths(measure).Where(note => note.Start < middle && note.Start + note.Length > middle && note.Start != 0);
            Assert.Empty(crossing);
        }
    }

    [Theory]
    [InlineData("2/4")]
    [InlineData("3/4")]
    [InlineData("4/4")]
    [InlineData("5/4")]
    [InlineData("6/8")]
    [InlineData("7/8")]
    [InlineData("9/8")]
    [InlineData("12/8")]
    public void Split_WhateverLiesBetween_FillsItWithWrittenValues(string meter)
    {
        var time = TimeSignature.Parse(meter);
        for (var start = 0; start < time.StepsPerBar; start++)
        {
            for (var end = start + 1; end <= time.StepsPerBar; end++)
            {
                foreach (var rest in new[] { false, true })
                {
                    var values = NoteValues.Split(time, start, end, rest).ToList();
                    Assert.Equal(end - start, values.Sum());
                    Assert.All(values, value => Assert.NotEmpty(NoteValues.Type(value)));
                    Assert.InRange(values.Count, 1, 7);
                }
            }
        }
    }

    [Theory]
    [InlineData("4/4", 0, 16, "16")]
    [InlineData("4/4", 0, 6, "6")]
    [InlineData("4/4", 2, 6, "4")]
    [InlineData("4/4", 6, 10, "2 2")]
    [InlineData("4/4", 3, 8, "1 4")]
    [InlineData("6/8", 0, 12, "12")]
    [InlineData("6/8", 0, 6, "6")]
    [InlineData("6/8", 2, 6, "4")]
    [InlineData("6/8", 4, 10, "2 4")]
    [InlineData("3/4", 4, 12, "8")]
    [InlineData("12/8", 0, 24, "24")]
    [InlineData("7/8", 8, 14, "6")]
    [InlineData("5/4", 0, 20, "12 8")]
    public void Split_WhenANoteIsLong_KeepsTheBeatsVisible(string meter, int start, int end, string values) =>
        Assert.Equal(values, string.Join(' ', NoteValues.Split(TimeSignature.Parse(meter), start, end, rest: false)));

    [Theory]
    [MemberData(nameof(Genres))]
    public void Beams_WhenNotesHaveFlags_BeginAndEndWithinABeat(string genre)
    {
        var sheet = Sheet(Pieces.Of(genre, 30, seed: 2));
        Assert.NotEmpty(sheet.Descendants("beam"));
        foreach (var measure in sheet.Descendants("measure"))
        {
            var open = false;
            foreach (var beam in measure.Descendants("beam").Where(beam => beam.Attribute("number")!.Value == "1"))
            {
                Assert.Equal(open, beam.Value is "continue" or "end");
                open = beam.Value is "begin" or "continue";
            }

            Assert.False(open);
        }
    }

    [Theory]
    [InlineData("2 2", "begin/end")]
    [InlineData("3 1", "begin/end backward hook")]
    [InlineData("1 3", "begin forward hook/end")]
    [InlineData("1 1 2", "begin begin/continue end/end")]
    [InlineData("1 2 1", "begin forward hook/continue/end backward hook")]
    [InlineData("2 0 2", "//")]
    [InlineData("4", "")]
    public void Beams_WhenABeatIsDivided_JoinWhatBelongsTogether(string values, string beams) =>
        Assert.Equal(beams, string.Join(
            '/', Beams.Of([.. values.Split(' ').Select(int.Parse)]).Select(note => string.Join(' ', note.Select(beam => beam.Value)))));

    [Fact]
    public void Rest_WhenABarIsEmpty_IsAMeasureRest()
    {
        var empty = Sheet(Score("house", null)).Descendants("measure")
            .Where(measure => measure.Elements("note").All(note => note.Element("rest") is not null)).ToList();

        Assert.NotEmpty(empty);
        Assert.All(
            empty, measure => Assert.Equal("yes", Assert.Single(measure.Elements("note")).Element("rest")!.Attribute("measure")?.Value));
    }

    [Fact]
    public void Accidentals_WhenABarHasSaidThem_AreNotRepeated()
    {
        foreach (var measure in Sheet(Score("tango", "G minor")).Root!.Elements("part").SelectMany(part => part.Elements("measure")))
        {
            var printed = measure.Elements("note").Where(note => note.Element("accidental") is not null)
                .Select(note => (note.Element("pitch")!.ToString(), note.Element("accidental")!.Value)).ToList();
            Assert.Equal(printed.Distinct().Count(), printed.Count);
        }
    }
}
