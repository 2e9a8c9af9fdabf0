using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Planning;

/// <summary>What prompts are easily taken for.</summary>
[Trait("Category", "Unit")]
public class MisreadingTests
{
    [Theory]
    [InlineData("folk metal", "metal")]
    [InlineData("jazz-rap", "hip-hop")]
    [InlineData("latin jazz", "salsa")]
    [InlineData("R&B ballad", "soul")]
    [InlineData("epic rock with choir", "rock")]
    [InlineData("christmas jazz", "jazz")]
    [InlineData("punk with reggae influences", "rock")]
    [InlineData("heavy dubstep with metal guitars", "drum-and-bass")]
    [InlineData("acoustic ballad", "folk")]
    [InlineData("corrido tumbado", "folk")]
    [InlineData("música andina con quena y charango", "cumbia")]
    [InlineData("amapiano", "house")]
    [InlineData("canción de cuna", "classical")]
    [InlineData("marcha militar", "cinematic")]
    [InlineData("para meditar", "ambient")]
    public void Read_WhenSeveralGenresAreNamed_TakesTheOneThatIsMeant(string prompt, string genre) =>
        Assert.Equal(genre, PlanOf(prompt).Genre);

    [Theory]
    [InlineData("rock bottom")]
    [InlineData("a metal fence")]
    [InlineData("house by the sea")]
    [InlineData("my house in the country")]
    [InlineData("deep in the jungle")]
    [InlineData("soul searching")]
    [InlineData("jazz hands")]
    [InlineData("popular")]
    [InlineData("soulmate")]
    [InlineData("rocking chair")]
    public void Read_WhenAWordOfMusicMeansAThing_NamesNoGenre(string prompt) => Assert.Null(PromptReader.Read(prompt).Genre);

    [Theory]
    [InlineData("a rock ballad", "rock")]
    [InlineData("the house track of the summer", "house")]
    [InlineData("a country song", "country")]
    public void Read_WhenAWordOfMusicFollowsIt_NamesTheGenre(string prompt, string genre) =>
        Assert.Equal(genre, PromptReader.Read(prompt).Genre?.Slug);

    [Theory]
    [InlineData("good vibes", 0)]
    [InlineData("organ donor", 0)]
    [InlineData("bass clarinet", 1)]
    [InlineData("crystal clear water", 0)]
    public void Read_WhenAnInstrumentIsOnlyPartOfAPhrase_IsNotAskedForIt(string prompt, int count) =>
        Assert.Equal(count, PromptReader.Read(prompt).Asked.Count);

    [Theory]
    [InlineData("ciento veinte bpm", 120)]
    [InlineData("one hundred and ten beats per minute", 110)]
    [InlineData("a 95 pulsaciones", 95)]
    [InlineData("tempo 100-110", 105)]
    [InlineData("between 80 and 90 bpm", 85)]
    [InlineData("techno at 130", 130)]
    [InlineData("techno, 130, dark", 130)]
    [InlineData("un viaje largo", null)]
    [InlineData("una voz grave", null)]
    [InlineData("route 66", null)]
    [InlineData("99 problems", null)]
    [InlineData("summer of 69", null)]
    [InlineData("blink 182", null)]
    public void Read_WhenNumbersAreSaid_OnlyATempoIsOne(string prompt, int? tempo) => Assert.Equal(tempo, PromptReader.Read(prompt).Tempo);

    [Theory]
    [InlineData("2:30", 150)]
    [InlineData("minuto y medio", 90)]
    [InlineData("dos minutos y medio", 150)]
    [InlineData("half a minute", 30)]
    [InlineData("1 min 30 s", 90)]
    [InlineData("jingle 45s", 45)]
    [InlineData("80s pop", null)]
    [InlineData("at 3:30 in the morning", null)]
    [InlineData("with a 20 second intro", null)]
    public void Read_WhenALengthIsSaid_TakesAllOfIt(string prompt, int? seconds) =>
        Assert.Equal(seconds, PromptReader.Read(prompt).DurationSeconds);

    [Theory]
    [InlineData("C# dorian", "C# minor")]
    [InlineData("modo frigio en mi", "E minor")]
    [InlineData("D mixolydian", "D major")]
    [InlineData("si bemol", "Bb major")]
    [InlineData("in E at 120 bpm", "E major")]
    [InlineData("la mayor fiesta del año", null)]
    [InlineData("no tengo la menor idea", null)]
    [InlineData("a flat tire", null)]
    public void Read_WhenAKeyIsSaid_TakesItsMode(string prompt, string? key) => Assert.Equal(key, PromptReader.Read(prompt).Key?.Name);

    [Theory]
    [InlineData("mi hermana menor", null)]
    [InlineData("in a major city", null)]
    [InlineData("minor blues", true)]
    [InlineData("acordes menores, en modo menor", true)]
    public void Read_WhenAModeIsSaid_ItIsOneOfMusic(string prompt, bool? minor) => Assert.Equal(minor, PromptReader.Read(prompt).Minor);

    [Theory]
    [InlineData("not too fast")]
    [InlineData("no muy rápido")]
    [InlineData("but not slow")]
    public void Read_WhenAPaceIsDenied_ItIsNotTaken(string prompt) => Assert.Equal(0, PromptReader.Read(prompt).Pace);

    [Theory]
    [InlineData("only strings", "Violin, Strings, Viola, Cello")]
    [InlineData("música clásica para cuerdas", "Violin, Strings, Viola, Cello")]
    [InlineData("string quartet", "Violin, Strings, Viola, Cello")]
    [InlineData("música clásica para piano", "Grand Piano")]
    [InlineData("piano solo, melancholic", "Grand Piano")]
    [InlineData("violin and piano duet", "Grand Piano, Violin")]
    [InlineData("a cappella", "Voice, Choir")]
    [InlineData("nothing but guitar", "Acoustic Guitar")]
    public void Read_WhenTheBandIsNamed_NobodyElsePlays(string prompt, string band) =>
        Assert.Equal(band.Split(", ").Order(), PlanOf(prompt).Instruments.Order());

    [Theory]
    [InlineData("verso estribillo verso", "verse chorus verse")]
    [InlineData("verse, chorus, verse, chorus, bridge, chorus", "verse chorus verse chorus bridge chorus")]
    public void Read_WhenAFormIsTold_FollowsIt(string prompt, string form) =>
        Assert.Equal(form.Split(' '), Planner.Read(new StudioRequest { Prompt = prompt, Seed = 4, DurationSeconds = 120 }).Form.Select(
            section => section.Section));

    [Fact]
    public void Read_WhenTheChorusIsUnwanted_ThereIsNone() =>
        Assert.DoesNotContain(PlanOf("pop sin estribillo").Form, section => section.Section == "chorus");

    [Fact]
    public void Read_WhenItIsToGrow_EnergyRises()
    {
        var form = Planner.Read(new StudioRequest { Prompt = "pop, starts quiet and builds", Seed = 4, DurationSeconds = 150 }).Form;

        Assert.True(form[^1].Energy > form[0].Energy + 0.3);
        Assert.True(form.Where(section => section.Section == "chorus").Select(section => section.Energy).SequenceEqual(
            form.Where(section => section.Section == "chorus").Select(section => section.Energy).Order()));
    }

    [Fact]
    public void Read_WhenASoloIsAskedOfAnInstrument_ItPlaysTheSolo()
    {
        var plan = Planner.Read(new StudioRequest { Prompt = "pop with a saxophone solo", Seed = 4, DurationSeconds = 120 });
        var score = Composer.Compose(plan);
        var solo = score.Sections.Single(section => section.Name == "solo");

        var inSolo = Composing.Pieces.NotesIn(score, solo, part => part.Role == PartRole.Lead && part.Name.Contains("Sax")).Count();

        Assert.True(inSolo > 8);
        Assert.Empty(Composing.Pieces.NotesIn(score, solo, part => part.Role == PartRole.Lead && !part.Name.Contains("Sax")));
    }

    [Fact]
    public void Read_WhenASubGenreIsKnownByInstruments_TheyPlay()
    {
        var plan = PlanOf("mariachi alegre");

        Assert.Contains("Trumpet", plan.Instruments);
        Assert.Contains("Nylon Guitar", plan.Instruments);
        Assert.DoesNotContain("Organ", plan.Instruments);
        Assert.Single(plan.Voices, voice => voice.Instrument == "trumpet");
    }

    private static Plan PlanOf(string prompt) => Planner.Read(new StudioRequest { Prompt = prompt, Seed = 4 });
}
