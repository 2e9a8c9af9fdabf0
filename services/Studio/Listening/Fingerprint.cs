using System.Buffers.Binary;
using System.Numerics;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Listening;

/// <summary>
/// An acoustic fingerprint (Chromaprint): 32 bits for each eighth of a second, alike for recordings that sound alike, whatever their
/// format.
/// </summary>
public sealed class Fingerprint(IReadOnlyList<uint> words)
{
    /// <summary>Similarity from which two recordings are the same music: copies reach 0.95, different pieces stay under 0.6.</summary>
    public const double SameMusic = 0.85;

    /// <summary>Recordings may start up to this many words (10 s) apart.</summary>
    private const int LargestShift = 80;

    private const int FewestCommonWords = 16;

    public IReadOnlyList<uint> Words { get; } = words;

    /// <summary>For storing; <see cref="FromBytes"/> reads it.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Words.Count * sizeof(uint)];
        for (var i = 0; i < Words.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), Words[i]);
        }

        return bytes;
    }

    public static Fingerprint FromBytes(ReadOnlySpan<byte> bytes)
    {
        var words = new uint[bytes.Length / sizeof(uint)];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * sizeof(uint))..]);
        }

        return new Fingerprint(words);
    }

    /// <summary>Share of equal bits at the best alignment: 0.5 is chance, 1 identical; 0 when one is too short to say.</summary>
    public double SimilarityTo(Fingerprint other)
    {
        var best = 0.0;
        for (var shift = -LargestShift; shift <= LargestShift; shift++)
        {
            best = Math.Max(best, EqualBits(other, shift));
        }

        return best;
    }

    private double EqualBits(Fingerprint other, int shift)
    {
        var from = Math.Max(0, shift);
        var count = Math.Min(Words.Count - from, other.Words.Count - Math.Max(0, -shift));
        // A short overlap agrees by chance: half of the shorter one has to take part.
        if (count < Math.Max(FewestCommonWords, Math.Min(Words.Count, other.Words.Count) / 2))
        {
            return 0;
        }

        var different = 0;
        for (var i = 0; i < count; i++)
        {
            different += BitOperations.PopCount(Words[from + i] ^ other.Words[Math.Max(0, -shift) + i]);
        }

        return 1 - different / (32.0 * count);
    }
}

/// <summary>Takes fingerprints.</summary>
public sealed class Fingerprinter(StudioTools tools)
{
    private readonly Ffmpeg ffmpeg = new(tools.Ffmpeg);

    /// <summary>Of the first five minutes of a file.</summary>
    /// <exception cref="ToolException">The file can't be decoded.</exception>
    public async Task<Fingerprint> TakeAsync(string path, CancellationToken ct)
    {
        using var raw = new MemoryStream();
        var call = new FfmpegCall(
        [
            .. Ffmpeg.SafeInput, "-t", "300", "-i", ProgramCall.Input, "-map", "0:a:0", "-ac", "1", "-ar", "11025", "-f", "chromaprint",
                "-fp_format", "raw", "pipe:1",
        ])
        { Reads = path, StandardOutput = (stream, token) => stream.CopyToAsync(raw, token) };
        await ffmpeg.RunAsync(call, ct);
        return Fingerprint.FromBytes(raw.ToArray());
    }
}
