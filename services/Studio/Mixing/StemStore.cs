using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Son1kVers3.Studio.Performing;

namespace Son1kVers3.Studio.Mixing;

/// <summary>The dry parts of a song between synthesis and mix, on disk: a part's level is known only once all of it was heard.</summary>
/// <remarks>
/// Blocks of <see cref="Performance.BlockFrames"/> frames. A silent block of a part takes no room, and a part that rests costs nothing to
/// mix.
/// </remarks>
internal sealed class StemStore : IDisposable
{
    private const int BlockFrames = Performance.BlockFrames;

    private const float Silence = 1e-7f;

    private readonly SafeFileHandle file;
    private readonly List<long[]> blocks = [];
    private readonly int stems;
    private long length;

    public StemStore(string path, int stems)
    {
        this.stems = stems;
        file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, FileOptions.DeleteOnClose);
    }

    /// <summary>Appends a block. <paramref name="buffers"/>: left and right of each stem.</summary>
    public void Append(float[][] buffers)
    {
        var offsets = new long[stems];
        for (var stem = 0; stem < stems; stem++)
        {
            var left = buffers[stem * 2].AsSpan(0, BlockFrames);
            var right = buffers[stem * 2 + 1].AsSpan(0, BlockFrames);
            offsets[stem] = IsSilent(left) && IsSilent(right) ? -1 : Write(left, right);
        }

        lock (blocks)
        {
            blocks.Add(offsets);
        }
    }

    /// <summary>Reads a stem's block; false, and nothing written, when it is silent.</summary>
    public bool Read(int block, int stem, Span<float> left, Span<float> right)
    {
        long offset;
        lock (blocks)
        {
            offset = blocks[block][stem];
        }

        if (offset < 0)
        {
            return false;
        }

        ReadExactly(left[..BlockFrames], offset);
        ReadExactly(right[..BlockFrames], offset + BlockFrames * sizeof(float));
        return true;
    }

    public void Dispose() => file.Dispose();

    private static bool IsSilent(ReadOnlySpan<float> samples) => !samples.ContainsAnyExceptInRange(-Silence, Silence);

    private long Write(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var start = length;
        RandomAccess.Write(file, MemoryMarshal.AsBytes(left), start);
        RandomAccess.Write(file, MemoryMarshal.AsBytes(right), start + BlockFrames * sizeof(float));
        length += 2L * BlockFrames * sizeof(float);
        return start;
    }

    private void ReadExactly(Span<float> target, long offset)
    {
        var bytes = MemoryMarshal.AsBytes(target);
        while (bytes.Length > 0)
        {
            var count = RandomAccess.Read(file, bytes, offset);
            if (count == 0)
            {
                throw new EndOfStreamException("A stem ends early.");
            }

            bytes = bytes[count..];
            offset += count;
        }
    }
}
