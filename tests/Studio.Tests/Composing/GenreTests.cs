using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;
using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Tests.Composing;

[Trait("Category", "Unit")]
public class GenreTests
{
    public static TheoryData<string> Genres => Pieces.Genres;

    [Fact]
    public void All_WhenRead_HasTheGenresThatAreAskedFor()
    {
        string[] wanted =
        [
            "pop", "rock", "electronic", "techno", "synthwave", "drum-and-bass", "hip-hop", "trap", "lo-fi", "jazz", "bossa-nova",
            "classical",
            "ambient", "cinematic", "reggaeton", "salsa", "cumbia", "folk", "metal",
            "house", "funk", "soul", "reggae", "blues", "country", "tango", "flamenco", "bachata", "merengue",
        ];

        Assert.Empty(wanted.Except(GenreCatalog.All.Select(genre => genre.Slug)));
    }

    [Fact]
    public void Instruments_WhenShownInSpanish_HaveSpanishNames()
    {
        string[] same = ["Celesta", "Clavinet", "Marimba", "Viola", "Oboe", "Sitar", "Banjo", "Koto", "Kalimba", "Taiko", "Tuba",
            "Shakuhachi", "Ocarina", "Shamisen"];
        Assert.All(InstrumentCatalog.All, instrument => Assert.True(
            instrument.NameEs != instrument.Name || same.Contains(instrument.Name), instrument.Name));
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void File_WhenRead_HoldsOnlyWhatTheComposerKnows(string slug)
    {
        var genre = GenreCatalog.Find(slug)!;

        Assert.Contains("verse", genre.Harmony.Keys);
        Assert.Contains("chorus", genre.Harmony.Keys);
        foreach (var progression in genre.Harmony.Values.SelectMany(kind => kind.Major.Concat(kind.Minor)))
        {
            Assert.NotEmpty(Chord.Progression(progression));
        }

        Assert.All(genre.Parts.SelectMany(part => part.Instruments), instrument => InstrumentCatalog.Get(instrument));
        Assert.Equal(genre.Parts.Count, genre.Parts.Select(part => part.Id).Distinct().Count());
        Assert.All(genre.Grooves.SelectMany(groove => groove.Lines.Keys).Concat(genre.Fills.SelectMany(fill => fill.Keys)), line =>
            Assert.True(DrumPlayer.Knows(line), line));
        Assert.All(genre.Meters, meter => Assert.Equal(meter, TimeSignature.Parse(meter).ToString()));
        Assert.True(genre.OtherMeters == 0 || genre.Meters.Count > 1);
        Assert.NotNull(MoodCatalog.Find(genre.Mood));
        Assert.All(genre.Moods, mood => Assert.NotNull(MoodCatalog.Find(mood)));
        Assert.All(genre.Forms, form => Assert.Contains("chorus", form.Split(' ')));
        Assert.All(genre.Words, word => Assert.Equal(Words.Plain(word), word));
        Assert.InRange(genre.Tempo.Default, genre.Tempo.Min, genre.Tempo.Max);
    }

    [Fact]
    public void Words_WhenRead_MeanOneGenreEach()
    {
        var claimedTwice = GenreCatalog.All.SelectMany(genre => genre.Words).GroupBy(word => word).Where(word => word.Count() > 1)
            .Select(word => word.Key);

        Assert.Empty(claimedTwice);
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Styles_WhenRead_AreWordsOfTheirGenreAndNameTakesThatItHas(string slug)
    {
        var genre = GenreCatalog.Find(slug)!;
        var takes = genre.Grooves.Select(groove => groove.Take)
            .Concat(genre.Parts.SelectMany(part => Enumerable.Range(0, part.Takes.Count + 1))).ToHashSet();

        Assert.Empty(genre.Styles.Keys.Except(genre.Words));
        Assert.Empty(genre.Faint.Except(genre.Words));
        Assert.All(genre.Styles.Values.SelectMany(style => style.Instruments.Concat(style.Without)), instrument => InstrumentCatalog.Get(
            instrument));
        Assert.All(genre.Styles.Values.SelectMany(style => style.Takes ?? []).Concat(genre.Takes), take => Assert.Contains(take, takes));
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void File_WhenItHasPatterns_TheyFillWholeBars(string slug)
    {
        var genre = GenreCatalog.Find(slug)!;
        var patterns = genre.Parts.SelectMany(part => part.Takes.SelectMany(take => take).Concat(part.Patterns));
        var lines = genre.Fills.SelectMany(fill => fill.Values.Where(line => line.Length is not (8 or 4)));

        Assert.All(patterns, pattern => Assert.True(pattern.Length % 16 == 0 || pattern.Length % 12 == 0, $"{slug}: {pattern}"));
        Assert.All(genre.Grooves, groove => Assert.All(
            groove.Lines.Values, line => Assert.True(line.Length % (groove.Meter == "4/4" ? 16 : 12) == 0, $"{slug}: {line}")));
        Assert.All(lines, line => Assert.Equal(16, line.Length));
        // Each take has a groove for the quietest section, too.
        Assert.All(genre.Grooves.GroupBy(groove => (groove.Take, groove.Meter, groove.Percussion)), take => Assert.Contains(
            take, groove => groove.At == 0));
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Compose_WhenAnyInstrumentIsAskedFor_HasAPartForIt(string slug)
    {
        foreach (var instrument in InstrumentCatalog.All.Where(instrument => instrument.Words.Count > 0))
        {
            var plan = Planner.Read(new StudioRequest { Prompt = $"with {instrument.Words[0]}", Genre = slug, DurationSeconds = 35, Seed = 3 });
            // A guitar may be another guitar than the one that is listed first.
            var asked = plan.Voices.Where(voice => voice.Asked).Select(voice => InstrumentCatalog.Get(voice.Instrument).Name).ToList();

            var parts = Composer.Compose(plan).Parts;

            Assert.True(asked.Count > 0
                && parts.Any(part => asked.Exists(name => part.Name.StartsWith(name, StringComparison.Ordinal))),
                    $"{slug} with {instrument.Slug}");
        }
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Band_WhenItIsCast_SeatsAnInstrumentTwiceOnPurposeOnly(string slug)
    {
        var doubling = GenreCatalog.Find(slug)!.Parts.Where(part => part.Doubles is not null).ToDictionary(part => part.Id);
        for (var seed = 0; seed < 12; seed++)
        {
            var voices = Planner.Read(new StudioRequest { Prompt = "", Genre = slug, Seed = seed }).Voices;
            var unintended = voices.Where(voice => !doubling.ContainsKey(voice.Part)).GroupBy(voice => voice.Instrument)
                .Where(seats => seats.Count() > 1).Select(seats => seats.Key);

            Assert.Empty(unintended);
            Assert.Contains(voices, voice => voice.Role == PartRole.Lead);
        }

        Assert.All(doubling.Values, part => Assert.Contains(GenreCatalog.Find(slug)!.Parts, other => other.Id == part.Doubles));
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Compose_WhenSeedsDiffer_BandsPlayOtherPatterns(string slug)
    {
        var rhythms = Enumerable.Range(0, 8).Select(seed => Rhythm(Pieces.Of(slug, 40, seed))).ToHashSet();

        Assert.InRange(rhythms.Count, 5, 8);
    }

    // Where in its bar each part but the melody strikes, over the chorus.
    private static string Rhythm(Score score)
    {
        var chorus = score.Sections.First(section => section.Name == "chorus");
        var strikes = score.Parts.Where(part => part.Role is not (PartRole.Lead or PartRole.Counter))
            .Select(part =>
                (part.Role,
                    Steps: Pieces.NotesIn(score, chorus, other => other == part).Select(note => (note.Tick + 30) / 120 % 16)
                        .Distinct().Order()))
            .OrderBy(part => part.Role).Select(part => $"{part.Role} {string.Join(' ', part.Steps)}");
        return string.Join('/', strikes);
    }

    [Theory]
    [InlineData("disco", "..X...X...X...X.")]
    [InlineData("ska", "..X...X...X...X.")]
    public void Compose_WhenASubGenreIsAsked_ItPlaysItsOwnPatterns(string prompt, string pattern)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var plan = Planner.Read(new StudioRequest { Prompt = prompt, DurationSeconds = 60, Seed = seed });
            var canvas = new Canvas(plan, GenreCatalog.Find(plan.Genre)!);
            var drums = Defaults.Grooves(canvas, canvas.Genre.Parts.First(part => part.Role == PartRole.Drums));

            Assert.Contains(pattern, drums[^1].Lines.Values);
        }
    }

    [Theory]
    [InlineData(28)]
    [InlineData(60)]
    [InlineData(180)]
    [InlineData(300)]
    public void Compose_WhenItIsBlues_EveryChorusHasTwelveBarsOrSeveralTimesThat(int seconds)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var form = Planner.Read(new StudioRequest { Prompt = "blues, 112 bpm", DurationSeconds = seconds, Seed = seed }).Form;
            var choruses = form.SkipLast(1).Where(section => section.Section is "verse" or "chorus" or "solo").ToList();

            Assert.All(choruses, section => Assert.Equal(0, section.Bars % 12));
            Assert.Equal(form[^1].StartSeconds + (form[^1].Bars * 4 * 60 / 112.0), seconds, 2 * 4 * 60 / 112.0);
            Assert.True(form.Sum(section => section.Bars) / 12 >= 1);
        }
    }

    [Fact]
    public void Compose_WhenItIsFlamencoInMinor_EndsOnTheDominantThatItCircles()
    {
        var score = Pieces.Of("flamenco", 60, 3, "in A minor");

        var last = score.Parts.SelectMany(part => part.Notes)
            .Where(note => note.Tick >= score.EndTick - score.TicksPerBar - 60 && note.Pitch < 100)
                .Select(note => note.Pitch % 12).ToHashSet();

        Assert.Contains(4, last);
        Assert.Contains(8, last);
        Assert.DoesNotContain(9, last);
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Compose_WhenAnyLengthIsAsked_FillsItWithoutSilence(string slug)
    {
        foreach (var seconds in new[] { 10, 17, 60, 300 })
        {
            var score = Pieces.Of(slug, seconds, seed: seconds);
            var lastBar = score.SecondsAt(score.EndTick - score.TicksPerBar);

            Assert.Equal(seconds, score.LengthSeconds);
            Assert.InRange(seconds - lastBar, 1.5, 1.7 + score.SecondsAt(score.TicksPerBar));
            Assert.True(Pieces.LongestSilence(score) < 1.5, $"{slug} {seconds} s: {Pieces.LongestSilence(score)} s of silence");
            Assert.InRange(score.Parts.Count, 1, 16);
        }
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Compose_WhenComposed_EveryNoteIsPlayable(string slug)
    {
        var score = Pieces.Of(slug, 90, seed: 7);
        var end = score.LengthSeconds + 0.6;

        foreach (var part in score.Parts)
        {
            Assert.All(part.Notes, note =>
            {
                Assert.InRange(note.Tick, 0, int.MaxValue);
                Assert.InRange(note.Duration, 1, int.MaxValue);
                Assert.InRange(note.Velocity, 1, 127);
                Assert.InRange(note.Pitch, 20, 110);
                Assert.True(score.SecondsAt(note.Tick + note.Duration) <= end,
                    $"{part.Name} sounds until {score.SecondsAt(note.Tick + note.Duration)} s");
            });
        }

        Assert.Equal(score.Parts.Count, score.Parts.Select(part => part.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Compose_WhenThereIsAVerseAndAChorus_TheChorusIsDenserAndLouder(string slug)
    {
        var denser = 0;
        var louder = 0;
        for (var seed = 0; seed < 5; seed++)
        {
            var score = Pieces.Of(slug, 120, seed);
            var verse = score.Sections.First(section => section.Name == "verse");
            var chorus = score.Sections.Last(section => section.Name == "chorus");
            denser += Density(score, chorus) > Density(score, verse) ? 1 : 0;
            louder += Loudness(score, chorus) > Loudness(score, verse) ? 1 : 0;
        }

        Assert.Equal((5, 5), (denser, louder));
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Compose_WhenTwoSeedsAreGiven_ThePiecesDiffer(string slug)
    {
        var first = Pieces.Of(slug, 60, 1).Parts.SelectMany(part => part.Notes).Select(note => (note.Tick / 60, note.Pitch)).ToHashSet();
        var second = Pieces.Of(slug, 60, 2).Parts.SelectMany(part => part.Notes).Select(note => (note.Tick / 60, note.Pitch)).ToHashSet();

        var same = first.Intersect(second).Count() / (double)Math.Min(first.Count, second.Count);

        Assert.True(same < 0.75, $"{same:P0} of the notes are the same");
    }

    private static double Density(Score score, Section section) => Pieces.NotesIn(score, section).Count() / (double)section.Bars;

    private static double Loudness(Score score, Section section) =>
        Pieces.NotesIn(score, section).Sum(note => (double)note.Velocity * note.Velocity) / section.Bars;
}
