using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Lyrics;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Lyrics;

/// <summary>What people paste, and what is sung of it.</summary>
[Trait("Category", "Unit")]
public class LyricTextTests
{
    [Theory]
    [InlineData("99 red balloons at 7", "ninety nine red balloons at seven")]
    [InlineData("1, 2, 3, 4 we go", "one, two, three, four we go")]
    [InlineData("I walked 500 miles", "I walked five hundred miles")]
    [InlineData("1,000 times", "one thousand times")]
    [InlineData("2500000 stars", "two million five hundred thousand stars")]
    [InlineData("Back in 1999 again", "Back in nineteen ninety nine again")]
    [InlineData("summer of 69", "summer of sixty nine")]
    [InlineData("the 1st time, the 22nd time", "the first time, the twenty second time")]
    [InlineData("dancing in the 80s", "dancing in the eighties")]
    [InlineData("the 1920s", "the nineteen twenties")]
    [InlineData("born in 2007, not 2015", "born in two thousand seven, not twenty fifteen")]
    [InlineData("100% love", "one hundred percent love")]
    [InlineData("99.9 % pure", "ninety nine point nine percent pure")]
    [InlineData("$5 and $1 and €20", "five dollars and one dollar and twenty euros")]
    [InlineData("only 5€", "only five euros")]
    [InlineData("$3.50 a cup", "three dollars fifty a cup")]
    [InlineData("at 7:30 we meet", "at seven thirty we meet")]
    [InlineData("it's 3:05", "it's three oh five")]
    [InlineData("it's 12:00", "it's twelve o'clock")]
    [InlineData("24/7", "twenty four seven")]
    [InlineData("1/2 a heart", "one half a heart")]
    [InlineData("½ a heart", "one half a heart")]
    [InlineData("3.14 is pie", "three point one four is pie")]
    [InlineData("-5 degrees", "minus five degrees")]
    [InlineData("I'm #1", "I'm number one")]
    [InlineData("agent 007", "agent zero zero seven")]
    [InlineData("call 867-5309", "call eight six seven five three zero nine")]
    [InlineData("4ever gr8 b4", "forever great before")]
    [InlineData("U2 and R2D2", "U two and R two D two")]
    [InlineData("rock & roll", "rock and roll")]
    [InlineData("1 + 1 = 2", "one plus one equals two")]
    [InlineData("10-20 people", "ten to twenty people")]
    [InlineData("９９ problems", "ninety nine problems")]
    [InlineData("no number here", "no number here")]
    public void Spoken_WhenEnglish_SaysTheNumber(string line, string sung) => Assert.Equal(sung, LyricText.Clean(line, "en"));

    [Theory]
    [InlineData("Tengo 20 años y 500 noches", "Tengo veinte años y quinientas noches")]
    [InlineData("19 días y 500 noches", "diecinueve días y quinientas noches")]
    [InlineData("21 años, 31 rosas", "veintiún años, treinta y una rosas")]
    [InlineData("1 beso y 1 vida", "un beso y una vida")]
    [InlineData("100 besos", "cien besos")]
    [InlineData("101 dálmatas", "ciento una dálmatas")]
    [InlineData("1.000 veces", "mil veces")]
    [InlineData("en 1984", "en mil novecientos ochenta y cuatro")]
    [InlineData("los 80 eran", "los ochenta eran")]
    [InlineData("3,5 grados", "tres coma cinco grados")]
    [InlineData("100% tuyo", "cien por ciento tuyo")]
    [InlineData("$5 y 1€", "cinco dólares y un euro")]
    [InlineData("a las 7:30", "a las siete y media")]
    [InlineData("a la 1:00", "a la una en punto")]
    [InlineData("mi 1er amor", "mi primer amor")]
    [InlineData("la 2ª vez", "la segunda vez")]
    [InlineData("el 3º", "el tercero")]
    [InlineData("16, 22, 26", "dieciséis, veintidós, veintiséis")]
    [InlineData("1000000 de besos", "un millón de besos")]
    [InlineData("tú & yo", "tú y yo")]
    [InlineData("a 40°", "a cuarenta grados")]
    [InlineData("24/7 contigo", "veinticuatro siete contigo")]
    [InlineData("-3 bajo cero", "menos tres bajo cero")]
    public void Spoken_WhenSpanish_SaysTheNumber(string line, string sung) => Assert.Equal(sung, LyricText.Clean(line, "es"));

    [Fact]
    public void Spoken_WhateverTheNumber_LeavesNoFigure()
    {
        var random = new Random(4);
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => "0123456789 .,:/-$€%#a's"[random.Next(23)]));
            foreach (var language in new[] { "es", "en" })
            {
                var clean = LyricText.Clean(text, language);
                Assert.DoesNotContain(clean, char.IsDigit);
                Assert.Equal(clean, LyricText.Clean(clean, language));
            }
        }
    }

    [Theory]
    [InlineData("CHORUS:\nwe are one\n{bridge}\nhold on\n(Verse 2)\nlet go", "[chorus]\nwe are one\n[bridge]\nhold on\n[verse]\nlet go")]
    [InlineData("Verse 1\nhello\nChorus\nworld", "[verse]\nhello\n[chorus]\nworld")]
    [InlineData("**Estribillo**\nven\n## Puente\nno", "[chorus]\nven\n[bridge]\nno")]
    [InlineData("Coro (x2):\nven", "[chorus]\nven")]
    [InlineData("Chorus: we are one", "[chorus]\nwe are one")]
    [InlineData("[Verse 1: Ana]\nhello", "[verse]\nhello")]
    [InlineData("[Pre-Chorus]\nup\nPRE-CHORUS\nup", "[pre-chorus]\nup\n[pre-chorus]\nup")]
    [InlineData("Second Verse\nhello\nSegunda estrofa:\nhola", "[verse]\nhello\n[verse]\nhola")]
    [InlineData("<bridge>\nhold\n--- Outro ---\nbye", "[bridge]\nhold\n[outro]\nbye")]
    [InlineData("{start_of_chorus}\nla\n{end_of_chorus}", "[chorus]\nla")]
    [InlineData("[Guitar solo]\n[Verse]\nhey\n[whispered]\nyou", "[solo]\n[verse]\nhey\nyou")]
    [InlineData("[Verse][Am]Hello [G]world\nAm  F  C  G", "[verse]\nHello world")]
    [InlineData("[ar:Nobody]\n[00:12.50]hello\n[00:15.00]world", "hello\nworld")]
    [InlineData("we are one (x2)\nhold on (bis)", "we are one\nwe are one\nhold on\nhold on")]
    [InlineData("the bridge is long\nsolo\nFinal\nverse of my life", "the bridge is long\nsolo\nFinal\nverse of my life")]
    [InlineData("(ooh la la)\nbaby: come back", "(ooh la la)\nbaby: come back")]
    public void Clean_WhenALineNamesASection_ItIsNotSung(string text, string clean)
    {
        Assert.Equal(clean, LyricText.Clean(text, "en"));
        Assert.Equal(clean, LyricText.Clean(clean, "en"));
    }

    [Theory]
    [InlineData("[Instrumental]", false)]
    [InlineData("(Instrumental)\n\n[Outro]", false)]
    [InlineData("...", false)]
    [InlineData("99", true)]
    [InlineData("la", true)]
    public void HasWords_WhenNothingIsSung_IsFalse(string text, bool words) =>
        Assert.Equal(words, LyricText.HasWords(LyricText.Clean(text, "en")));

    [Fact]
    public void Plan_WhenLyricsHaveNumbers_SingsThem()
    {
        var words = Sung("pop en español", "Tengo 20 años y 500 noches").Select(word => word.Word);
        Assert.Equal(["Tengo", "veinte", "años", "y", "quinientas", "noches"], words.Take(6));
        Assert.Equal(
            ["ninety", "nine", "red", "balloons", "at", "seven"], Sung("pop", "99 red balloons at 7").Select(word => word.Word).Take(6));
    }

    [Fact]
    public void Plan_WhenOnlyThePromptNamesTheLanguage_NumbersFollowIt()
    {
        Assert.Equal("uno, dos, tres", Planner.Read(Request("cumbia en español", "1, 2, 3")).Lyrics);
        Assert.Equal("one, two, three", Planner.Read(Request("cumbia in english", "1, 2, 3")).Lyrics);
    }

    [Theory]
    [InlineData("[Instrumental]")]
    [InlineData(null)]
    [InlineData("...")]
    public void Plan_WhenThereIsNothingToSing_IsInstrumental(string? lyrics)
    {
        var plan = Planner.Read(Request("pop song with female vocals", lyrics));

        Assert.True(plan.Instrumental);
        Assert.Null(plan.Lyrics);
        Assert.DoesNotContain(plan.Voices, voice => voice.Role == PartRole.Voice);
        Assert.Contains(plan.Ignored, wish => wish.What == "vocals");
    }

    private static IReadOnlyList<WordTiming> Sung(string prompt, string lyrics) =>
        WordTimings.Of(Composer.Compose(Planner.Read(Request(prompt, lyrics))));

    private static StudioRequest Request(string prompt, string? lyrics) =>
        new() { Prompt = prompt, Lyrics = lyrics, Instrumental = false, DurationSeconds = 20, Seed = 3 };
}
