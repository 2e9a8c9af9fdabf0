using System.Buffers.Binary;
using Son1kVers3.Studio.Lyrics;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Singing;

/// <summary>espeak-ng as a program: words to phonemes, phonemes to speech.</summary>
/// <remarks>
/// From about 200 phonemes a call on it crashes, and long words come back cut: it gets few words at once, long ones in pieces. Where it
/// still crashes, the same is asked in halves, down to what can't be divided.
/// </remarks>
internal sealed class Espeak(string program, string language)
{
    public const int SampleRate = 22050;

    /// <summary>Phonemes of one syllable that are spoken; nobody sings more.</summary>
    public const int MostPhonemes = 14;

    private const int WordsACall = 40;
    private const int LongestPiece = 24;

    /// <summary>Of one word: no phrase has room for more.</summary>
    private const int MostPieces = 10;

    /// <summary>Phonemes of each word.</summary>
    /// <exception cref="ToolException">It fails even for the smallest piece.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> PhonemesAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        var pieces = words.Select(Pieces).ToList();
        var spelled = new List<IReadOnlyList<string>>();
        foreach (var batch in pieces.SelectMany(piece => piece).Chunk(WordsACall))
        {
            spelled.AddRange(await SpellAsync(batch, ct));
        }

        var next = 0;
        return [.. pieces.Select(piece => (IReadOnlyList<string>)[.. Enumerable.Range(0, piece.Count).SelectMany(_ => spelled[next++])])];
    }

    /// <summary>Speaks a syllable; mono, <see cref="SampleRate"/>.</summary>
    /// <param name="phonemes">At most <see cref="MostPhonemes"/> are spoken.</param>
    /// <param name="high">A woman's voice instead of a man's.</param>
    /// <exception cref="ToolException">It fails even for a single phoneme.</exception>
    public async Task<float[]> SpeakAsync(IReadOnlyList<string> phonemes, bool high, CancellationToken ct)
    {
        using var wav = new MemoryStream();
        string[] arguments = ["-v", $"{language}+{(high ? "f2" : "m3")}", "-s", "120", "-a", "80", "--stdout",
            $"[[{string.Concat(phonemes.Take(MostPhonemes))}]]"];
        try
        {
            await ProgramRunner.RunAsync(
                new ProgramCall(program, arguments, ProgramLimits.Speech)
                {
                    StandardOutput = (stream, token) =>
                    stream.CopyToAsync(wav, token)
                }, ct);
        }
        catch (ToolException error) when (error.Failure == ToolFailure.Crashed && phonemes.Count > 1)
        {
            return await SpeakAsync([.. phonemes.Take(Math.Min(phonemes.Count, MostPhonemes) / 2)], high, ct);
        }

        return Samples(wav.ToArray());
    }

    private async Task<IReadOnlyList<IReadOnlyList<string>>> SpellAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        ToolException? failure = null;
        try
        {
            var lines = await LinesAsync(words, ct);
            if (lines.Count == words.Count || words.Count == 1)
            {
                // One word that it says in several clauses is one word still.
                return words.Count == 1 ? [Split(string.Join('_', lines))] : [.. lines.Select(Split)];
            }
        }
        catch (ToolException error) when (error.Failure == ToolFailure.Crashed)
        {
            failure = error;
        }

        if (words.Count > 1)
        {
            var half = words.Count / 2;
            return [.. await SpellAsync([.. words.Take(half)], ct), .. await SpellAsync([.. words.Skip(half)], ct)];
        }

        if (words[0].Length > 1)
        {
            var half = words[0].Length / 2;
            var parts = await SpellAsync([words[0][..half], words[0][half..]], ct);
            return [[.. parts.SelectMany(part => part)]];
        }

        throw failure!;
    }

    private async Task<List<string>> LinesAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        // A sentence of its own for each word: neighbours would change its sounds.
        var text = System.Text.Encoding.UTF8.GetBytes(string.Concat(words.Select(word => word + ".\n\n")));
        using var spelled = new MemoryStream();
        var call = new ProgramCall(program, ["-v", language, "-q", "-x", "--sep=_", "--stdin"], ProgramLimits.Speech)
        {
            StandardInput = async (stream, token) => await stream.WriteAsync(text, token),
            StandardOutput = (stream, token) => stream.CopyToAsync(spelled, token),
        };
        await ProgramRunner.RunAsync(call, ct);
        return [.. System.Text.Encoding.UTF8.GetString(spelled.ToArray()).Split('\n',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    }

    private static string[] Split(string line) => line.Split(['_', ' '], StringSplitOptions.RemoveEmptyEntries);

    // Between syllables where that is possible.
    private IReadOnlyList<string> Pieces(string word)
    {
        var letters = Clean(word);
        if (letters.Length <= LongestPiece)
        {
            return [letters];
        }

        var pieces = new List<string> { "" };
        foreach (var part in Syllables.Of(letters, language.StartsWith("es", StringComparison.Ordinal) ? "es" : "en")
            .SelectMany(syllable => syllable.Chunk(LongestPiece)))
        {
            if (pieces[^1].Length + part.Length > LongestPiece)
            {
                pieces.Add("");
            }

            pieces[^1] += new string(part);
        }

        return [.. pieces.Where(piece => piece.Length > 0).Take(MostPieces)];
    }

    // Letters only: brackets would be read as phonemes, figures as several words.
    private static string Clean(string word)
    {
        var letters = string.Concat(word.Where(c => char.IsLetter(c) || c is '\''));
        return letters.Any(char.IsLetter) ? letters.ToLowerInvariant() : "a";
    }

    // Its WAV header is 44 bytes with unknown lengths, as the output is a pipe.
    private static float[] Samples(byte[] wav)
    {
        const int header = 44;
        var samples = new float[Math.Max(0, (wav.Length - header) / 2)];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(header + (i * 2))) / 32768f;
        }

        return samples;
    }
}
