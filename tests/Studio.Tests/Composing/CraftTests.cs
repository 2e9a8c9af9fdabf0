using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Composing;

/// <summary>What a teacher would mark in red, looked for in the scores of every style.</summary>
[Trait("Category", "Unit")]
public class CraftTests
{
    private const int Sixteenth = Canvas.TicksPerStep;
    private static readonly int[] Feet = [35, 36, 44];
    private static readonly int[] Beside = [39, 54, 69, 70, 73, 74, 75, 81, 82];

    public static TheoryData<string> Genres => Pieces.Genres;

    [Theory]
    [MemberData(nameof(Genres))]
    public void Counter_WhileTheMelodySounds_DoesNotRubAgainstIt(string slug)
    {
        var (together, rubbing) = (0, 0);
        foreach (var score in Some(slug))
        {
            var melody = score.Parts.FirstOrDefault(part => part.Role == PartRole.Lead)?.Notes ?? [];
            foreach (var (one, other) in melody.SelectMany(
                _ => score.Parts.Where(part => part.Role == PartRole.Counter).SelectMany(part => part.Notes), (one, other) => (one, other)))
            {
                var overlap = Math.Min(one.Tick + one.Duration, other.Tick + other.Duration) - Math.Max(one.Tick, other.Tick);
                together += Math.Max(0, overlap);
                rubbing += overlap >= 2 * Sixteenth && Math.Abs(one.Pitch - other.Pitch) % 12 is 1 or 11 ? overlap : 0;
            }
        }

        Assert.True(rubbing <= 0.01 * together, $"{rubbing} of {together} ticks");
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Melody_WhereItLeaps_StaysWithinAnOctave(string slug)
    {
        foreach (var score in Some(slug))
        {
            var notes = score.Parts.First(part => part.Role == PartRole.Lead).Notes.OrderBy(note => note.Tick).ToList();
            var wide = notes.Zip(notes.Skip(1)).Count(pair => Math.Abs(pair.Second.Pitch - pair.First.Pitch) > 12);

            Assert.True(wide <= notes.Count / 100, $"{wide} of {notes.Count}");
        }
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Parts_WhateverTheyPlay_StayInTheirInstrumentsRange(string slug)
    {
        foreach (var part in Some(slug).SelectMany(score => score.Parts).Where(part => part.Bank != 128))
        {
            var instrument = InstrumentCatalog.All.First(candidate => candidate.Program == part.Program && candidate.Bank == part.Bank);

            Assert.All(part.Notes, note => Assert.InRange(note.Pitch, instrument.Low, instrument.High));
        }
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Drummer_WhenNoMachine_HasTwoHands(string slug)
    {
        if (GenreCatalog.Find(slug)!.Looseness <= 2)
        {
            return;
        }

        foreach (var drums in Some(slug).SelectMany(score => score.Parts).Where(part => part.Role == PartRole.Drums))
        {
            var strokes = drums.Notes.Where(note => !Feet.Contains(note.Pitch) && !Beside.Contains(note.Pitch))
                .GroupBy(note => (note.Tick + 30) / 60);

            Assert.All(strokes, stroke => Assert.InRange(stroke.Count(), 1, 2));
        }
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Drums_BeforeTheNextSection_PlayAFill(string slug)
    {
        foreach (var score in Some(slug))
        {
            foreach (var section in score.Sections.SkipLast(1).Where(section => section.Bars > 2 && section.Energy > 0.45))
            {
                foreach (var drums in score.Parts.Where(part => part.Role == PartRole.Drums))
                {
                    var (before, last) = (Strokes(score, drums, section.StartBar + section.Bars - 2), Strokes(
                        score, drums, section.StartBar + section.Bars - 1));

                    Assert.True(before.Count == 0 || !before.SetEquals(last), $"{section.Name} at bar {section.StartBar}");
                }
            }
        }
    }

    [Theory]
    [InlineData("pop")]
    [InlineData("rock")]
    [InlineData("bossa-nova")]
    [InlineData("techno")]
    [InlineData("metal")]
    public void Bass_WhenEightBarsHavePassed_HasPlayedSomethingElse(string slug)
    {
        foreach (var score in Some(slug))
        {
            var bass = score.Parts.First(part => part.Role == PartRole.Bass);
            var (longest, run) = (1, 1);
            for (var bar = 1; bar < score.EndTick / score.TicksPerBar; bar++)
            {
                run = Rhythm(score, bass, bar).SetEquals(Rhythm(score, bass, bar - 1)) ? run + 1 : 1;
                longest = Math.Max(longest, run);
            }

            Assert.InRange(longest, 1, 8);
        }
    }

    [Fact]
    public void Solo_WhenItIsPlayed_IsNotTheChorusAgain()
    {
        foreach (var seed in Enumerable.Range(0, 5))
        {
            var score = Pieces.Of("rock", 150, seed, "guitar solo");
            var (chorus, solo) = (score.Sections.First(section => section.Name == "chorus"), score.Sections.First(
                section => section.Name == "solo"));

            Assert.True(
                PerBar(score, solo) > 1.05 * PerBar(score, chorus), $"{PerBar(score, solo)} and {PerBar(score, chorus)} notes a bar");
        }
    }

    [Theory]
    [InlineData("ambient")]
    [InlineData("classical")]
    [InlineData("cinematic")]
    [InlineData("folk")]
    public void Melody_WhereTheStyleIsCalm_RestsAQuarterOfTheTime(string slug)
    {
        var rests = Some(slug).Select(score => score.Parts.First(part => part.Role == PartRole.Lead))
            .Select(lead => lead.Notes.OrderBy(note => note.Tick).ToList())
            .Select(notes => 1 - (notes.Sum(note => (double)note.Duration) / (notes[^1].Tick + notes[^1].Duration - notes[0].Tick)));

        Assert.InRange(rests.Average(), 0.25, 0.6);
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Melody_WhenItMoves_SeldomRepeatsATone(string slug)
    {
        var moves = Some(slug).SelectMany(score => score.Parts.First(part => part.Role == PartRole.Lead).Notes.OrderBy(note => note.Tick)
            .Select(note => note.Pitch).ToList() is var pitches ? pitches.Zip(pitches.Skip(1)) : []).ToList();

        Assert.InRange(moves.Count(move => move.First == move.Second) / (double)moves.Count, 0, 0.18);
    }

    [Theory]
    [InlineData("pop")]
    [InlineData("jazz")]
    [InlineData("classical")]
    public void Timing_WhenPeoplePlay_DriftsRatherThanJitters(string slug)
    {
        var canvas = new Canvas(Planner.Read(new StudioRequest { Prompt = "", Genre = slug, Seed = 4, DurationSeconds = 120 }),
            GenreCatalog.Find(slug)!);
        var beats = canvas.Drift.Where((_, step) => step % 4 == 0).ToList();
        var lagged = beats.Zip(beats.Skip(1)).Sum(pair => pair.First * pair.Second) / beats.Sum(beat => beat * beat);

        Assert.InRange(lagged, 0.3, 0.95);
    }

    [Theory]
    [InlineData("a grand piano and a violin", 64, 0)]
    [InlineData("rock with an electric guitar solo", -1, 8192)]
    [InlineData("classical with a violin", 1, 0)]
    public void Controls_WhereTheInstrumentHasThem_MoveAndComeBack(string prompt, int number, int rest)
    {
        var parts = Enumerable.Range(0, 4).SelectMany(seed => Composer.Compose(
            Planner.Read(new StudioRequest { Prompt = prompt, Seed = seed, DurationSeconds = 60 })).Parts);
        var moved = parts.Select(part => part.Controls.Where(control => control.Number == number).OrderBy(control => control.Tick).ToList())
            .Where(controls => controls.Count > 0).ToList();

        Assert.NotEmpty(moved);
        Assert.All(moved, controls => Assert.Equal(rest, controls[^1].Value));
    }

    // Bars are compared by who plays in them.
    [Theory]
    [InlineData("pop")]
    [InlineData("techno")]
    [InlineData("cinematic")]
    [InlineData("hip-hop")]
    public void Parts_WhenABarEnds_ComeAndGoMoreOftenThanSectionsDo(string slug)
    {
        var scores = Enumerable.Range(0, 8).Select(seed => Pieces.Of(slug, 60, seed)).ToList();
        var changes = scores.Average(score =>
        {
            var playing = Enumerable.Range(0, score.EndTick / score.TicksPerBar)
                .Select(bar => score.Parts.Count(part => InBar(score, part, bar).Any())).ToList();
            return playing.Zip(playing.Skip(1)).Count(pair => pair.First != pair.Second) / (playing.Count - 1.0);
        });

        Assert.InRange(changes, 0.28, 0.5);
    }

    // Nobody comes in for the chorus where everybody was asked for by name.
    [Theory]
    [InlineData("solo piano")]
    [InlineData("string quartet")]
    [InlineData("solo guitarra")]
    [InlineData("only brass")]
    [InlineData("harp")]
    public void Chorus_WhenTheBandWasNamed_StandsOutAllTheSame(string prompt)
    {
        foreach (var seed in Enumerable.Range(1, 4))
        {
            var score = Composer.Compose(Planner.Read(new StudioRequest { Prompt = prompt, Seed = seed, DurationSeconds = 60 }));
            var (verse, chorus) = (score.Sections.First(section => section.Name == "verse"), score.Sections.Last(
                section => section.Name == "chorus"));

            Assert.True(Weight(score, chorus) > 1.2 * Weight(score, verse), $"{prompt}, seed {seed}");
        }
    }

    private static double Weight(Score score, Section section) =>
        Pieces.NotesIn(score, section).Sum(note => (double)note.Velocity * note.Velocity) / section.Bars;

    private static IEnumerable<Score> Some(string slug) =>
        from seed in Enumerable.Range(20, 3)
        from key in new[] { "D major", "E minor" }
        select Composer.Compose(
            Planner.Read(new StudioRequest { Prompt = "", Genre = slug, Key = key, Seed = seed, DurationSeconds = 90 }));

    private static double PerBar(Score score, Section section) =>
        Pieces.NotesIn(score, section, part => part.Role == PartRole.Lead).Count() / (double)section.Bars;

    private static HashSet<(int, int)> Strokes(Score score, Part part, int bar) =>
        [.. InBar(score, part, bar).Select(note => (Step(score, note, bar), note.Pitch))];

    private static HashSet<int> Rhythm(Score score, Part part, int bar) =>
        [.. InBar(score, part, bar).Select(note => Step(score, note, bar))];

    private static IEnumerable<Note> InBar(Score score, Part part, int bar) =>
        part.Notes.Where(note => note.Tick >= (bar * score.TicksPerBar) - 40 && note.Tick < ((bar + 1) * score.TicksPerBar) - 40);

    private static int Step(Score score, Note note, int bar) => (note.Tick + 40 - (bar * score.TicksPerBar)) / Sixteenth;
}
