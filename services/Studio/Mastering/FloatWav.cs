using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Son1kVers3.Studio.Mastering;

/// <summary>Stereo PCM between two steps, on disk: a WAV file of 32 bit floats, 44.1 kHz.</summary>
internal sealed class FloatWav : IDisposable
{
    private const int HeaderBytes = 44;
    private const int FrameBytes = 2 * sizeof(float);
    private const int SampleRate = 44100;

    private readonly FileStream stream;
    private float[] work = new float[2 * 4096];

    private FloatWav(FileStream stream) => this.stream = stream;

    public long Frames => (stream.Length - HeaderBytes) / FrameBytes;

    public static FloatWav Create(string path)
    {
        var wav = new FloatWav(new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1 << 16));
        wav.WriteHeader();
        return wav;
    }

    public static FloatWav Open(string path) => new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16));

    public void Write(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var interleaved = Room(left.Length);
        for (var i = 0; i < left.Length; i++)
        {
            interleaved[2 * i] = left[i];
            interleaved[2 * i + 1] = right[i];
        }

        stream.Write(MemoryMarshal.AsBytes(interleaved));
    }

    /// <summary>Reads on; the number of frames, 0 at the end.</summary>
    public int Read(Span<float> left, Span<float> right)
    {
        var interleaved = Room(left.Length);
        var bytes = stream.ReadAtLeast(MemoryMarshal.AsBytes(interleaved), interleaved.Length * sizeof(float), throwOnEndOfStream: false);
        var frames = bytes / FrameBytes;
        for (var i = 0; i < frames; i++)
        {
            left[i] = interleaved[2 * i];
            right[i] = interleaved[2 * i + 1];
        }

        return frames;
    }

    /// <summary>To the first frame again; the next pass reads, or writes anew.</summary>
    public void Rewind() => stream.Position = HeaderBytes;

    public void Dispose()
    {
        if (stream.CanWrite)
        {
            stream.Position = 0;
            WriteHeader();
        }

        stream.Dispose();
    }

    private Span<float> Room(int frames)
    {
        if (work.Length < frames * 2)
        {
            work = new float[frames * 2];
        }

        return work.AsSpan(0, frames * 2);
    }

    private void WriteHeader()
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        var data = (uint)Math.Max(0, stream.Length - HeaderBytes);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], data + HeaderBytes - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], 3);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], 2);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], SampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], SampleRate * FrameBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], FrameBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[34..], 8 * sizeof(float));
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], data);
        stream.Write(header);
    }
}
