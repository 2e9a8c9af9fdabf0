using System.Buffers.Binary;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Singing;

/// <summary>espeak-ng as a program: words to phonemes, phonemes to speech.</summary>
internal sealed class Espeak(string program, string language)
{
    public const int SampleRate = 22050;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Phonemes of each word.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> PhonemesAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        // A sentence of its own for each word: neighbours would change its sounds.
        var lines = await SpellAsync(string.Concat(words.Select(word => Clean(word) + ".\n\n")), ct);
        if (lines.Count != words.Count)
        {
            lines = [];
            foreach (var word in words)
            {
                lines.Add(string.Join('_', await SpellAsync(Clean(word) + ".\n", ct)));
            }
        }

        return [.. lines.Select(line => (IReadOnlyList<string>)line.Split(['_', ' '], StringSplitOptions.RemoveEmptyEntries))];
    }

    /// <summary>Speaks a syllable; mono, <see cref="SampleRate"/>.</summary>
    /// <param name="high">A woman's voice instead of a man's.</param>
    public async Task<float[]> SpeakAsync(string phonemes, bool high, CancellationToken ct)
    {
        using var wav = new MemoryStream();
        string[] arguments = ["-v", $"{language}+{(high ? "f2" : "m3")}", "-s", "120", "-a", "80", "--stdout", $"[[{phonemes}]]"];
        await ChildProcess.RunAsync(program, arguments, Timeout, null, (stream, token) => stream.CopyToAsync(wav, token), ct);
        return Samples(wav.ToArray());
    }

    private async Task<List<string>> SpellAsync(string text, CancellationToken ct)
    {
        using var spelled = new MemoryStream();
        await ChildProcess.RunAsync(
            program,
            ["-v", language, "-q", "-x", "--sep=_", "--stdin"],
            Timeout,
            async (stream, token) => await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), token),
            (stream, token) => stream.CopyToAsync(spelled, token),
            ct);
        return [.. System.Text.Encoding.UTF8.GetString(spelled.ToArray()).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    }

    // Letters only: brackets would be read as phonemes, figures as several words.
    private static string Clean(string word)
    {
        var letters = string.Concat(word.Where(c => char.IsLetter(c) || c is '\''));
        return letters.Length == 0 ? "a" : letters.ToLowerInvariant();
    }

    // Its WAV header is 44 bytes with unknown lengths, as the output is a pipe.
    private static float[] Samples(byte[] wav)
    {
        const int header = 44;
        var samples = new float[Math.Max(0, (wav.Length - header) / 2)];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(header + i * 2)) / 32768f;
        }

        return samples;
    }
}
