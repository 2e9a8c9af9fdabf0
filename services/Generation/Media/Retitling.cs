using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;

namespace Son1kVers3.Generation.Media;

/// <summary>Another title for a standard MIDI file: the name of its first track.</summary>
internal static class MidiTitle
{
    private const int HeaderEnd = 14;
    private const int ChunkHeader = 8;
    private const byte Meta = 0xFF;
    private const byte TrackName = 0x03;

    /// <summary>A copy with the title. A file whose first track has no name before its first note stays as it is.</summary>
    public static byte[] Replace(byte[] midi, string title)
    {
        var position = HeaderEnd + ChunkHeader;
        while (position < midi.Length)
        {
            _ = ReadLength(midi, ref position);
            if (position + 1 >= midi.Length || midi[position] != Meta)
                return midi;
            var kind = midi[position + 1];
            position += 2;
            var begin = position;
            var length = ReadLength(midi, ref position);
            if (kind == TrackName)
                return Splice(midi, begin, position + length, title);
            position += length;
        }

        return midi;
    }

    private static byte[] Splice(byte[] midi, int begin, int end, string title)
    {
        var text = Encoding.UTF8.GetBytes(title);
        byte[] changed = [.. midi.AsSpan(0, begin), .. LengthOf(text.Length), .. text, .. midi.AsSpan(end)];
        var size = changed.AsSpan(HeaderEnd + 4, 4);
        BinaryPrimitives.WriteInt32BigEndian(size, BinaryPrimitives.ReadInt32BigEndian(size) + changed.Length - midi.Length);
        return changed;
    }

    /// <summary>A variable-length quantity: seven bits a byte, the highest first.</summary>
    private static int ReadLength(byte[] midi, ref int position)
    {
        var value = 0;
        while (position < midi.Length)
        {
            var next = midi[position++];
            value = (value << 7) | (next & 0x7F);
            if (next < 0x80)
                break;
        }

        return value;
    }

    private static IEnumerable<byte> LengthOf(int value) =>
        value < 0x80 ? [(byte)value] : [.. LengthOf(value >> 7).Select(b => (byte)(b | 0x80)), (byte)(value & 0x7F)];
}

/// <summary>Another title for a MusicXML score.</summary>
internal static class ScoreTitle
{
    public static byte[] Replace(byte[] score, string title)
    {
        using var source = new MemoryStream(score);
        var document = XDocument.Load(source, LoadOptions.PreserveWhitespace);
        var root = document.Root!;
        foreach (var name in (string[])["work-title", "movement-title"])
            root.Descendants(name).FirstOrDefault()?.SetValue(title);
        using var target = new MemoryStream();
        document.Save(target, SaveOptions.DisableFormatting);
        return target.ToArray();
    }
}
