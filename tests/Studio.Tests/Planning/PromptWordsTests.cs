using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Planning;

[Trait("Category", "Unit")]
public class PromptWordsTests
{
    [Theory]
    [InlineData("this song will be a major hit, happy pop")]
    [InlineData("a major pop hit for the summer")]
    [InlineData("it's a minor inconvenience, funny folk")]
    [InlineData("it was a minor, nothing else")]
    [InlineData("rock about a major breakthrough")]
    [InlineData("mi mayor miedo, balada")]
    [InlineData("la mayor fiesta del verano")]
    [InlineData("para mi menor hijo, nana")]
    public void Key_WhenTheWordIsAnArticle_IsNone(string prompt) => Assert.Null(PromptReader.Read(prompt).Key);

    [Theory]
    [InlineData("A minor, slow", "A minor")]
    [InlineData("happy pop in A major", "A major")]
    [InlineData("jazz in A minor at 120 bpm", "A minor")]
    [InlineData("blues in A minor with harmonica", "A minor")]
    [InlineData("a minor blues in a minor", "A minor")]
    [InlineData("tango en la menor", "A minor")]
    [InlineData("vals en mi menor con violín", "E minor")]
    [InlineData("in A minor blues style", "A minor")]
    public void Key_WhenTheWordIsALetter_IsRead(string prompt, string key) => Assert.Equal(key, PromptReader.Read(prompt).Key?.Name);

    [Theory]
    [InlineData("drumless folk")]
    [InlineData("rock sans batterie")]
    [InlineData("pop ohne Schlagzeug")]
    [InlineData("samba sem bateria")]
    [InlineData("rock senza batteria")]
    [InlineData("beatless techno")]
    [InlineData("drum-free ambient rock")]
    [InlineData("rock w/o drums")]
    [InlineData("funk, zero drums")]
    [InlineData("pop, remove the drums")]
    [InlineData("rock, don't use drums or percussion")]
    [InlineData("salsa sin usar percusión")]
    [InlineData("pop, que no haya batería")]
    public void Band_WhenDrumsAreRefused_HasNone(string prompt)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var voices = Planner.Read(new StudioRequest { Prompt = prompt, Seed = seed }).Voices;
            Assert.DoesNotContain(voices, voice => voice.Role is PartRole.Drums or PartRole.Percussion);
        }
    }

    [Theory]
    [InlineData("bassless rock", PartRole.Bass)]
    [InlineData("sans basse, pop", PartRole.Bass)]
    public void Band_WhenARoleIsRefused_HasNone(string prompt, PartRole role) =>
        Assert.DoesNotContain(Planner.Read(new StudioRequest { Prompt = prompt }).Voices, voice => voice.Role == role);

    [Theory]
    [InlineData("drums, free jazz")]
    [InlineData("drum solo, restless rock")]
    [InlineData("a careless rock song")]
    public void Band_WhenNothingIsRefused_HasDrums(string prompt) =>
        Assert.Contains(Planner.Read(new StudioRequest { Prompt = prompt }).Voices, voice => voice.Role == PartRole.Drums);

    [Theory]
    [InlineData("♩=88 jazz ballad", 88)]
    [InlineData("♩ = 132, rock", 132)]
    [InlineData("jig, ♩. = 110", 110)]
    [InlineData("♪=176 reggae", 88)]
    [InlineData("quarter note = 96 pop", 96)]
    [InlineData("negra = 72, bolero", 72)]
    [InlineData("half note = 60, march", 120)]
    [InlineData("M.M. 104 folk", 104)]
    [InlineData("q=140 metal", 140)]
    [InlineData("𝅘𝅥 = 90 soul", 90)]
    public void Tempo_WhenItIsAMetronomeMark_IsRead(string prompt, int tempo) => Assert.Equal(tempo, PromptReader.Read(prompt).Tempo);

    [Theory]
    [InlineData("progressive rock in 5/4", "5/4")]
    [InlineData("metal in 7/8", "7/8")]
    [InlineData("slow blues in 12/8", "12/8")]
    [InlineData("marcha en 2/4", "2/4")]
    [InlineData("pop ballad, 5/4", "5/4")]
    [InlineData("jazz en cinco por cuatro", "5/4")]
    [InlineData("rock, seven eight time", "7/8")]
    [InlineData("blues en doce octavos", "12/8")]
    [InlineData("slip jig, 9/8", "9/8")]
    [InlineData("rock 5 por 4", "5/4")]
    [InlineData("vals en 3 / 4", "3/4")]
    [InlineData("jazz in five", "5/4")]
    [InlineData("balada en seis por ocho", "6/8")]
    public void Meter_WhenAskedFor_IsPlanned(string prompt, string meter)
    {
        var plan = Planner.Read(new StudioRequest { Prompt = prompt, DurationSeconds = 20 });

        Assert.Equal(meter, plan.TimeSignature.ToString());
        Assert.Empty(plan.Ignored);
    }

    [Theory]
    [InlineData("rock in 11/8", "11/8")]
    [InlineData("prog in 7/4", "7/4")]
    [InlineData("march in cut time", "2/2")]
    [InlineData("alternating 4/4 and 7/8, rock", "7/8")]
    [InlineData("rock at 300 bpm", "300 bpm")]
    [InlineData("drone at 20 bpm", "20 bpm")]
    [InlineData("jazz in D dorian", "dorian")]
    [InlineData("flamenco en modo frigio", "frigio")]
    [InlineData("rock with theremin", "theremin")]
    [InlineData("techno that speeds up, accelerando", "accelerando")]
    public void Ignored_WhenAWishIsNotOffered_TellsWhatAndWhy(string prompt, string what)
    {
        var plan = Planner.Read(new StudioRequest { Prompt = prompt });

        Assert.Contains(plan.Ignored, wish => wish.What == what && wish.Why.Length > 10);
    }

    [Fact]
    public void Ignored_WhenFieldsCantBeKept_TellsThem()
    {
        var plan = Planner.Read(new StudioRequest
        {
            Prompt = "a 20 minute drone",
            LengthFromPrompt = true,
            Mood = "glorpy",
            Lyrics = "la la",
            Instrumental = true
        });

        Assert.Equal(["lyrics", "1200 s", "glorpy"], plan.Ignored.Select(wish => wish.What));
        Assert.Contains(
            Relatives.Remix(plan, new RemixOptions(Prompt: "in 7/8")).Ignored, wish =>
                wish.What == "7/8" && wish.Why.Contains("4/4", StringComparison.Ordinal));
    }

    [Fact]
    public void Ignored_WhenEverythingIsOffered_IsEmpty() =>
        Assert.All(GenreCatalog.All, genre => Assert.Empty(
            Planner.Read(new StudioRequest { Prompt = $"{genre.Name.En} at 100 bpm without strings" }).Ignored));
}
