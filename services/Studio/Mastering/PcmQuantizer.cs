namespace Son1kVers3.Studio.Mastering;

/// <summary>Floats to little-endian integers of 16 or 24 bits, with triangular dither at 16 that is the same in every run.</summary>
internal sealed class PcmQuantizer(int bits)
{
    private uint state = 0x9E3779B9;

    public int BytesPerFrame => bits / 8 * 2;

    public void Quantize(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<byte> target)
    {
        var position = 0;
        for (var i = 0; i < left.Length; i++)
        {
            position = Put(left[i], target, position);
            position = Put(right[i], target, position);
        }
    }

    private int Put(float sample, Span<byte> target, int position)
    {
        var scale = 1 << (bits - 1);
        // Digital silence stays silence: dither alone would hiss through the pause before a file ends.
        var dither = bits > 16 || sample == 0 ? 0 : Next() - Next();
        var value = (int)Math.Clamp(Math.Round((double)sample * scale + dither), -scale, scale - 1);
        target[position++] = (byte)value;
        target[position++] = (byte)(value >> 8);
        if (bits == 24)
        {
            target[position++] = (byte)(value >> 16);
        }

        return position;
    }

    // xorshift32: fast, and a fixed seed makes the same noise on every machine.
    private double Next()
    {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return state / 4294967296.0;
    }
}
