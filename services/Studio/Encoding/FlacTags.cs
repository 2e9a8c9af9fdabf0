using System.Buffers.Binary;

namespace Son1kVers3.Studio.Encoding;

/// <summary>Adds a Vorbis comment to a FLAC file in place, out of the padding behind the comments (RFC 9639, section 8).</summary>
/// <remarks>ffmpeg keeps the field ENCODER of a FLAC file for itself.</remarks>
internal static class FlacTags
{
    private const int CommentBlock = 4;
    private const int PaddingBlock = 1;
    private const int HeaderBytes = 4;

    /// <exception cref="InvalidDataException">No FLAC file, or no room behind its comments.</exception>
    public static void Add(string path, string name, string value)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        Span<byte> header = stackalloc byte[HeaderBytes];
        file.Position = 4;
        while (true)
        {
            var (type, length, last) = ReadHeader(file, header);
            if (type == CommentBlock && !last)
            {
                Extend(file, file.Position - HeaderBytes, length, System.Text.Encoding.UTF8.GetBytes($"{name}={value}"));
                return;
            }

            if (last)
            {
                throw new InvalidDataException("The FLAC file has no comments with room behind them.");
            }

            file.Position += length;
        }
    }

    private static (int Type, int Length, bool Last) ReadHeader(FileStream file, Span<byte> header)
    {
        file.ReadExactly(header);
        return (header[0] & 0x7F, header[1] << 16 | header[2] << 8 | header[3], (header[0] & 0x80) != 0);
    }

    private static void Extend(FileStream file, long start, int length, byte[] comment)
    {
        var comments = new byte[length];
        file.ReadExactly(comments);
        var header = new byte[HeaderBytes];
        var (type, padding, last) = ReadHeader(file, header);
        var added = comment.Length + sizeof(uint);
        if (type != PaddingBlock || padding < added)
        {
            throw new InvalidDataException("The FLAC file has no padding behind its comments.");
        }

        var vendorEnd = sizeof(uint) + (int)BinaryPrimitives.ReadUInt32LittleEndian(comments);
        var count = comments.AsSpan(vendorEnd, sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(count, BinaryPrimitives.ReadUInt32LittleEndian(count) + 1);
        var entry = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)comment.Length);

        file.Position = start;
        file.Write(Header(CommentBlock, length + added, last: false));
        file.Write(comments);
        file.Write(entry);
        file.Write(comment);
        file.Write(Header(PaddingBlock, padding - added, last));
    }

    private static byte[] Header(int type, int length, bool last) =>
        [(byte)(type | (last ? 0x80 : 0)), (byte)(length >> 16), (byte)(length >> 8), (byte)length];
}
