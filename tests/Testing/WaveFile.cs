namespace Son1kVers3.Testing;

/// <summary>WAV files, 16 bit and mono.</summary>
public static class WaveFile
{
    /// <summary>The file of these samples.</summary>
    public static byte[] Of(int rate, IReadOnlyCollection<short> samples)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + (samples.Count * 2));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(rate * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(samples.Count * 2);
        foreach (var sample in samples)
            writer.Write(sample);
        return stream.ToArray();
    }
}
