using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Lyrics;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Lyrics;

[Trait("Category", "Unit")]
public class LyricTests
{
    private const string Song = """
        [Verso]
        Camino solo bajo la luz de la ciudad
        Buscando el eco de tu voz
        La noche guarda lo que fuimos tú y yo
        Y el viento no me deja olvidar

        [Estribillo]
        Vuelve a mí, corazón
        Que la canción no se acabó
        Vuelve a mí, dame el sol
        Que la mañana nos encontró
        """;

    [Theory]
    [InlineData("corazón", "co-ra-zón")]
    [InlineData("guitarra", "gui-ta-rra")]
    [InlineData("ciudad", "ciu-dad")]
    [InlineData("poeta", "po-e-ta")]
    [InlineData("día", "dí-a")]
    [InlineData("transporte", "trans-por-te")]
    [InlineData("noche", "no-che")]
    [InlineData("cuando", "cuan-do")]
    [InlineData("aquí", "a-quí")]
    [InlineData("hablar", "ha-blar")]
    [InlineData("y", "y")]
    [InlineData("muy", "muy")]
    public void Of_WhenTheWordIsSpanish_DividesIt(string word, string expected) =>
        Assert.Equal(expected, string.Join('-', Syllables.Of(word, "es")));

    [Theory]
    [InlineData("forever", "fo-re-ver")]
    [InlineData("time", "time")]
    [InlineData("little", "lit-tle")]
    [InlineData("wanted", "wan-ted")]
    [InlineData("loved", "loved")]
    [InlineData("dreaming", "drea-ming")]
    [InlineData("sunshine", "sun-shine")]
    [InlineData("night", "night")]
    [InlineData("station", "sta-tion")]
    public void Of_WhenTheWordIsEnglish_DividesIt(string word, string expected) =>
        Assert.Equal(expected, string.Join('-', Syllables.Of(word, "en")));

    [Fact]
    public void Parse_WhenTagsAreSpanish_NamesTheStanzas()
    {
        var sheet = LyricSheet.Parse(Song + "\n[Puente]\nuna línea\n[Coro]");

        Assert.Equal(["verse", "chorus", "bridge", "chorus"], sheet.Blocks.Select(block => block.Kind));
        Assert.Equal(sheet.Blocks[1].Lines, sheet.Blocks[3].Lines);
        Assert.Equal("es", sheet.Language);
    }

    [Fact]
    public void Parse_WhenThereAreNoTags_WhatRepeatsIsTheChorus()
    {
        var sheet = LyricSheet.Parse("walking home\nin the rain\n\nsing it loud\n\nanother day\nin the sun\n\nsing it loud");

        Assert.Equal(["verse", "chorus", "verse", "chorus"], sheet.Blocks.Select(block => block.Kind));
        Assert.Equal("en", sheet.Language);
    }

    [Theory]
    [InlineData("pop", 60)]
    [InlineData("rock", 120)]
    [InlineData("folk", 45)]
    [InlineData("reggaeton", 90)]
    public void Compose_WhenThereAreLyrics_SingsEveryWordInOrder(string genre, int seconds)
    {
        var score = Sung(genre, seconds, Song);
        var words = WordTimings.Of(score);
        var first = words.Take(7).Select(word => word.Word);

        Assert.Equal(["Camino", "solo", "bajo", "la", "luz", "de", "la"], first);
        Assert.Contains(words, word => word.Word.StartsWith("encontró", StringComparison.Ordinal));
        Assert.All(words.Zip(words.Skip(1)), pair => Assert.True(pair.First.EndSeconds <= pair.Second.StartSeconds + 0.06));
        Assert.All(words, word => Assert.True(word.EndSeconds > word.StartSeconds));
    }

    [Fact]
    public void Compose_WhenThereAreLyrics_EverySyllableHasItsNote()
    {
        var score = Sung("pop", 90, Song);
        var voice = score.Parts.Single(part => part.Role == PartRole.Voice);

        Assert.Equal(voice.Notes.Select(note => (note.Tick, note.Pitch)), score.Lyrics.Select(syllable => (syllable.Tick, syllable.Pitch)));
    }

    [Fact]
    public void Compose_WhenTheChorusIsSung_ItStandsInAChorus()
    {
        var score = Sung("pop", 60, Song);
        var word = score.Lyrics.First(syllable => syllable.Word.StartsWith("Vuelve", StringComparison.Ordinal));
        var section = score.Sections.Last(candidate => candidate.StartBar * score.TicksPerBar <= word.Tick + 60);

        Assert.Equal("chorus", section.Name);
    }

    [Theory]
    [InlineData("[Verse]")]
    [InlineData("...\n---")]
    [InlineData("hm")]
    [InlineData("[[[")]
    public void Compose_WhenTheLyricsAreHardlyAny_StillComposes(string lyrics) => Assert.NotEmpty(Sung("pop", 20, lyrics).Parts);

    [Fact]
    public void Compose_WhenTheTextIsMuchTooLong_StaysInTime()
    {
        var score = Sung("pop", 30, string.Concat(Enumerable.Repeat("una palabra tras otra sin parar jamás en esta canción\n", 90)));

        Assert.True(WordTimings.Of(score)[^1].EndSeconds <= 30);
    }

    private static Score Sung(string genre, int seconds, string lyrics) =>
        Composer.Compose(Planner.Read(
            new StudioRequest { Prompt = "", Genre = genre, DurationSeconds = seconds, Lyrics = lyrics, Instrumental = false, Seed = 21 }));
}
