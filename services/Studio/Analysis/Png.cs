using System.Buffers.Binary;
using System.IO.Compression;

namespace Son1kVers3.Studio.Analysis;

/// <summary>Writes 8 bit RGB images as PNG (ISO/IEC 15948).</summary>
internal static class Png
{
    private const int PaethFilter = 4;
    private static readonly uint[] CrcTable = CreateCrcTable();

    /// <param name="pixels">Three bytes each, row by row from the top.</param>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> pixels)
    {
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "sRGB"u8, [0]);
        Chunk(png, "IDAT"u8, Compress(width * 3, height, pixels));
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static byte[] Compress(int stride, int height, ReadOnlySpan<byte> pixels)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal))
        {
            var line = new byte[stride + 1];
            line[0] = PaethFilter;
            for (var y = 0; y < height; y++)
            {
                var row = pixels.Slice(y * stride, stride);
                var above = y == 0 ? [] : pixels.Slice((y - 1) * stride, stride);
                for (var x = 0; x < stride; x++)
                {
                    var (left, up, corner) = (x < 3 ? 0 : row[x - 3], y == 0 ? 0 : above[x], x < 3 || y == 0 ? 0 : above[x - 3]);
                    line[x + 1] = (byte)(row[x] - Paeth(left, up, corner));
                }

                zlib.Write(line);
            }
        }

        return compressed.ToArray();
    }

    private static int Paeth(int left, int up, int corner)
    {
        var guess = left + up - corner;
        var (a, b, c) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        png.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint[] CreateCrcTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
