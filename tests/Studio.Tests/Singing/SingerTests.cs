using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Rendering;
using Son1kVers3.Studio.Scores;
using Son1kVers3.Studio.Singing;
using Son1kVers3.Studio.Tests.Rendering;

namespace Son1kVers3.Studio.Tests.Singing;

[Trait("Category", "Integration")]
[Collection(StudioCollection.Name)]
public sealed class SingerTests(StudioFixture studio)
{
    private static readonly (string Word, string[] Syllables)[] Spanish = [("corazón", ["co", "ra", "zón"]), ("bajo", ["ba", "jo"]),
        ("la", ["la"]), ("luna", ["lu", "na"])];
    private static readonly (string Word, string[] Syllables)[] English = [("beautiful", ["beau", "ti", "ful"]),
        ("morning", ["mor", "ning"]), ("light", ["light"]), ("fire", ["fi", "re"])];

    [Theory]
    [InlineData("es", 62)]
    [InlineData("es", 50)]
    [InlineData("en", 67)]
    public async Task Sing_Lyrics_EverySyllableIsOnItsNote(string language, int lowest)
    {
        var score = Song(language, lowest);
        var stem = await RenderVoiceAsync(score, new VoiceSettings(language));
        var frames = PitchTracker.Track(stem, CancellationToken.None);

        Assert.All(score.Lyrics, syllable =>
        {
            var from = score.SecondsAt(syllable.Tick);
            var length = score.SecondsAt(syllable.Tick + syllable.Duration) - from;
            var pitches = frames
                .Where((frame, i) => Time(i) > from + 0.3 * length && Time(i) < from + 0.75 * length && frame.Clarity > 0.7)
                .Select(frame => frame.Midi)
                .Order()
                .ToList();
            Assert.True(pitches.Count > 5, $"'{syllable.Text}' of '{syllable.Word}' is not to be heard");
            Assert.InRange((pitches[pitches.Count / 2] - syllable.Pitch) * 100, -15, 15);
        });
    }

    [Fact]
    public async Task Sing_WithTheVocoder_TheMelodyIsStillThere()
    {
        var score = Song("es", 62);
        var stem = await RenderVoiceAsync(score, new VoiceSettings("es", Vocoder: true));
        var frames = PitchTracker.Track(stem, CancellationToken.None);
        var right = score.Lyrics.Count(syllable =>
        {
            var from = score.SecondsAt(syllable.Tick);
            var pitches = frames.Where((frame, i) => Time(i) > from + 0.1 && Time(i) < from + 0.4 && double.IsFinite(frame.Midi))
                .Select(frame => frame.Midi).Order().ToList();
            return pitches.Count > 0 && Math.Abs(pitches[pitches.Count / 2] - syllable.Pitch) < 0.3;
        });
        Assert.InRange(right, score.Lyrics.Count * 3 / 4, score.Lyrics.Count);
    }

    [Fact]
    public async Task Sing_WithoutTheProgram_TheInstrumentPlaysTheMelody()
    {
        var score = Song("es", 62);
        var result = await new Renderer(studio.Tools with { EspeakNg = null }).RenderAsync(
            score, new RenderOptions(StudioQuality.Standard, studio.NewFolder(), PreviewSeconds: 0), null, CancellationToken.None);
        Assert.InRange(result.LoudnessLufs, -15, -13);
    }

    [Theory]
    [InlineData("k_,o_**_a_T_'o_n", 3, "k'o|**'a|T'on")]
    [InlineData("f_'aI3", 2, "f'aI3|'aI3")]
    [InlineData("b_j_'u:_t#_i_f_@L", 3, "bj'u:|t#'i|f'@L")]
    [InlineData("p_o_'e_t_a", 2, "p'o|'eta")]
    [InlineData("o_t_**_o", 2, "'o|t**'o")]
    [InlineData("s", 1, "s")]
    public void Divide_AWord_GivesEachSyllableItsSounds(string phonemes, int syllables, string expected)
    {
        var parts = Phonemes.Divide(phonemes.Split('_'), syllables);
        Assert.Equal(syllables, parts.Count);
        Assert.Equal(expected, string.Join("|", parts.Select(string.Concat<string>)));
    }

    [Fact]
    public async Task Sing_Lyrics_TheResultTellsWhenEachWordIsSung()
    {
        var result = await new Renderer(studio.Tools).RenderAsync(
            Song("en", 60), new RenderOptions(StudioQuality.Standard, studio.NewFolder(), PreviewSeconds: 0), null, CancellationToken.None);
        Assert.Equal(["beautiful", "morning", "light", "fire"], result.Words.Select(word => word.Word));
        Assert.Equal([0, 1.8, 3, 3.6], result.Words.Select(word => Math.Round(word.StartSeconds, 3)));
        Assert.Equal(4.8, result.Words[^1].EndSeconds, 0.01);
    }

    private static double Time(int frame) => frame * PitchTracker.Hop / (double)PitchTracker.SampleRate + PitchTracker.FrameCentre;

    private static Score Song(string language, int lowest)
    {
        var lyrics = new List<LyricSyllable>();
        foreach (var (word, parts) in language == "es" ? Spanish : English)
        {
            for (var i = 0; i < parts.Length; i++)
            {
                lyrics.Add(new LyricSyllable(
                    lyrics.Count * Score.TicksPerQuarter, Score.TicksPerQuarter, lowest + lyrics.Count * 2 % 7, parts[i],
                        i == parts.Length - 1, word));
            }
        }

        var voice = new Part(
            "Voice", PartRole.Voice, 53, 0, 0, 0, 0, [.. lyrics.Select(item => new Note(item.Tick, item.Duration, item.Pitch, 90))], []);
        return new Score("Song", new Key(0, false, "C major"), new TimeSignature(4, 4), [new TempoMark(0, 100)],
            [new Section("verse", 0, 2, 0.5)], [voice], lyrics);
    }

    private async Task<float[]> RenderVoiceAsync(Score score, VoiceSettings voice)
    {
        var options = new RenderOptions(StudioQuality.Standard, studio.NewFolder(), Stems: true, PreviewSeconds: 0) { Voice = voice };
        var result = await new Renderer(studio.Tools).RenderAsync(score, options, null, CancellationToken.None);
        return await new AudioReader(studio.Tools).ReadMonoAsync(result.Stems[0].Path, PitchTracker.SampleRate, 60, CancellationToken.None);
    }
}
