using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Studio.Tests.Planning;

[Trait("Category", "Unit")]
public class PromptReaderTests
{
    [Theory]
    [InlineData("soft bossa nova, 120 bpm", "bossa-nova")]
    [InlineData("Un reguetón para bailar", "reggaeton")]
    [InlineData("perreo intenso", "reggaeton")]
    [InlineData("lofi beats to study", "lo-fi")]
    [InlineData("lo-fi hip hop", "lo-fi")]
    [InlineData("Drum & Bass oscuro", "drum-and-bass")]
    [InlineData("dnb roller", "drum-and-bass")]
    [InlineData("música clásica con violín", "classical")]
    [InlineData("a Viennese waltz", "classical")]
    [InlineData("cumbia villera", "cumbia")]
    [InlineData("salsa brava con trombones", "salsa")]
    [InlineData("deep house at sunset", "house")]
    [InlineData("disco house", "house")]
    [InlineData("UK garage", "house")]
    [InlineData("EDM festival", "electronic")]
    [InlineData("funk con slap", "funk")]
    [InlineData("disco de los 70", "funk")]
    [InlineData("neurofunk", "drum-and-bass")]
    [InlineData("soul de los 60", "soul")]
    [InlineData("R&B ballad", "soul")]
    [InlineData("rhythm and blues", "soul")]
    [InlineData("gospel", "soul")]
    [InlineData("roots reggae", "reggae")]
    [InlineData("ska rápido", "reggae")]
    [InlineData("dub", "reggae")]
    [InlineData("dancehall", "reggaeton")]
    [InlineData("blues lento en mi", "blues")]
    [InlineData("12-bar blues", "blues")]
    [InlineData("country alegre", "country")]
    [InlineData("bluegrass with banjo", "country")]
    [InlineData("tango triste con bandoneón", "tango")]
    [InlineData("milonga", "tango")]
    [InlineData("flamenco", "flamenco")]
    [InlineData("rumba flamenca", "flamenco")]
    [InlineData("rumba cubana", "salsa")]
    [InlineData("bachata romántica", "bachata")]
    [InlineData("merengue", "merengue")]
    [InlineData("perico ripiao", "merengue")]
    [InlineData("música electrónica", "electronic")]
    [InlineData("thrash metal", "metal")]
    [InlineData("epic metal with choirs", "metal")]
    [InlineData("epic trailer music", "cinematic")]
    [InlineData("banda sonora de película", "cinematic")]
    [InlineData("punk rock", "rock")]
    [InlineData("rock en español", "rock")]
    [InlineData("boom bap", "hip-hop")]
    [InlineData("trap latino", "trap")]
    [InlineData("swing de los años 40", "jazz")]
    [InlineData("celtic ballad", "folk")]
    [InlineData("80s pop", "pop")]
    [InlineData("música de los años 80", "synthwave")]
    [InlineData("outrun night drive", "synthwave")]
    [InlineData("meditación profunda", "ambient")]
    [InlineData("minimal techno", "techno")]
    [InlineData("something dreamy", "ambient")]
    [InlineData("música triste de desamor", "pop")]
    [InlineData("xyzzy plugh", "pop")]
    [InlineData("", "pop")]
    public void Read_WhenAGenreIsMeant_FindsIt(string prompt, string genre) => Assert.Equal(genre, PlanOf(prompt).Genre);

    [Theory]
    [InlineData("happy song", "happy")]
    [InlineData("una canción alegre", "happy")]
    [InlineData("tema oscuro y pesado", "dark")]
    [InlineData("melancholic piano", "melancholic")]
    [InlineData("balada romántica", "romantic")]
    [InlineData("música relajante", "relaxed")]
    [InlineData("misteriosa y lenta", "mysterious")]
    [InlineData("energetic workout", "energetic")]
    [InlineData("nostálgica", "nostalgic")]
    [InlineData("música épica de batalla", "epic")]
    public void Read_WhenAMoodIsMeant_FindsIt(string prompt, string mood) => Assert.Equal(mood, PlanOf(prompt).Mood);

    [Theory]
    [InlineData("house 126 bpm", 126)]
    [InlineData("house 126bpm", 126)]
    [InlineData("a 95 BPM", 95)]
    [InlineData("tempo de 70", 70)]
    [InlineData("bpm: 140", 140)]
    [InlineData("andante", 84)]
    [InlineData("presto", 180)]
    [InlineData("99 luftballons", null)]
    [InlineData("5000 bpm", null)]
    public void Read_WhenATempoIsNamed_TakesIt(string prompt, int? tempo) => Assert.Equal(tempo, PromptReader.Read(prompt).Tempo);

    [Theory]
    [InlineData("rock in A minor", "A minor")]
    [InlineData("en la menor", "A minor")]
    [InlineData("en Si bemol mayor", "Bb major")]
    [InlineData("F# minor techno", "F# minor")]
    [InlineData("fa sostenido menor", "F# minor")]
    [InlineData("key of G", "G major")]
    [InlineData("Bb major swing", "Bb major")]
    [InlineData("tonalidad de re", "D major")]
    [InlineData("pop en C#m", "C# minor")]
    [InlineData("blues lento en mi", "E major")]
    [InlineData("blues in E, with harmonica", "E major")]
    [InlineData("tango en re con violín", "D major")]
    [InlineData("en mi casa", null)]
    [InlineData("in a garden", null)]
    [InlineData("playing in a club", null)]
    [InlineData("en la playa", null)]
    [InlineData("I am sad", null)]
    [InlineData("in a minor key", null)]
    public void Read_WhenAKeyIsNamed_TakesIt(string prompt, string? key) => Assert.Equal(key, PromptReader.Read(prompt).Key?.Name);

    [Theory]
    [InlineData("slow rock", "fast rock")]
    [InlineData("salsa lenta", "salsa rápida")]
    [InlineData("very slow jazz", "slow jazz")]
    public void Read_WhenAPaceIsNamed_TheTempoFollows(string slower, string faster) =>
        Assert.True(PlanOf(slower).Tempo < PlanOf(faster).Tempo);

    [Theory]
    [InlineData("rock sin batería", "drums")]
    [InlineData("rock with no drums", "drums")]
    [InlineData("techno without drums or bass", "drums bass")]
    [InlineData("pop sin guitarras ni piano, con trompeta", "guitar piano")]
    [InlineData("jazz, no piano, no sax", "piano sax")]
    [InlineData("cinematic without strings and choir", "strings choir")]
    [InlineData("electronic, no synths", "synth")]
    [InlineData("folk sin bajo", "bass")]
    public void Read_WhenInstrumentsAreExcluded_TheyNeverAppear(string prompt, string families)
    {
        var members = Studio.Genres.Common.Data.Families.Where(family => family.Words.Intersect(families.Split(' ')).Any())
            .SelectMany(family => family.Members).ToHashSet();
        for (var seed = 0; seed < 12; seed++)
        {
            var plan = Planner.Read(new StudioRequest { Prompt = prompt, Seed = seed });

            Assert.NotEmpty(plan.Voices);
            Assert.DoesNotContain(plan.Voices, voice => members.Contains(voice.Instrument));
        }
    }

    [Theory]
    [InlineData("rock con trompeta", "Trumpet")]
    [InlineData("lo-fi with strings", "Strings")]
    [InlineData("ambient with cello and harp", "Cello")]
    [InlineData("cumbia con acordeón", "Accordion")]
    [InlineData("pop with violin", "Violin")]
    [InlineData("techno con flauta", "Flute")]
    [InlineData("metal with choir", "Choir")]
    [InlineData("jazz con contrabajo", "Acoustic Bass")]
    [InlineData("funk con slap", "Slap Bass")]
    [InlineData("tango triste con bandoneón", "Bandoneon")]
    [InlineData("trap with banjo", "Banjo")]
    public void Read_WhenAnInstrumentIsAsked_ItPlays(string prompt, string instrument)
    {
        var plan = PlanOf(prompt);
        var score = Studio.Composing.Composer.Compose(plan);

        Assert.Contains(instrument, plan.Instruments);
        Assert.Contains(score.Parts, part => part.Name == instrument && part.Notes.Count > 4);
    }

    [Theory]
    [InlineData("solo piano", "Grand Piano")]
    [InlineData("only acoustic guitar", "Acoustic Guitar")]
    public void Read_WhenOneInstrumentIsAskedAlone_NothingElsePlays(string prompt, string instrument) =>
        Assert.Equal([instrument], PlanOf(prompt).Instruments);

    [Theory]
    [InlineData("pop with a guitar solo", "solo")]
    [InlineData("rock con solo de guitarra", "solo")]
    [InlineData("folk con puente", "bridge")]
    [InlineData("jazz with a bridge", "bridge")]
    public void Read_WhenASectionIsAsked_TheFormHasIt(string prompt, string section) =>
        Assert.Contains(section, PlanOf(prompt).Form.Select(part => part.Section));

    [Fact]
    public void Read_WhenASectionIsUnwanted_TheFormLacksIt() =>
        Assert.DoesNotContain("intro", PlanOf("rock, no intro").Form.Select(part => part.Section));

    [Theory]
    [InlineData("pop in 3/4", "3/4")]
    [InlineData("vals", "3/4")]
    [InlineData("irish folk", "6/8")]
    [InlineData("balada en 6/8", "6/8")]
    [InlineData("country waltz", "3/4")]
    [InlineData("bulerías", "6/8")]
    public void Read_WhenAMeterIsNamed_TakesIt(string prompt, string meter) => Assert.Equal(meter, PlanOf(prompt).TimeSignature.ToString());

    [Fact]
    public void Read_WhenTheGenreAskedForIsASubGenre_TakesItsWays()
    {
        var field = Planner.Read(new StudioRequest { Prompt = "for a long night", Genre = "Disco", Seed = 4 });
        var prompt = Planner.Read(new StudioRequest { Prompt = "disco for a long night", Seed = 4 });

        Assert.Equal((prompt.Genre, prompt.Tempo), (field.Genre, field.Tempo));
        Assert.Equal(prompt.Takes, field.Takes);
    }

    [Fact]
    public void Read_WhenATempoIsAskedButNoMeter_TakesTheUsualOne()
    {
        var free = Enumerable.Range(0, 20)
            .Select(seed => Planner.Read(new StudioRequest { Prompt = "classical", Seed = seed }).TimeSignature.ToString());
        var counted = Enumerable.Range(0, 20)
            .Select(seed => Planner.Read(new StudioRequest { Prompt = "classical, 96 bpm", Seed = seed }).TimeSignature.ToString());

        Assert.Contains("3/4", free);
        Assert.All(counted, meter => Assert.Equal("4/4", meter));
    }

    [Theory]
    [InlineData("jingle, 20 seconds", 20)]
    [InlineData("dos minutos de jazz", 120)]
    [InlineData("2 min ambient", 120)]
    [InlineData("rock", 60)]
    public void Read_WhenALengthIsNamedAndNobodySetOne_TakesIt(string prompt, int seconds) =>
        Assert.Equal(seconds, Planner.Read(new StudioRequest { Prompt = prompt, LengthFromPrompt = true }).DurationSeconds);

    [Fact]
    public void Read_WhenFieldsAreSet_TheyWinOverThePrompt()
    {
        var plan = Planner.Read(new StudioRequest
        {
            Prompt = "slow sad jazz in C minor, 70 bpm, 20 seconds",
            Genre = "techno",
            Mood = "happy",
            Tempo = 133,
            Key = "Eb major",
            DurationSeconds = 45,
        });

        Assert.Equal(("techno", "happy", 133, "Eb major", 45), (plan.Genre, plan.Mood, plan.Tempo, plan.Key.Name, plan.DurationSeconds));
    }

    [Fact]
    public void Read_WhenThePromptIsNoise_AlwaysGivesAPlan()
    {
        var dice = Studio.Planning.Dice.For(7, "fuzz");
        string[] pieces =
        [
            "no", "sin", "drums", "bass", "piano", "guitar", "all", "#", "♭", "en", "la", "si", "menor", "120", "bpm", "🎵", "\0",
            "<script>", "'; drop table", "solo", "only",
            "de", "3/4", "99999999999999999999", "-1", "%s", "ñ", "𝄞", "\ud800", ",", "key", "of", "with", "80s", "minute", "0", "intro",
            "not", "house", "metal", "\n", "a", "b",
        ];
        for (var i = 0; i < 150; i++)
        {
            var prompt = string.Join(dice.Chance(0.8) ? " " : "", Enumerable.Range(0, dice.Below(14)).Select(_ => dice.Pick(pieces)));
            var plan = Planner.Read(
                new StudioRequest { Prompt = prompt, Seed = i, DurationSeconds = 10 + dice.Below(60), LengthFromPrompt = true });

            Assert.NotEmpty(plan.Voices);
            Assert.NotEmpty(Studio.Composing.Composer.Compose(plan).Parts);
        }
    }

    private static Plan PlanOf(string prompt) => Planner.Read(new StudioRequest { Prompt = prompt, Seed = 4 });
}
