using System.Runtime.Versioning;
using Son1kVers3.Studio.Programs;
using Son1kVers3.Studio.Singing;

namespace Son1kVers3.Studio.Tests.Singing;

[Trait("Category", "Integration")]
[SupportedOSPlatform("linux")]
public sealed class EspeakTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("son1k-espeak-").FullName;

    public static TheoryData<string> Monsters =>
        [new('x', 5000),
            .. new[] { ("la", 2500), ("aeiou", 1000), ("é", 2500), ("ñ", 3000), ("strength", 600), ("爱", 2000), ("'", 4000), ("é'", 900) }
        .Select(word => string.Concat(Enumerable.Repeat(word.Item1, word.Item2)))];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Monsters))]
    public async Task Speak_WordsOfThousandsOfLetters_Speaks(string word)
    {
        var espeak = new Espeak(StudioTools.Find().Tools!.EspeakNg!, "es-419");
        var phonemes = (await espeak.PhonemesAsync(["hola", word, "luna"], CancellationToken.None))[1];
        var syllables = Phonemes.Divide(phonemes, 3);

        Assert.All(syllables, syllable => Assert.InRange(syllable.Count, 0, Espeak.MostPhonemes));
        Assert.NotEmpty(await espeak.SpeakAsync(syllables[0], high: true, CancellationToken.None));
    }

    [Fact]
    public async Task Phonemes_OfManyWords_StayWithTheirWords()
    {
        var espeak = new Espeak(StudioTools.Find().Tools!.EspeakNg!, "es-419");
        string[] words = [.. Enumerable.Range(0, 130)
            .Select(i => i % 3 == 0 ? "sol" : i % 3 == 1 ? "luna" : "desoxirribonucleicodesoxirribonucleico")];
        var spelled = await espeak.PhonemesAsync(words, CancellationToken.None);

        Assert.Equal(words.Length, spelled.Count);
        Assert.Single(spelled.Where((_, i) => i % 3 == 0).Select(string.Concat<string>).Distinct(), "s'ol");
        Assert.All(spelled.Where((_, i) => i % 3 == 2), phonemes => Assert.InRange(phonemes.Count, 30, 45));
    }

    [Fact]
    public async Task Phonemes_WhereItCrashesOnManyWords_AsksForFewer()
    {
        // A program that can spell three words at once.
        var espeak = new Espeak(Program("words=$(grep -c '[a-z]'); [ $words -le 3 ] ||"
            + " kill -SEGV $$; i=0; while [ $i -lt $words ]; do echo t_a; i=$((i+1)); done"), "en-us");
        var spelled = await espeak.PhonemesAsync([.. Enumerable.Repeat("word", 10)], CancellationToken.None);

        Assert.Equal(10, spelled.Count);
        Assert.All(spelled, phonemes => Assert.Equal(["t", "a"], phonemes));
    }

    [Fact]
    public async Task Phonemes_WhereItAlwaysCrashes_FailsClearly()
    {
        var espeak = new Espeak(Program("kill -SEGV $$"), "en-us");
        var error = await Assert.ThrowsAsync<ToolException>(() => espeak.PhonemesAsync(["never", "sung"], CancellationToken.None));
        Assert.Equal(ToolFailure.Crashed, error.Failure);
    }

    [Fact]
    public async Task Speak_WhereItCrashesOnLongSyllables_SpeaksASmallerPart()
    {
        var espeak = new Espeak(Program("for last; do :; done; [ ${#last} -le 8 ] || kill -SEGV $$; head -c 100 /dev/zero"), "en-us");
        Assert.Equal(28, (await espeak.SpeakAsync(["s", "t", "r", "'E", "N", "k", "T", "s"], high: false, CancellationToken.None)).Length);
    }

    private string Program(string script)
    {
        var path = Path.Combine(folder, "espeak");
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        foreach (var file in new[] { folder, path })
        {
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            File.SetUnixFileMode(file, Owner | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        return path;
    }
}
